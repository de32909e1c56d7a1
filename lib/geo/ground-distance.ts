// How large a pixel is on the ground, whatever units its CRS counts in.

import type { Grid } from '../model/grid.ts'
import type { Projection } from './projection.ts'

/** Mean radius of the Earth, IUGG: metres. */
const EARTH_RADIUS = 6_371_008.8

type Position = readonly [lon: number, lat: number]

/** Metres between the centres of neighbouring pixels in the middle of a grid: the mean along rows and columns. */
export function pixelOnGround({ transform, shape }: Grid, projection: Projection): number {
  const [a, , c, , e, f] = transform
  const [row, col] = [shape[0] / 2, shape[1] / 2]
  const at = (x: number, y: number) => projection.inverse(c + a * x, f + e * y)
  const here = at(col, row)
  return (distance(here, at(col + 1, row)) + distance(here, at(col, row + 1))) / 2
}

/** By haversine: Sinnott, R. W. (1984), Virtues of the Haversine. */
function distance([lon, lat]: Position, [lon2, lat2]: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const across = Math.sin(radians(lat2 - lat) / 2) ** 2
  const along = Math.sin(radians(lon2 - lon) / 2) ** 2
  const chord = across + Math.cos(radians(lat)) * Math.cos(radians(lat2)) * along
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(chord))
}
