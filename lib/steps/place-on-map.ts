// Which pixels of a raster answer for the pixels of a map.

import { longitudeNear } from '../geo/longitude.ts'
import { type PixelBox, type PlacePixel, type WarpPlaces, warpPlaces } from '../geo/warp-places.ts'
import { onMap, webMercator } from '../geo/web-mercator.ts'
import type { Bbox, Grid } from '../model/grid.ts'
import type { Targets } from '../pixels/targets.ts'
import type { MapRaster } from './map-raster.ts'

/** Pixels of the map around a raster that are looked at: its outline is known at some points alone. */
const MARGIN = 2

/**
 * @param map a grid of EPSG:3857
 * @param memory takes what is answered, a number for each pixel of the map
 * @returns null where the raster lies elsewhere
 */
export function placeOnMap(raster: MapRaster, map: Grid, memory: WarpPlaces): Targets | null {
  const boxes = onMap(raster.footprint.bbox).flatMap((bounds) => {
    const box = pixelsOf(bounds, map)
    return box === null ? [] : [box]
  })
  if (boxes.length === 0) return null
  const [rows, cols] = map.shape
  const [first] = boxes
  if (first !== undefined && first.cols === cols && first.rows === rows) {
    return { width: cols, ...warpPlaces(first, placer(raster, map), memory) }
  }
  const targets = { width: cols, cols: memory.cols, rows: memory.rows }
  targets.cols.fill(Number.NaN)
  targets.rows.fill(Number.NaN)
  const place = placer(raster, map)
  for (const box of boxes) {
    const places = warpPlaces(box, place)
    for (let row = 0; row < box.rows; row++) {
      const [from, end] = [row * box.cols, (row + 1) * box.cols]
      const to = (box.row + row) * cols + box.col
      targets.cols.set(places.cols.subarray(from, end), to)
      targets.rows.set(places.rows.subarray(from, end), to)
    }
  }
  return targets
}

/**
 * From the centre of a pixel of the map to columns and rows of the raster.
 *
 * @param map a grid of EPSG:3857, which may go on past the antimeridian
 */
export function placer(
  { grid, projection, ownLongitude }: Pick<MapRaster, 'grid' | 'projection' | 'ownLongitude'>,
  map: Grid,
): PlacePixel {
  const [mapA, , mapC, , mapE, mapF] = map.transform
  const [a, , c, , e, f] = grid.transform
  return (col, row) => {
    const [lon, lat] = webMercator.inverse(mapC + (col + 0.5) * mapA, mapF + (row + 0.5) * mapE)
    const [x, y] = projection.forward(longitudeNear(lon, ownLongitude), lat)
    return [(x - c) / a, (y - f) / e]
  }
}

function pixelsOf([left, bottom, right, top]: Bbox, { transform, shape }: Grid): PixelBox | null {
  const [a, , c, , e, f] = transform
  const [rows, cols] = shape
  const [col, colEnd] = span((left - c) / a, (right - c) / a, cols)
  const [row, rowEnd] = span((top - f) / e, (bottom - f) / e, rows)
  return col < colEnd && row < rowEnd ? { col, row, cols: colEnd - col, rows: rowEnd - row } : null
}

function span(from: number, to: number, size: number): [number, number] {
  const margin = MARGIN + 0.01 * (to - from)
  return [Math.max(0, Math.floor(from - margin)), Math.min(size, Math.ceil(to + margin))]
}
