// Areas as people write them: one area has one geometry, and what is not an area is told.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reduceArea } from '../../../lib/geo/area.ts'
import { intersectionOf, simplify, squareDegrees, unionOf } from '../../../lib/geo/polygon-set.ts'
import type { Ring } from '../../../lib/model/request.ts'
import { randomFrom } from '../../harness/random.ts'

const box = (west: number, south: number, east: number, north: number): Ring => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
]
const polygon = (...coordinates: Ring[]) => ({ type: 'Polygon', coordinates })
const multi = (...coordinates: Ring[][]) => ({ type: 'MultiPolygon', coordinates })

describe('an area over the antimeridian', () => {
  const cut = multi([box(-180, -10, -170, 10)], [box(170, -10, 180, 10)])

  it('is cut there, however it was written', () => {
    const jump: Ring = [
      [170, -10],
      [-170, -10],
      [-170, 10],
      [170, 10],
    ]
    for (const written of [
      polygon(box(170, -10, 190, 10)),
      polygon(box(-190, -10, -170, 10)),
      polygon(jump),
      multi([box(170, -10, 180, 10)], [box(-180, -10, -170, 10)]),
    ]) {
      assert.deepEqual(reduceArea(written), cut)
    }
  })

  it('keeps its holes, on whichever turn they are written', () => {
    const { coordinates } = reduceArea(polygon(box(170, -10, 190, 10), box(-179, -5, -175, 5)))
    assert.deepEqual(coordinates, [
      [
        box(-180, -10, -170, 10),
        [
          [-179, -5],
          [-179, 5],
          [-175, 5],
          [-175, -5],
          [-179, -5],
        ],
      ],
      [box(170, -10, 180, 10)],
    ])
  })

  it('may be the whole globe, without an edge that could be taken the other way round', () => {
    const globe = reduceArea(polygon(box(-180, -90, 180, 90)))
    assert.deepEqual(reduceArea(polygon(box(0, -90, 360, 90))), globe)
    const lons = globe.coordinates.flat().map(([lon]) => lon)
    assert.deepEqual([...new Set(lons)], [-180, -60, 60, 180])
  })

  it('may go around a pole', () => {
    const around: Ring = [
      [0, 60],
      [90, 60],
      [180, 60],
      [-90, 60],
    ]
    assert.deepEqual(reduceArea(polygon(around)), reduceArea(polygon(box(-180, 60, 180, 90))))
  })
})

describe('polygons that overlap', () => {
  it('are a union; rings within one polygon are even-odd', () => {
    const twice = reduceArea(multi([box(0, 0, 2, 2)], [box(0, 0, 2, 2)]))
    assert.deepEqual(twice, polygon(box(0, 0, 2, 2)))
    const within = reduceArea(multi([box(0, 0, 9, 9)], [box(2, 2, 4, 4)]))
    assert.deepEqual(within, polygon(box(0, 0, 9, 9)))
    const island = reduceArea(multi([box(0, 0, 9, 9), box(2, 2, 7, 7)], [box(3, 3, 4, 4)]))
    assert.equal(island.type, 'MultiPolygon')
    const bowTie: Ring = [
      [0, 0],
      [2, 2],
      [2, 0],
      [0, 2],
    ]
    assert.equal(reduceArea(polygon(bowTie)).coordinates.length, 2)
  })

  it('cover every point that one of them covers, and no other', () => {
    const random = randomFrom(7)
    const inRing = (ring: Ring, [x, y]: Ring[number]) =>
      ring.filter(([x1, y1], at) => {
        const [x2, y2] = ring[(at + 1) % ring.length]!
        return y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1
      }).length %
        2 ===
      1
    const inPolygon = (rings: readonly Ring[], point: Ring[number]) =>
      rings.filter((ring) => inRing(ring, point)).length % 2 === 1
    for (let round = 0; round < 100; round++) {
      const ring = (): Ring =>
        Array.from({ length: random.whole(3, 9) }, () => [
          random.between(0, 9),
          random.between(0, 9),
        ])
      const parts = Array.from({ length: random.whole(1, 4) }, () => [ring()])
      const union = unionOf(parts)
      for (let tries = 0; tries < 50; tries++) {
        const point = [random.between(0, 9), random.between(0, 9)] as const
        const expected = parts.some((rings) => inPolygon(rings, point))
        assert.equal(
          union.some((rings) => inPolygon(rings, point)),
          expected,
        )
      }
    }
  })
})

