// What GDAL and QGIS show of bands beside their pixels: the XML of the GDAL_METADATA tag.

export interface BandStatistics {
  readonly minimum: number
  readonly maximum: number
  readonly mean: number
  readonly stddev: number
  /** Of all pixels of the file. */
  readonly validPercent: number
}

export interface DescribedBand {
  readonly description: string
  /** null where no pixel of it has a value. */
  readonly statistics: BandStatistics | null
}

/** @param bands in the order of the file. @param unit of all of them */
export function bandsMetadata(bands: readonly DescribedBand[], unit = '1'): string {
  const items = bands.flatMap(({ description, statistics }, sample) => [
    item(sample, 'DESCRIPTION', description, ' role="description"'),
    item(sample, 'UNITTYPE', unit, ' role="unittype"'),
    ...(statistics === null ? [] : statisticsItems(sample, statistics)),
  ])
  return `<GDALMetadata>\n${items.join('')}</GDALMetadata>\n`
}

function statisticsItems(sample: number, statistics: BandStatistics): string[] {
  const { maximum, mean, minimum, stddev, validPercent } = statistics
  return [
    item(sample, 'STATISTICS_MAXIMUM', String(maximum)),
    item(sample, 'STATISTICS_MEAN', String(mean)),
    item(sample, 'STATISTICS_MINIMUM', String(minimum)),
    item(sample, 'STATISTICS_STDDEV', String(stddev)),
    item(sample, 'STATISTICS_VALID_PERCENT', String(Number(validPercent.toPrecision(6)))),
  ]
}

function item(sample: number, name: string, value: string, role = ''): string {
  return `  <Item name="${name}" sample="${sample}"${role}>${value}</Item>\n`
}
