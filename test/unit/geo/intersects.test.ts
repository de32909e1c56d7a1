// Which geometries touch: small ones by hand, random ones as turf has it, large ones in no time.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { booleanIntersects } from '@turf/boolean-intersects'
import { intersecting } from '../../../lib/geo/intersects.ts'
import { randomFrom } from '../../harness/random.ts'
import { longestTurn } from '../../harness/turn-monitor.ts'

const intersects = (one: unknown, other: unknown) => intersecting(one)(other)

type Position = [number, number]
interface Geometry {
  readonly type: string
  readonly coordinates: unknown
}

const box = (west: number, south: number, east: number, north: number): Position[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
]
const square = { type: 'Polygon', coordinates: [box(0, 0, 4, 4)] }
const withHole = { type: 'Polygon', coordinates: [box(0, 0, 4, 4), box(1, 1, 3, 3)] }
const point = (x: number, y: number) => ({ type: 'Point', coordinates: [x, y] })
const line = (...coordinates: Position[]) => ({ type: 'LineString', coordinates })

const rows: readonly (readonly [name: string, one: unknown, other: unknown, touch: boolean])[] = [
  ['a point within', square, point(1, 1), true],
  ['a point on an edge', square, point(0, 2), true],
  ['a point on a corner', square, point(4, 4), true],
  ['a point on the latitude of a corner', square, point(5, 4), false],
  ['a point west of it on the latitude of its south', square, point(-1, 0), false],
  ['a point in its hole', withHole, point(2, 2), false],
  ['a point on the edge of its hole', withHole, point(1, 2), true],
  [
    'a square in its hole',
    withHole,
    { type: 'Polygon', coordinates: [box(1.5, 1.5, 2, 2)] },
    false,
  ],
  ['a square around it', square, { type: 'Polygon', coordinates: [box(-1, -1, 5, 5)] }, true],
  ['the same', square, square, true],
  [
    'a square with a side in common',
    square,
    { type: 'Polygon', coordinates: [box(4, 1, 5, 2)] },
    true,
  ],
  [
    'a square with a corner in common',
    square,
    { type: 'Polygon', coordinates: [box(4, 4, 5, 5)] },
    true,
  ],
  ['a square beside it', square, { type: 'Polygon', coordinates: [box(4.1, 0, 5, 4)] }, false],
  ['a line across', square, line([-1, 2], [5, 2]), true],
  ['a line within', square, line([1, 1], [2, 2]), true],
  ['a line that passes a corner', square, line([3, 5.1], [5.1, 3]), false],
  ['two lines that cross', line([0, 0], [2, 2]), line([0, 2], [2, 0]), true],
  ['two lines on one line apart', line([0, 0], [1, 1]), line([2, 2], [3, 3]), false],
  ['two lines on one line that overlap', line([0, 0], [2, 2]), line([1, 1], [3, 3]), true],
  ['two lines that are level', line([0, 1], [2, 1]), line([2, 1], [3, 1]), true],
  ['the same point', point(1, 2), point(1, 2), true],
  ['another point', point(1, 2), point(1, 3), false],
  [
    'a ring that is left open',
    square,
    { type: 'Polygon', coordinates: [box(1, 1, 9, 9).slice(1)] },
    true,
  ],
  [
    'a collection',
    { type: 'GeometryCollection', geometries: [point(9, 9), square] },
    point(1, 1),
    true,
  ],
  ['what is no geometry', square, { type: 'Polygon', coordinates: [] }, false],
]

describe('a geometry touches', () => {
  for (const [name, one, other, touch] of rows) {
    it(`${name}: ${touch}`, () => {
      assert.equal(intersects(one, other), touch)
      assert.equal(intersects(other, one), touch)
    })
  }
})

it('random geometries touch where turf says so', () => {
  const random = randomFrom(14)
  const at = (): Position => [random.between(0, 8), random.between(0, 8)]
  const ring = (): Position[] => {
    const [x, y] = at()
    const angles = Array.from({ length: 3 + Math.floor(random.between(0, 5)) }, () =>
      random.between(0, 2 * Math.PI),
    ).toSorted((one, other) => one - other)
    const reach = random.between(0.2, 3)
    const corners = angles.map(
      (angle): Position => [x + reach * Math.cos(angle), y + reach * Math.sin(angle)],
    )
    return [...corners, corners[0]!]
  }
  const makers: readonly (() => Geometry)[] = [
    () => ({ type: 'Point', coordinates: at() }),
    () => ({ type: 'MultiPoint', coordinates: [at(), at(), at()] }),
    () => ({ type: 'LineString', coordinates: [at(), at(), at()] }),
    () => ({ type: 'Polygon', coordinates: [ring()] }),
    () => ({ type: 'MultiPolygon', coordinates: [[ring()], [ring()]] }),
  ]
  const make = () => makers[Math.floor(random.between(0, makers.length))]!()
  let touching = 0
  for (let pair = 0; pair < 3000; pair++) {
    const [one, other] = [make(), make()]
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the geometries of turf's types
    const expected = booleanIntersects(one as never, other as never)
    assert.equal(intersects(one, other), expected, JSON.stringify([one, other]))
    if (expected) touching++
  }
  assert.ok(touching > 500 && touching < 2500, `${touching} of 3000`)
})

it('outlines of ten thousand corners are compared in a turn', async () => {
  const arc = (reach: number, from: number, to: number) =>
    Array.from({ length: 4950 }, (_, corner): Position => {
      const angle = from + ((to - from) * corner) / 4949
      return [reach * Math.cos(angle), reach * Math.sin(angle)]
    })
  // One lies in the bay of the other: no box tells them apart.
  const bay = { type: 'Polygon', coordinates: [[...arc(2, 0.1, 6.18), ...arc(1.5, 6.18, 0.1)]] }
  const island = { type: 'Polygon', coordinates: [[...arc(1, 0, 3.14), ...arc(1, 3.14, 6.28)]] }
  const turns: number[] = []
  for (let times = 0; times < 3; times++) {
    const { value, milliseconds } = await longestTurn(async () => intersects(bay, island))
    assert.equal(value, false)
    turns.push(milliseconds)
  }
  assert.ok(Math.min(...turns) < 50, `${Math.min(...turns)} ms`)
})
