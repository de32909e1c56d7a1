// How large a pixel is on the ground: in the middle of its raster, or where the raster has a place at all.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { pixelOnGround } from '../../../lib/geo/ground-distance.ts'
import type { Grid } from '../../../lib/model/grid.ts'
import { openProjection } from '../../harness/crs.ts'

const utm = await openProjection({ ProjectedCSTypeGeoKey: 32631 })

function gridOf(cols: number, [x, y]: readonly [number, number] = [500_000, 5_400_000]): Grid {
  return { crs: 'EPSG:32631', transform: [10, 0, x, 0, -10, y], shape: [1, cols], level: 0 }
}

it('is ten metres of a tile in UTM', () => {
  const metres = pixelOnGround(gridOf(100), utm)
  assert.ok(Math.abs(metres - 10) < 0.05, String(metres))
})

it('is a number where the middle of the raster has no place on Earth', () => {
  assert.ok(utm.inverse(500_000 + 5e8, 5_400_000).some((degrees) => !Number.isFinite(degrees)))
  const metres = pixelOnGround(gridOf(1e8), utm)
  assert.ok(Math.abs(metres - 10) < 0.05, String(metres))
})

it('is refused where no part of it has one', () => {
  assert.throws(() => pixelOnGround(gridOf(10, [1e12, 1e12]), utm), {
    code: 'raster_unusable',
    message: /1 x 10 pixels has no place on Earth/,
  })
})
