// Maps on which the same meridian comes again: a raster over the antimeridian goes on beyond their edge.

import type { Projection } from './projection.ts'
import { thereAndBack } from './there-and-back.ts'

const LONGITUDES = [-179, -90, 0, 90, 179] as const
const LATITUDES = [0, 40, -40] as const
/** Degrees: what is bent less than that along a meridian is straight. */
const STRAIGHT = 1e-7

/**
 * A cylindrical projection around Greenwich (Mercator, equal-area, equidistant) whose longitudes beyond 180 degrees lie
 * where the next turn of its map lies, and not at its other edge; null for any other projection.
 *
 * @param projection of a map, in which x grows to the east
 */
export function goesOn(projection: Projection): Projection | null {
  const scale = alongEquator(projection)
  if (scale === null) return null
  const { middle, degree } = scale
  return {
    forward(lon, lat) {
      const turns = Math.abs(lon) <= 180 ? 0 : Math.round(lon / 360)
      const [x, y] = projection.forward(lon - 360 * turns, lat)
      return [x + 360 * turns * degree, y]
    },
    inverse(x, y) {
      const [lon, lat] = projection.inverse(x, y)
      const turns = Math.round(((x - middle) / degree - lon) / 360)
      return [Number.isFinite(turns) ? lon + 360 * turns : lon, lat]
    },
  }
}

const KILOMETRE = 1000

/**
 * Beyond the edge of a map PROJ answers with places at its other edge: there is none, unless the map goes on there.
 *
 * @param metres in a unit of its coordinates
 */
export function withinEdges(projection: Projection, metres: number): Projection {
  return goesOn(projection) ?? thereAndBack(projection, KILOMETRE / metres)
}

/** null unless x grows with the longitude alone, evenly, from one side of the antimeridian to the other. */
function alongEquator({ forward }: Projection): { middle: number; degree: number } | null {
  const [west = Number.NaN, , middle = Number.NaN, , east = Number.NaN] = LONGITUDES.map(
    (lon) => forward(lon, 0)[0],
  )
  const degree = (east - west) / 358
  const isEven = LATITUDES.every((lat) =>
    LONGITUDES.every((lon) => {
      const bent = forward(lon, lat)[0] - middle - lon * degree
      return Math.abs(bent) <= STRAIGHT * Math.abs(degree)
    }),
  )
  return isEven && degree !== 0 ? { middle, degree } : null
}
