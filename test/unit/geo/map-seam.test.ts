// Tiles of MODIS at the edges of its sinusoidal map: areas over the antimeridian, as GDAL and numpy count their pixels.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Crs, crsOfDefinition } from '../../../lib/geo/crs/crs.ts'
import { boundsInDegrees, footprintOf } from '../../../lib/geo/footprint.ts'
import { withoutSeam } from '../../../lib/geo/map-seam.ts'
import { onGrid, projecting } from '../../../lib/geo/projected-area.ts'
import type { Bbox, Grid } from '../../../lib/model/grid.ts'
import type { AreaGeometry, Ring } from '../../../lib/model/request.ts'

const MODIS = '+proj=sinu +lon_0=0 +R=6371007.181 +units=m +type=crs'
const PIXEL = 4633.127
const EDGE = 20_015_109.354
/** Of both a part lies beyond the edge of the map, where no place is. */
const tiles: Readonly<Record<string, number>> = { h35v10: EDGE - 240 * PIXEL, h00v10: -EDGE }
const gridOf = (tile: string): Grid => ({
  crs: null,
  transform: [PIXEL, 0, tiles[tile] ?? 0, 0, -PIXEL, -1_111_950.52],
  shape: [240, 240],
  level: 0,
})

/** As GeoJSON has one that crosses the antimeridian: in two. */
function areaOf([west, south, east, north]: Bbox): AreaGeometry {
  const box = (from: number, to: number): Ring => [
    [from, south],
    [to, south],
    [to, north],
    [from, north],
    [from, south],
  ]
  if (west < east) return { type: 'Polygon', coordinates: [box(west, east)] }
  return { type: 'MultiPolygon', coordinates: [[box(west, 180)], [box(-180, east)]] }
}

function pixelsIn(area: AreaGeometry, grid: Grid, { projection }: Crs): number {
  const projected = projecting(boundsInDegrees(grid, projection), projection)(area)
  if (projected === null) return 0
  const polygon = onGrid(projected.rings, grid)
  let pixels = 0
  for (let row = 0; row < 240; row++) {
    const spans = polygon.spansOf(row)
    for (let at = 0; at < spans.length; at += 2) {
      pixels += Math.max(0, Math.min(240, spans[at + 1]!) - Math.max(0, spans[at]!))
    }
  }
  return pixels
}

describe('an area over the edge of a map', async () => {
  const crs = await crsOfDefinition(MODIS)
  const areas: readonly (readonly [tile: string, box: Bbox, pixels: number])[] = [
    ['h35v10', [178, -18, 180, -16], 2051],
    ['h35v10', [178, -18, -179, -16], 2051],
    ['h35v10', [175, -19, -178, -12], 12_890],
    ['h35v10', [-180, -18, -179, -16], 0],
    ['h00v10', [178, -18, -179, -16], 1102],
    ['h00v10', [-179.5, -18, -179, -16], 550],
  ]
  for (const [tile, box, pixels] of areas) {
    it(`[${box.join()}] has ${pixels} pixels of ${tile}`, () => {
      assert.equal(pixelsIn(areaOf(box), gridOf(tile), crs), pixels)
    })
  }

  it('and a tile there ends at the antimeridian', () => {
    const [west, , east] = footprintOf(gridOf('h35v10'), crs.projection).bbox
    assert.ok(west > 170 && east > 179.9 && east <= 180, `${west} ${east}`)
  })

  it('a map without a seam nearby is followed all the way', async () => {
    for (const code of ['EPSG:32660', 'EPSG:3857', 'EPSG:3031', 'EPSG:5070']) {
      const { projection } = await crsOfDefinition(code)
      const xOf = (lon: number) => projection.forward(lon, -70)[0]
      assert.deepEqual(withoutSeam([179, 179.5], 10, xOf), [169, 189.5], code)
    }
  })
})
