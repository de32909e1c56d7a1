// What GDAL and QGIS show of a band beside its pixels: the XML of the GDAL_METADATA tag.

export interface BandStatistics {
  readonly minimum: number
  readonly maximum: number
  readonly mean: number
  readonly stddev: number
  /** Of all pixels of the file. */
  readonly validPercent: number
}

/** @param statistics of the band; null where no pixel of it has a value */
export function ndviMetadata(statistics: BandStatistics | null): string {
  const items = [
    item('DESCRIPTION', 'NDVI', ' role="description"'),
    item('UNITTYPE', '1', ' role="unittype"'),
    ...(statistics === null ? [] : statisticsItems(statistics)),
  ]
  return `<GDALMetadata>\n${items.join('')}</GDALMetadata>\n`
}

function statisticsItems(statistics: BandStatistics): string[] {
  const { maximum, mean, minimum, stddev, validPercent } = statistics
  return [
    item('STATISTICS_MAXIMUM', String(maximum)),
    item('STATISTICS_MEAN', String(mean)),
    item('STATISTICS_MINIMUM', String(minimum)),
    item('STATISTICS_STDDEV', String(stddev)),
    item('STATISTICS_VALID_PERCENT', String(Number(validPercent.toPrecision(6)))),
  ]
}

function item(name: string, value: string, role = ''): string {
  return `  <Item name="${name}" sample="0"${role}>${value}</Item>\n`
}
