// Maps on which the same meridian comes again: a raster over the antimeridian goes on beyond their edge.

import type { Projection } from './projection.ts'
import { thereAndBack } from './there-and-back.ts'

const LONGITUDES = [-179, -90, 0, 90, 179] as const
const LATITUDES = [0, 40, -40] as const
/** Degrees: what is bent less than that along a meridian is straight. */
const STRAIGHT = 1e-7

/**
 * A cylindrical projection around Greenwich (Mercator, equal-area, equidistant) whose longitudes beyond 180 degrees lie
 * where the next turn of its map lies, and not at its other edge; any other projection is as it is.
 *
 * @param projection of a map, in which x grows to the east
 */
export function goesOn(projection: Projection): Projection {
  const scale = alongEquator(projection)
  if (scale === null || scale.isElsewhere) return projection
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
 * As `goesOn`; where the map does not go on, its edge has nothing beyond, and not the places at its other edge, with
 * which PROJ answers.
 *
 * @param metres in a unit of its coordinates
 */
export function withinEdges(projection: Projection, metres: number): Projection {
  const isCylinder = alongEquator(projection) !== null
  return isCylinder ? goesOn(projection) : thereAndBack(projection, KILOMETRE / metres)
}

interface Cylinder {
  /** x of Greenwich. */
  readonly middle: number
  /** Units of x. */
  readonly degree: number
  /** Whether its map is cut open at another meridian than 180 degrees. */
  readonly isElsewhere: boolean
}

/** null unless x grows with the longitude alone, and evenly. */
function alongEquator(projection: Projection): Cylinder | null {
  const xOf = (lon: number, lat: number) => projection.forward(lon, lat)[0]
  const middle = xOf(0, 0)
  const steps = LONGITUDES.slice(1).map((lon, at) => {
    const before = LONGITUDES[at] ?? 0
    return (xOf(lon, 0) - xOf(before, 0)) / (lon - before)
  })
  // One of the four at most goes over the cut.
  const degree = steps.toSorted((one, other) => one - other)[2] ?? Number.NaN
  const turns = LATITUDES.flatMap((lat) =>
    LONGITUDES.map((lon) => (xOf(lon, lat) - middle - lon * degree) / (360 * degree)),
  )
  const isEven = turns.every((turn) => Math.abs(turn - Math.round(turn)) <= STRAIGHT / 360)
  if (!isEven || !(degree > 0)) return null
  return { middle, degree, isElsewhere: turns.some((turn) => Math.round(turn) !== 0) }
}
