// Rasters of cylindrical maps that lie over the antimeridian: their places go on beyond the edge of the map.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crsOfDefinition } from '../../../lib/geo/crs/crs.ts'
import { boundsInDegrees } from '../../../lib/geo/footprint.ts'
import { projectArea } from '../../../lib/geo/projected-area.ts'
import type { Grid } from '../../../lib/model/grid.ts'
import { boxInCrs } from '../../../lib/steps/box-in-crs.ts'

/** By proj4, and by PROJ. */
const maps = [
  ['EPSG:3857', 20_037_508.342789244],
  ['EPSG:6933', 17_367_530.445161372],
  ['EPSG:3395', 20_037_508.342789244],
] as const

/** 200 pixels, half of them beyond the edge. */
const over = (edge: number): Grid => ({
  crs: null,
  transform: [30, 0, edge - 3000, 0, -30, 3_000_000],
  shape: [200, 200],
  level: 0,
})

describe('a raster over the antimeridian', () => {
  for (const [code, edge] of maps) {
    for (const side of [edge, -edge]) {
      it(`of ${code} from ${side > 0 ? 'the west' : 'the east'} is one piece`, async () => {
        const { projection } = await crsOfDefinition(code)
        const grid = over(side)
        const [west, south, east, north] = boundsInDegrees(grid, projection)
        const reach = (3000 * 180) / edge
        const near = (one: number, other: number) => Math.abs(one - other) < 1e-9
        assert.ok(near(west, Math.sign(side) * 180 - reach) && near(east, west + 2 * reach))
        // Both ends, as GeoJSON has them on either side of the antimeridian.
        const [left, right] = [180 - reach / 2, reach / 2 - 180]
        const bounds = boxInCrs([left, south, right, north], grid, projection)
        assert.deepEqual(bounds?.map(Math.round), [
          Math.round(side - 1500),
          2_994_000,
          Math.round(side + 1500),
          3_000_000,
        ])
        const half = (from: number, to: number) =>
          [
            [from, south],
            [to, south],
            [to, north],
            [from, north],
          ] as const
        const area = {
          type: 'MultiPolygon' as const,
          coordinates: [[half(left, 180)], [half(-180, right)]],
        }
        const projected = projectArea(area, [west, south, east, north], projection)
        assert.deepEqual(projected.bounds.map(Math.round), bounds?.map(Math.round))
      })
    }
  }

  it('has its places as PROJ has them where the map is cut open elsewhere', async () => {
    // Around 150 degrees east: 30 west is its edge.
    const { projection } = await crsOfDefinition('EPSG:3832')
    const [x] = projection.forward(-30, 0)
    const [lon] = projection.inverse(Math.abs(x) + 1000, 0)
    assert.ok(Math.abs(lon + 29.991) < 1e-3, `${lon}`)
  })

  it('of other projections has the places that it had: the next turn is the same place', async () => {
    for (const code of ['EPSG:32601', 'EPSG:5070', 'EPSG:3031', 'EPSG:3832', 'ESRI:54009']) {
      const { projection } = await crsOfDefinition(code)
      const [x, y] = projection.forward(-170, -70)
      const [x2, y2] = projection.forward(190, -70)
      assert.ok(Math.hypot(x2 - x, y2 - y) < 1e-6, code)
    }
  })
})
