// The meridian at which a map is cut open: what lies beyond it lies at the other edge of the map.

type Span = readonly [west: number, east: number]

/** Degrees between the places at which a seam is looked for. */
const STEP = 1
/** An edge that is as much longer than its like goes across the map. */
const LEAP = 30
/** Degrees, a tenth of a millimetre: on the seam itself a place may be at either edge. */
const BESIDE = 1e-9

/**
 * The longitudes around a scene, as far as the map goes on from it: a ring over the seam of a sinusoidal map would go
 * across all of it, and enclose what lies between its edges.
 *
 * @param scene its longitudes; a seam within it stays
 * @param reach degrees to both sides of it
 * @param xOf where a longitude lies on the map, at a latitude of the scene
 */
export function withoutSeam([west, east]: Span, reach: number, xOf: (lon: number) => number): Span {
  const toWest = seamOf(west, west - reach, xOf)
  const toEast = seamOf(east, east + reach, xOf)
  return [
    toWest === null ? west - reach : toWest + BESIDE,
    toEast === null ? east + reach : toEast - BESIDE,
  ]
}

/** The first seam on the way from one longitude to another; null where there is none. */
function seamOf(from: number, to: number, xOf: (lon: number) => number): number | null {
  const count = Math.ceil(Math.abs(to - from) / STEP)
  const lons = Array.from({ length: count + 1 }, (_, at) => from + ((to - from) * at) / count)
  const edges = lons.slice(1).map((lon, at) => Math.abs(xOf(lon) - xOf(lons[at] ?? lon)))
  const like = edges.filter(Number.isFinite).toSorted((one, other) => one - other)
  const usual = like[Math.floor(like.length / 2)] ?? 0
  // Beyond a horizon there is no place, and no other edge.
  const at = edges.findIndex((length) => length > LEAP * usual && Number.isFinite(length))
  if (at === -1 || usual === 0) return null
  return narrowed(lons[at]!, lons[at + 1]!, xOf)
}

/** Where between two longitudes the map leaps, to the last digits. */
function narrowed(near: number, far: number, xOf: (lon: number) => number): number {
  const leap = Math.abs(xOf(far) - xOf(near)) / 2
  let [here, there] = [near, far]
  while (Math.abs(there - here) > BESIDE / 10) {
    const middle = (here + there) / 2
    if (Math.abs(xOf(middle) - xOf(near)) < leap) here = middle
    else there = middle
  }
  return here
}
