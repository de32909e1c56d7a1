// Boxes of geometries and shares of areas, on both sides of the antimeridian.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Bbox } from '../../../lib/model/grid.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import { boundsOfGeometry, coverage } from '../../../lib/stac/geometry.ts'

const ring = (west: number, south: number, east: number, north: number) => [
  [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ],
]

describe('boundsOfGeometry', () => {
  const cases: [name: string, geometry: JsonObject | null, bbox: number[] | null][] = [
    ['a polygon', { type: 'Polygon', coordinates: ring(1, 2, 3, 4) }, [1, 2, 3, 4]],
    ['a point whose axes are swapped', { type: 'Point', coordinates: [45, 120] }, null],
    ['a place of infinite latitude', { type: 'Point', coordinates: [45, Infinity] }, null],
    ['a point with height', { type: 'Point', coordinates: [1, 2, 900] }, [1, 2, 1, 2]],
    [
      'a line',
      {
        type: 'LineString',
        coordinates: [
          [3, 4],
          [1, 9],
        ],
      },
      [1, 4, 3, 9],
    ],
    [
      'points',
      {
        type: 'MultiPoint',
        coordinates: [
          [1, 2],
          [3, 4],
        ],
      },
      [1, 2, 3, 4],
    ],
    [
      'polygons',
      { type: 'MultiPolygon', coordinates: [ring(1, 2, 3, 4), ring(5, 0, 6, 1)] },
      [1, 0, 6, 4],
    ],
    [
      'polygons cut at the antimeridian',
      { type: 'MultiPolygon', coordinates: [ring(170, -10, 180, 10), ring(-180, -10, -175, 12)] },
      [170, -10, -175, 12],
    ],
    [
      'a collection',
      {
        type: 'GeometryCollection',
        geometries: [
          { type: 'Point', coordinates: [1, 2] },
          { type: 'Polygon', coordinates: ring(3, 3, 4, 4) },
        ],
      },
      [1, 2, 4, 4],
    ],
    [
      'a collection in a collection',
      { type: 'GeometryCollection', geometries: [{ type: 'GeometryCollection', geometries: [] }] },
      null,
    ],
    ['nothing', null, null],
    ['no coordinates', { type: 'Polygon' }, null],
    ['broken coordinates', { type: 'Polygon', coordinates: [['x', null], [[[[[[1, 2]]]]]]] }, null],
  ]
  for (const [name, geometry, bbox] of cases) {
    it(`of ${name}`, () => assert.deepEqual(boundsOfGeometry(geometry), bbox))
  }
})

describe('coverage', () => {
  const cases: [name: string, area: Bbox, box: Bbox, share: number][] = [
    ['the same', [0, 0, 10, 10], [0, 0, 10, 10], 1],
    ['more than asked', [2, 2, 4, 4], [0, 0, 10, 10], 1],
    ['a quarter', [0, 0, 10, 10], [5, 5, 20, 20], 0.25],
    ['a strip', [0, 0, 10, 10], [-5, 4, 50, 6], 0.2],
    ['nothing', [0, 0, 10, 10], [20, 20, 30, 30], 0],
    ['an edge only', [0, 0, 10, 10], [10, 0, 20, 10], 0],
    ['a point inside', [5, 5, 5, 5], [0, 0, 10, 10], 1],
    ['a point on the edge', [10, 5, 10, 5], [0, 0, 10, 10], 1],
    ['a point outside', [11, 5, 11, 5], [0, 0, 10, 10], 0],
    ['both across the antimeridian', [170, 0, -170, 10], [175, 0, -175, 10], 0.5],
    ['the area across it, the box west of it', [170, 0, -170, 10], [160, 0, 180, 10], 0.5],
    ['the area across it, the box east of it', [170, 0, -170, 10], [-180, 0, -175, 10], 0.25],
    ['the box across it, the area beyond', [-179, 0, -178, 10], [175, 0, -175, 10], 1],
    ['a point at 180, the box across it', [180, 5, 180, 5], [175, 0, -175, 10], 1],
    ['a point at -180, the box across it', [-180, 5, -180, 5], [175, 0, -175, 10], 1],
    ['the whole world', [-180, -90, 180, 90], [-180, -90, 180, 90], 1],
  ]
  for (const [name, area, box, share] of cases) {
    it(`of ${name}`, () => assert.ok(Math.abs(coverage(area, box) - share) < 1e-12))
  }
})
