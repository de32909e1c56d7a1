// The bounds and zooms of a map, of rasters at the ends of the world.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { footprintOf } from '../../../lib/geo/footprint.ts'
import type { Grid } from '../../../lib/model/grid.ts'
import { describeExtent } from '../../../lib/steps/map-extent.ts'
import { openProjection } from '../../harness/crs.ts'

const result = {
  kind: 'result',
  root: 'bafy',
  resampling: 'nearest',
  style: { colormap_name: 'rdylgn', rescale: [-1, 1] },
} as const

async function extentOf(epsg: number, pixel: number, [rows, cols]: readonly [number, number]) {
  const key = epsg === 4326 ? 'GeographicTypeGeoKey' : 'ProjectedCSTypeGeoKey'
  const projection = await openProjection({ [key]: epsg })
  const [left, top] = [(-cols * pixel) / 2, (rows * pixel) / 2]
  const transform = [pixel, 0, left, 0, -pixel, top] as const
  const grid: Grid = { crs: `EPSG:${epsg}`, transform, shape: [rows, cols], level: 0 }
  const raster = {
    grid,
    projection,
    footprint: footprintOf(grid, projection),
    ownLongitude: null,
    trust: 'cid',
    values: () => Promise.reject(new Error('nothing is drawn here')),
  } as const
  return describeExtent(raster, result)
}

it('a map of the world reaches to the ends of EPSG:3857, poles in the middle of pixels or not', async () => {
  const world = { bounds: [-180, -85.051129, 180, 85.051129], minZoom: 0, maxZoom: 2, trust: 'cid' }
  assert.deepEqual(await extentOf(4326, 0.5, [360, 720]), world)
  assert.deepEqual(await extentOf(4326, 0.5, [361, 720]), world)
})

it('what lies wholly beyond the map has no tiles', async () => {
  const message = /ends at 85\.051129 degrees/
  await assert.rejects(extentOf(3413, 500, [200, 200]), { code: 'invalid_request', message })
  assert.deepEqual((await extentOf(3413, 10_000, [200, 200])).bounds[3], 85.051129)
})
