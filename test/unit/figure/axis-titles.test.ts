// What the axes are called: as the CRS itself calls them, in its own unit.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { axisTitles } from '../../../lib/figure/axis-titles.ts'
import { crsOfDefinition } from '../../../lib/geo/crs/crs.ts'

const cases: readonly (readonly [crs: string, x: string, y: string])[] = [
  ['EPSG:32620', 'Easting (m)', 'Northing (m)'],
  ['EPSG:3857', 'Easting (m)', 'Northing (m)'],
  ['EPSG:4326', 'Longitude (°)', 'Latitude (°)'],
  ['EPSG:4267', 'Longitude (°)', 'Latitude (°)'],
  ['EPSG:4807', 'Longitude (gon)', 'Latitude (gon)'],
  // State Plane, in feet of the US survey.
  ['EPSG:2263', 'Easting (US survey foot)', 'Northing (US survey foot)'],
  ['EPSG:2838', 'Easting (m)', 'Northing (m)'],
  ['EPSG:2222', 'Easting (ft)', 'Northing (ft)'],
  ['EPSG:24370', 'Easting (Indian yard)', 'Northing (Indian yard)'],
  ['EPSG:29872', 'Easting (British foot)', 'Northing (British foot)'],
  // Its code says northing first, a raster counts it second.
  ['EPSG:32661', 'Easting (m)', 'Northing (m)'],
  ['EPSG:3035', 'Easting (m)', 'Northing (m)'],
  ['EPSG:2048', 'Westing (m)', 'Southing (m)'],
  ['EPSG:5513', 'Southing (m)', 'Westing (m)'],
  ['ESRI:54009', 'Easting (m)', 'Northing (m)'],
]

describe('the axes of', () => {
  for (const [code, x, y] of cases) {
    it(code, async () => {
      const { axes } = await crsOfDefinition(code)
      assert.deepEqual(axisTitles(axes, code), [`${x}, ${code}`, y])
      assert.deepEqual(axisTitles(axes, null), [x, y])
    })
  }
})
