// What the axes of a map are called, by its coordinate system.

/** Names of the x and y axis of a map in `crs` (`EPSG:<code>`, or null where none is known). */
export function axisTitles(crs: string | null): readonly [x: string, y: string] {
  if (crs === null) return ['x (map units)', 'y (map units)']
  const code = /^EPSG:(\d+)$/.exec(crs)?.[1]
  const epsg = code === undefined ? Number.NaN : Number(code)
  if (degreeCodes.has(epsg)) return [`Longitude (°), ${crs}`, 'Latitude (°)']
  if (isMetric(epsg)) return [`Easting (m), ${crs}`, 'Northing (m)']
  return [`x (map units), ${crs}`, 'y (map units)']
}

/** Geographic systems that scenes are delivered in (EPSG registry): WGS 84, ETRS89, NAD83, SIRGAS, CGCS2000, GDA. */
const degreeCodes = new Set([4326, 4258, 4267, 4269, 4283, 4490, 4617, 4674, 6318, 7844])

/** UTM series of the EPSG registry, first and last code: WGS 84 north and south, NAD83, ETRS89, SIRGAS 2000. */
const utmSeries = [
  [32601, 32660],
  [32701, 32760],
  [26901, 26923],
  [25828, 25838],
  [31965, 31985],
] as const

/**
 * Other metric systems of the EPSG registry that imagery comes in: Web Mercator, polar, national and equal-area
 * grids.
 */
const metricCodes = new Set([
  2154, 3005, 3031, 3035, 3338, 3347, 3413, 3577, 3857, 3976, 3978, 3979, 3995, 5070, 5514, 6350,
  6931, 6932, 6933, 27700, 28992,
])

/** An unknown unit is left out: state plane systems are in feet, and a wrong unit is worse than none. */
function isMetric(epsg: number): boolean {
  return metricCodes.has(epsg) || utmSeries.some(([first, last]) => epsg >= first && epsg <= last)
}
