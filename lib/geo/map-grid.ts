// The grid of EPSG:3857 on which a raster is drawn whole.

import type { Bbox, Grid } from '../model/grid.ts'
import { MAP_EDGE, onMap, WEB_MERCATOR } from './web-mercator.ts'

/**
 * Around the ground of a grid; past the antimeridian it goes on beyond the map's edge. Square pixels: the diagonal has
 * as many as that of the grid, as GDALSuggestedWarpOutput has it.
 *
 * @param ground in degrees; west > east crosses the antimeridian
 * @returns null where all of the ground is nearer to a pole than the map goes
 */
export function mapGrid({ shape, level }: Grid, ground: Bbox): Grid | null {
  const [left, bottom, right, top] = bounds(ground)
  const [width, height] = [right - left, top - bottom]
  if (!(width > 0 && height > 0)) return null
  const [rows, cols] = shape
  const pixel = Math.sqrt(width ** 2 + height ** 2) / Math.sqrt(cols ** 2 + rows ** 2)
  // A hair of a pixel more is the last digits of a number.
  const count = (length: number) => Math.max(1, Math.ceil(length / pixel - 1e-6))
  return {
    crs: WEB_MERCATOR,
    transform: [pixel, 0, left, 0, -pixel, top],
    shape: [count(height), count(width)],
    level,
  }
}

function bounds(ground: Bbox): Bbox {
  const [first = ground, second] = onMap(ground)
  const [left, bottom, right, top] = first
  return second === undefined ? first : [left, bottom, right + second[2] + MAP_EDGE, top]
}
