// How large a pixel is on the ground, whatever units its CRS counts in.

import { GreenprintError } from '../errors.ts'
import type { Grid } from '../model/grid.ts'
import type { Projection } from './projection.ts'

/** Mean radius of the Earth, IUGG: metres. */
const EARTH_RADIUS = 6_371_008.8

type Position = readonly [lon: number, lat: number]

/** Where on a grid it is looked for a place, of its rows and of its columns: the middle mostly has one. */
const LOOKS = [1 / 2, 1 / 4, 3 / 4, 0, 1] as const

/**
 * Metres between the centres of neighbouring pixels in the middle of a grid: the mean along rows and columns. Where its
 * middle has no place on Earth, as far from it as one is found.
 *
 * @throws {GreenprintError} `raster_unusable` where none is found
 */
export function pixelOnGround({ transform, shape }: Grid, projection: Projection): number {
  const [a, , c, , e, f] = transform
  const [rows, cols] = shape
  const at = (x: number, y: number) => projection.inverse(c + a * x, f + e * y)
  for (const down of LOOKS) {
    for (const along of LOOKS) {
      const [row, col] = [rows * down, cols * along]
      const here = at(col, row)
      const metres = (distance(here, at(col + 1, row)) + distance(here, at(col, row + 1))) / 2
      if (Number.isFinite(metres)) return metres
    }
  }
  const message = `The raster of ${rows} x ${cols} pixels has no place on Earth where its georeference puts it.`
  throw new GreenprintError('raster_unusable', message)
}

/** By haversine: Sinnott, R. W. (1984), Virtues of the Haversine. */
function distance([lon, lat]: Position, [lon2, lat2]: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const across = Math.sin(radians(lat2 - lat) / 2) ** 2
  const along = Math.sin(radians(lon2 - lon) / 2) ** 2
  const chord = across + Math.cos(radians(lat)) * Math.cos(radians(lat2)) * along
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(chord))
}
