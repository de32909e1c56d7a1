// What the axes are called: a unit only where it is known.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axisTitles } from '../../../lib/figure/crs.ts'

const cases: [crs: string | null, x: string, y: string][] = [
  ['EPSG:32620', 'Easting (m), EPSG:32620', 'Northing (m)'],
  ['EPSG:32760', 'Easting (m), EPSG:32760', 'Northing (m)'],
  ['EPSG:3857', 'Easting (m), EPSG:3857', 'Northing (m)'],
  ['EPSG:5070', 'Easting (m), EPSG:5070', 'Northing (m)'],
  ['EPSG:4326', 'Longitude (°), EPSG:4326', 'Latitude (°)'],
  ['EPSG:2263', 'x (map units), EPSG:2263', 'y (map units)'],
  ['EPSG:32661', 'x (map units), EPSG:32661', 'y (map units)'],
  [null, 'x (map units)', 'y (map units)'],
]
for (const [crs, x, y] of cases) {
  test(`axes in ${crs}`, () => {
    assert.deepEqual(axisTitles(crs), [x, y])
  })
}
