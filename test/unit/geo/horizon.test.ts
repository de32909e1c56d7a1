// The full disk of a weather satellite: areas beyond the rim of what it sees, as GDAL and numpy count their pixels.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crsOfDefinition } from '../../../lib/geo/crs/crs.ts'
import { groundSeen } from '../../../lib/geo/horizon.ts'
import type { Projection } from '../../../lib/geo/projection.ts'
import type { Bbox, Grid } from '../../../lib/model/grid.ts'
import { boxInCrs } from '../../../lib/steps/box-in-crs.ts'
import { areaOf, pixelsIn } from '../../harness/pixels-in.ts'

const GOES = '+proj=geos +sweep=x +lon_0=-75 +h=35786023 +ellps=GRS80 +units=m +type=crs'
const gridOf = (pixel: number, left: number, top: number): Grid => ({
  crs: null,
  transform: [pixel, 0, left, 0, -pixel, top],
  shape: [60, 60],
  level: 0,
})
const full = gridOf(180_000, -5_400_000, 5_400_000)
const north = gridOf(60_000, -4_000_000, 4_800_000)

describe('an area beyond the rim of a satellite’s view', async () => {
  const { projection } = await crsOfDefinition(GOES)
  const rows: readonly (readonly [grid: Grid, box: Bbox, pixels: number])[] = [
    [full, [-100, -30, -50, 30], 956],
    [full, [-160, -10, -130, 10], 36],
    [full, [-175, -80, 0, 80], 2852],
    [full, [-155, 40, -120, 60], 21],
    [north, [-160, 0, -120, 40], 160],
    [north, [-140, 10, -100, 60], 1603],
  ]
  for (const [grid, box, pixels] of rows) {
    it(`[${box.join()}] has ${pixels} pixels`, () => {
      assert.equal(pixelsIn(areaOf(box), grid, projection), pixels)
    })
  }

  it('has the whole view as a box, too', () => {
    const [left = 0, bottom = 0, right = 0, top = 0] =
      boxInCrs([-175, -80, 0, 80], full, projection) ?? []
    assert.ok(Math.max(left, bottom) < -5_300_000 && Math.min(right, top) > 5_300_000)
  })

  it('and a map without a rim shows everything', async () => {
    for (const code of ['EPSG:3395', 'ESRI:54009']) {
      assert.equal(groundSeen([10, 10], (await crsOfDefinition(code)).projection), null, code)
    }
  })

  it('and a map from whose middle no place comes back has none', () => {
    const oneWay: Projection = {
      forward: (lon, lat) => [lon, lat],
      inverse: () => [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    }
    assert.equal(groundSeen([10, 10], oneWay), null)
  })
})
