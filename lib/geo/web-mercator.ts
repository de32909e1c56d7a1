// The maps of the web: EPSG:3857, cut into the squares of OGC's WebMercatorQuad.

import type { Bbox, Grid } from '../model/grid.ts'
import type { TileAddress } from '../model/tile.ts'
import { eastEnd } from './longitude.ts'
import type { Projection } from './projection.ts'

export const WEB_MERCATOR = 'EPSG:3857'

const RADIUS = 6_378_137
/** Where the map ends on all four sides, in metres; to the north and the south that is at 85.051129 degrees. */
export const MAP_EDGE = Math.PI * RADIUS
/** Pixels along a side of a tile. */
export const TILE_SIZE = 256
/** Of OGC's WebMercatorQuad, a pixel of which is 9 mm wide there. */
export const MOST_ZOOM = 24

export const webMercator: Projection = {
  forward: (lon, lat) => [
    (RADIUS * lon * Math.PI) / 180,
    RADIUS * Math.asinh(Math.tan((lat * Math.PI) / 180)),
  ],
  inverse: (x, y) => [
    (x / RADIUS) * (180 / Math.PI),
    Math.atan(Math.sinh(y / RADIUS)) * (180 / Math.PI),
  ],
}

/** Metres that a pixel of a zoom spans on the map. */
export function pixelAt(zoom: number, tileSize = TILE_SIZE): number {
  return (2 * MAP_EDGE) / 2 ** zoom / tileSize
}

/** @param size pixels along a side */
export function tileGrid({ z, x, y }: TileAddress, size: number): Grid {
  const pixel = pixelAt(z, size)
  const side = pixel * size
  return {
    crs: WEB_MERCATOR,
    transform: [pixel, 0, x * side - MAP_EDGE, 0, -pixel, MAP_EDGE - y * side],
    shape: [size, size],
    level: 0,
  }
}

/** A box in degrees on the map: two where it crosses the antimeridian. Left, bottom, right, top, in metres. */
export function onMap(box: Bbox): readonly Bbox[] {
  const [west, south, , north] = box
  const [, bottom] = clipped(south)
  const [, top] = clipped(north)
  const [left] = webMercator.forward(west, 0)
  const [right] = webMercator.forward(eastEnd(box), 0)
  const whole: Bbox = [left, bottom, right, top]
  if (right <= MAP_EDGE) return [whole]
  return [
    [left, bottom, MAP_EDGE, top],
    [-MAP_EDGE, bottom, right - 2 * MAP_EDGE, top],
  ]
}

function clipped(lat: number): [number, number] {
  const [x, y] = webMercator.forward(0, lat)
  return [x, Math.min(MAP_EDGE, Math.max(-MAP_EDGE, y))]
}
