// Tiles of MODIS at the edges of its sinusoidal map: areas over the antimeridian, as GDAL and numpy count their pixels.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crsOfDefinition } from '../../../lib/geo/crs/crs.ts'
import { footprintOf } from '../../../lib/geo/footprint.ts'
import { withoutSeam } from '../../../lib/geo/map-seam.ts'
import type { Bbox, Grid } from '../../../lib/model/grid.ts'
import { areaOf, pixelsIn } from '../../harness/pixels-in.ts'

const MODIS = '+proj=sinu +lon_0=0 +R=6371007.181 +units=m +type=crs'
const PIXEL = 4633.127
/** Ten degrees. */
const TILE = 1_111_950.519667
const EDGE = 20_015_109.354
/** Of both a part lies beyond the edge of the map, where no place is. */
const tiles: Readonly<Record<string, number>> = { h35v10: EDGE - 240 * PIXEL, h00v10: -EDGE }
const gridOf = (tile: string): Grid => ({
  crs: null,
  transform: [PIXEL, 0, tiles[tile] ?? 0, 0, -PIXEL, -1_111_950.52],
  shape: [240, 240],
  level: 0,
})

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
      assert.equal(pixelsIn(areaOf(box), gridOf(tile), crs.projection), pixels)
    })
  }

  it('and a tile there ends at the antimeridian', () => {
    const [west, , east] = footprintOf(gridOf('h35v10'), crs.projection).bbox
    assert.ok(west > 170 && east > 179.9 && east <= 180, `${west} ${east}`)
  })

  for (const [rows, north] of [
    [180, 9],
    [135, 7.5],
  ] as const) {
    it(`a map of the world, ${rows} rows of it, is all of the globe`, () => {
      const world: Grid = {
        crs: null,
        transform: [TILE / 10, 0, -18 * TILE, 0, -TILE / 10, north * TILE],
        shape: [rows, 360],
        level: 0,
      }
      const [west, , east] = footprintOf(world, crs.projection).bbox
      assert.deepEqual([west, east], [-180, 180])
      assert.equal(pixelsIn(areaOf([170, -20, -170, 20]), world, crs.projection), 784)
    })
  }

  it('a map without a seam nearby is followed all the way', async () => {
    for (const code of ['EPSG:32660', 'EPSG:3857', 'EPSG:3031', 'EPSG:5070']) {
      const { projection } = await crsOfDefinition(code)
      const xOf = (lon: number) => projection.forward(lon, -70)[0]
      assert.deepEqual(withoutSeam([179, 179.5], 10, xOf), [169, 189.5], code)
    }
  })
})
