// What proj4 carries has PROJ's places, and none where PROJ has none: far beyond its area, at poles and antipodes.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { commonGeographic, commonProjected } from '../../../lib/geo/crs/common-crs.ts'
import { crsOfDefinition } from '../../../lib/geo/crs/crs.ts'
import { loadProj } from '../../../lib/geo/proj.ts'
import { projProjection } from '../../../lib/geo/proj-projection.ts'

const codes = [
  32601, 32631, 32660, 32701, 32733, 25832, 26910, 31982, 3031, 3413, 3976, 3995, 5041, 5042, 5070,
  6931, 6933, 3857,
]
const metres = [
  -3e7, -2.1e7, -1.9e7, -1.2e7, -9.1e6, -6e6, -3e6, -1e6, -2e5, 0, 1e5, 5e5, 9e5, 2e6, 4e6, 7e6,
  9.2e6, 1.3e7, 1.75e7, 2.003e7, 2.1e7, 4e7,
]
const lons = [-180, -170, -135, -100, -60, -20, -3, 0, 3, 9, 30, 60, 89, 91, 120, 150, 179.9]
const lats = [-89.999, -80, -60, -30, 0, 30, 60, 80, 89.999]

const HALF_GLOBE = 1e7

const isPlace = (place: readonly number[]) => place.every(Number.isFinite)

describe('proj4 has the places of PROJ in', () => {
  for (const epsg of codes) {
    it(`EPSG:${epsg}`, async () => {
      assert.ok(commonProjected(epsg) ?? commonGeographic(epsg))
      const { projection: ours } = await crsOfDefinition(`EPSG:${epsg}`)
      const theirs = projProjection(`EPSG:${epsg}`, await loadProj())
      assert.ok(theirs)
      for (const x of metres) {
        for (const y of metres) {
          const one = ours.inverse(x, y)
          const other = theirs.inverse(x, y)
          // Albers of the United States comes back from its own half of the globe.
          if (epsg === 5070 && !isPlace(one) && Math.hypot(x, y) > HALF_GLOBE) continue
          assert.equal(
            isPlace(one),
            isPlace(other),
            `${x}, ${y}: ${one.join()} and ${other.join()}`,
          )
          if (!isPlace(one)) continue
          const east = ((((one[0] - other[0]) % 360) + 540) % 360) - 180
          const north = one[1] - other[1]
          const off = Math.hypot(east * Math.cos((other[1] * Math.PI) / 180), north) * 111_195
          assert.ok(off <= 0.1, `${x}, ${y}: ${one.join()} and ${other.join()}`)
        }
      }
      for (const lon of lons) {
        for (const lat of lats) {
          const one = ours.forward(lon, lat)
          const other = theirs.forward(lon, lat)
          // Around the far pole of a polar map lies no raster.
          const isFar = Math.max(...other.map(Math.abs)) > 1e9
          if (isFar && Math.max(...one.map(Math.abs)) > 1e9) continue
          assert.equal(
            isPlace(one),
            isPlace(other),
            `${lon}, ${lat}: ${one.join()} and ${other.join()}`,
          )
          if (!isPlace(one)) continue
          const off = Math.hypot(one[0] - other[0], one[1] - other[1])
          assert.ok(off <= 0.1, `${lon}, ${lat}: ${one.join()} and ${other.join()}`)
        }
      }
    })
  }
})
