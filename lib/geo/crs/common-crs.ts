// The CRSs that most scenes come in, for proj4, which loads in a few milliseconds: a fixture of PROJ's holds each.

/** A datum that is not WGS 84 itself, as PROJ shifts it. */
interface Shift {
  readonly name: string
  /** Metres, by EPSG. */
  readonly accuracy: number
}

export interface CommonCrs {
  readonly code: string
  readonly name: string
  readonly kind: 'geographic' | 'projected'
  readonly proj4: string
  /** EPSG code of its geographic CRS. */
  readonly base: number
  readonly shift: Shift | null
}

interface Datum {
  readonly name: string
  readonly base: number
  readonly proj4: string
  readonly shift: Shift | null
}

const wgs84: Datum = { name: 'WGS 84', base: 4326, proj4: '+datum=WGS84', shift: null }
const etrs89: Datum = {
  name: 'ETRS89',
  base: 4258,
  proj4: '+ellps=GRS80 +towgs84=0,0,0',
  shift: { name: 'ETRS89 to WGS 84 (1)', accuracy: 1 },
}
const nad83: Datum = {
  name: 'NAD83',
  base: 4269,
  proj4: '+ellps=GRS80 +towgs84=0,0,0',
  shift: { name: 'NAD83 to WGS 84 (1)', accuracy: 4 },
}
const sirgas2000: Datum = {
  name: 'SIRGAS 2000',
  base: 4674,
  proj4: '+ellps=GRS80 +towgs84=0,0,0',
  shift: { name: 'SIRGAS 2000 to WGS 84 (1)', accuracy: 1 },
}

/** UTM series of EPSG: codes of the first and last zone. */
const series: readonly (readonly [
  first: number,
  last: number,
  zone: number,
  south: boolean,
  datum: Datum,
])[] = [
  [32601, 32660, 1, false, wgs84],
  [32701, 32760, 1, true, wgs84],
  [25828, 25837, 28, false, etrs89],
  // Not zones 4 and 5: over Hawaii NAD83 is shifted.
  [26901, 26903, 1, false, nad83],
  [26906, 26923, 6, false, nad83],
  [31965, 31976, 11, false, sirgas2000],
  [31978, 31985, 18, true, sirgas2000],
]

const PLAIN = '+units=m +no_defs +type=crs'
const polar = (lat: number, parallel: number, lon: number) =>
  `+proj=stere +lat_0=${lat} +lat_ts=${parallel} +lon_0=${lon}`
const ups = (lat: number) => `+proj=stere +lat_0=${lat} +k=0.994 +lon_0=0 +x_0=2000000 +y_0=2000000`

const single: Readonly<Record<number, readonly [name: string, proj4: string, datum: Datum]>> = {
  3031: ['WGS 84 / Antarctic Polar Stereographic', polar(-90, -71, 0), wgs84],
  3413: ['WGS 84 / NSIDC Sea Ice Polar Stereographic North', polar(90, 70, -45), wgs84],
  3976: ['WGS 84 / NSIDC Sea Ice Polar Stereographic South', polar(-90, -70, 0), wgs84],
  3995: ['WGS 84 / Arctic Polar Stereographic', polar(90, 71, 0), wgs84],
  5041: ['WGS 84 / UPS North (E,N)', ups(90), wgs84],
  5042: ['WGS 84 / UPS South (E,N)', ups(-90), wgs84],
  5070: [
    'NAD83 / Conus Albers',
    '+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0',
    nad83,
  ],
  6931: [
    'WGS 84 / NSIDC EASE-Grid 2.0 North',
    '+proj=laea +lat_0=90 +lon_0=0 +x_0=0 +y_0=0',
    wgs84,
  ],
  6933: [
    'WGS 84 / NSIDC EASE-Grid 2.0 Global',
    '+proj=cea +lat_ts=30 +lon_0=0 +x_0=0 +y_0=0',
    wgs84,
  ],
}

const WEB_MERCATOR =
  '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs'

/** @returns null for a code that is PROJ's to know */
export function commonProjected(epsg: number): CommonCrs | null {
  if (epsg === 3857) {
    return projected(epsg, 'WGS 84 / Pseudo-Mercator', WEB_MERCATOR, wgs84)
  }
  const one = single[epsg]
  if (one !== undefined) {
    const [name, definition, datum] = one
    return projected(epsg, name, `${definition} ${datum.proj4} ${PLAIN}`, datum)
  }
  for (const [first, last, firstZone, south, datum] of series) {
    if (epsg < first || epsg > last) continue
    const zone = epsg - first + firstZone
    const definition = `+proj=utm +zone=${zone}${south ? ' +south' : ''} ${datum.proj4} ${PLAIN}`
    const name = `${datum.name} / UTM zone ${zone}${south ? 'S' : 'N'}`
    return projected(epsg, name, definition, datum)
  }
  return null
}

function projected(epsg: number, name: string, proj4: string, { base, shift }: Datum): CommonCrs {
  return { code: `EPSG:${epsg}`, name, kind: 'projected', proj4, base, shift }
}

/** @returns null for a code that is PROJ's to know */
export function commonGeographic(epsg: number): CommonCrs | null {
  const datum = [wgs84, etrs89, nad83, sirgas2000].find(({ base }) => base === epsg)
  if (datum === undefined) return null
  const { name, proj4, shift } = datum
  const definition = `+proj=longlat ${proj4} +no_defs +type=crs`
  return {
    code: `EPSG:${epsg}`,
    name,
    kind: 'geographic',
    proj4: definition,
    base: epsg,
    shift,
  }
}
