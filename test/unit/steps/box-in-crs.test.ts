// Boxes that meet a raster around the globe at both of its ends.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crsOfDefinition } from '../../../lib/geo/crs/crs.ts'
import type { Bbox, Grid } from '../../../lib/model/grid.ts'
import { boxInCrs } from '../../../lib/steps/box-in-crs.ts'

/** Of 1.5 degrees, from a meridian once around. */
const globe = (west: number): Grid => ({
  crs: 'EPSG:4326',
  transform: [1.5, 0, west, 0, -1.5, 90],
  shape: [120, 240],
  level: 0,
})
const { projection } = await crsOfDefinition('EPSG:4326')

describe('a box at one end of a raster of the globe', () => {
  const EDGE = 20_037_508.342789244
  const side = EDGE / 360
  const mercator: Grid = {
    crs: 'EPSG:3857',
    transform: [side, 0, -EDGE, 0, -side, EDGE],
    shape: [720, 720],
    level: 0,
  }
  for (const [west, east, from, to] of [
    [170, 180, 700, 720],
    [-180, -170, 0, 20],
  ] as const) {
    it(`from ${west} to ${east} has the pixels of that end`, async () => {
      const map = (await crsOfDefinition('EPSG:3857')).projection
      const [left = 0, , right = 0] = boxInCrs([west, -30, east, 30], mercator, map) ?? []
      const columns = [left, right].map((x) => Math.round((x + EDGE) / side))
      assert.deepEqual(columns, [from, to])
    })
  }
})

describe('a box at both ends of a raster', () => {
  const all: readonly (readonly [west: number, box: Bbox])[] = [
    [0, [-179, -60, 179, 60]],
    [0, [-180, -60, 179.9, 60]],
    [0, [-179.2, -60, -179.3, 60]],
    [-180, [1, -60, -1, 60]],
  ]
  for (const [west, box] of all) {
    it(`[${box.join()}] has every pixel of one from ${west}`, () => {
      const bounds = boxInCrs(box, globe(west), projection)
      assert.deepEqual(bounds?.map(Math.round), [west, -60, west + 360, 60])
    })
  }

  const some: readonly (readonly [west: number, box: Bbox])[] = [
    [0, [-178.4, -60, 178.4, 60]],
    [0, [-30, -20, 30, 20]],
    [-180, [170, -10, -170, 10]],
    [-180, [179.9999999999, -10, -179.9999999999, 10]],
  ]
  for (const [west, box] of some) {
    it(`[${box.join()}] leaves pixels out of one from ${west}: the refusal has its geometry`, () => {
      assert.throws(() => boxInCrs(box, globe(west), projection), {
        code: 'invalid_request',
        message: /both of its ends.*"type":"Polygon".*if west and east were exchanged, turn them/,
      })
    })
  }
})