describe('areas of polygon sets', () => {
  it('are measured, cut and simplified', () => {
    const [one, other] = [unionOf([[box(0, 0, 4, 4)]]), unionOf([[box(3, 3, 9, 9)]])]
    assert.equal(squareDegrees(one), 16)
    assert.deepEqual(intersectionOf(one, other), [[box(3, 3, 4, 4)]])
    assert.deepEqual(intersectionOf(one, unionOf([[box(5, 5, 6, 6)]])), [])
    const circle: Ring = Array.from({ length: 720 }, (_, at) => [
      Math.cos((at * Math.PI) / 360),
      Math.sin((at * Math.PI) / 360),
    ])
    const simple = simplify(unionOf([[circle]]), 0.01)
    assert.ok((simple[0]?.[0]?.length ?? 999) < 40)
    assert.ok(Math.abs(squareDegrees(simple) - Math.PI) < 0.05)
  })
})

describe('what is not an area', () => {
  const point = { type: 'Point', coordinates: [1, 2] }
  const rows = [
    ['a point', point, /^has the type "Point": give a Polygon/],
    [
      'a line',
      {
        type: 'LineString',
        coordinates: [
          [1, 2],
          [3, 4],
        ],
      },
      /type "LineString"/,
    ],
    [
      'a point among polygons',
      { type: 'GeometryCollection', geometries: [polygon(box(0, 0, 1, 1)), point] },
      /^geometries\[1\]: has the type "Point"/,
    ],
    ['an empty collection', { type: 'FeatureCollection', features: [] }, /^has no polygon/],
    [
      'a feature without geometry',
      { type: 'Feature', geometry: null },
      /^geometry: must be a GeoJSON/,
    ],
    ['a polygon without rings', { type: 'Polygon', coordinates: [] }, /an outer ring/],
    ['metres', polygon(box(500_000, 5_399_360, 500_640, 5_400_000)), /metres of a projected CRS/],
    [
      'another CRS',
      { ...polygon(box(0, 0, 1, 1)), crs: { properties: { name: 'urn:ogc:def:crs:EPSG::32631' } } },
      /has the CRS "urn:ogc:def:crs:EPSG::32631": give longitude and latitude/,
    ],
    ['more than the globe', polygon(box(-200, 0, 200, 1)), /is 400 degrees wide/],
    [
      'a ring on a line',
      polygon([
        [0, 0],
        [1, 1],
        [2, 2],
      ]),
      /has no area/,
    ],
    [
      'text for a position',
      { type: 'Polygon', coordinates: [[['a'], [0, 1], [1, 1]]] },
      /coordinates\[0\]\[0\]: must be a position/,
    ],
  ] as const
  for (const [name, value, message] of rows) {
    it(`is told: ${name}`, () => {
      assert.throws(() => reduceArea(value), { name: 'TypeError', message })
    })
  }

  it('is told before it costs: a ring that crosses itself without end', () => {
    const random = randomFrom(3)
    const tangle = Array.from(
      { length: 9000 },
      () => [random.between(0, 9), random.between(0, 9)] as const,
    )
    assert.throws(() => reduceArea(polygon(tangle)), /crosses itself more than 2000 times/)
    const many = Array.from({ length: 10_001 }, (_, at) => [at / 100, Math.sin(at)] as const)
    assert.throws(() => reduceArea(polygon(many)), /at most 10000 positions/)
  })
})
