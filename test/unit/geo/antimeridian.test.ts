// Places that touch across the antimeridian, in each way that the field writes them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { boxGeometry, touches, touching } from '../../../lib/geo/antimeridian.ts'
import { parseWatch } from '../../../lib/geo/watch-area.ts'

const ring = (west: number, east: number) => [
  [west, -18],
  [east, -18],
  [east, -16],
  [west, -16],
  [west, -18],
]
const scenes: readonly (readonly [name: string, geometry: unknown])[] = [
  ['cut in two', { type: 'MultiPolygon', coordinates: [[ring(179, 180)], [ring(-180, -179)]] }],
  ['jumping over it', { type: 'Polygon', coordinates: [ring(179, -179)] }],
  ['going on past 180', { type: 'Polygon', coordinates: [ring(179, 181)] }],
  ['going on past -180', { type: 'Polygon', coordinates: [ring(-181, -179)] }],
  ['as a box', boxGeometry([179, -18, -179, -16])],
  [
    'in a collection',
    {
      type: 'GeometryCollection',
      geometries: [{ type: 'Polygon', coordinates: [ring(179, -179)] }],
    },
  ],
  [
    'in a collection in a collection',
    {
      type: 'GeometryCollection',
      geometries: [
        {
          type: 'GeometryCollection',
          geometries: [{ type: 'Polygon', coordinates: [ring(179, -179)] }],
        },
      ],
    },
  ],
]
const watched: readonly (readonly [name: string, text: string, touched: boolean])[] = [
  ['a box over it', '178,-20,-178,-15', true],
  ['a box to its west', '179.2,-17.5,179.6,-17', true],
  ['a box to its east', '-179.6,-17.5,-179.2,-17', true],
  ['a box on the other side of the globe, in the same latitudes', '-10,-20,10,-15', false],
  ['a box beside it in the west', '170,-20,178.9,-15', false],
  ['a box beside it in the east', '-178.9,-20,-170,-15', false],
  ['a box north of it', '178,-15,-178,-10', false],
]

for (const [scene, geometry] of scenes) {
  describe(`a scene over the antimeridian, ${scene},`, () => {
    for (const [name, text, touched] of watched) {
      it(`${touched ? 'touches' : 'does not touch'} ${name}`, () => {
        const [area] = parseWatch(text)
        assert.equal(touches(area, geometry), touched)
        assert.equal(touches(geometry, area), touched)
      })
    }
  })
}

it('a geometry that is compared with many tells of each what it tells of it alone', () => {
  for (const [, geometry] of scenes) {
    const touchesScene = touching(geometry)
    for (const [name, text, touched] of [...watched, ...watched.toReversed()]) {
      assert.equal(touchesScene(parseWatch(text)[0]), touched, name)
    }
  }
})

describe('what is not a geometry', () => {
  for (const value of [
    null,
    'x',
    {},
    { type: 'Polygon' },
    { type: 'Polygon', coordinates: [[]] },
  ]) {
    it(`touches nothing: ${JSON.stringify(value)}`, () => {
      assert.equal(touches(value, boxGeometry([-180, -90, 180, 90])), false)
    })
  }
})

it('a point is touched by the box it lies in', () => {
  const point = { type: 'Point', coordinates: [-59.9, -3.1] }
  assert.equal(touches(point, boxGeometry([-61, -4, -59, -2])), true)
  assert.equal(touches(point, boxGeometry([-59, -4, -57, -2])), false)
})

describe('a box wider than half the globe', () => {
  const cases: readonly (readonly [text: string, lon: number, touched: boolean])[] = [
    ['-180,-90,180,90', 0, true],
    ['-180,-90,180,90', 179, true],
    ['-100,-20,150,20', 0, true],
    ['-100,-20,150,20', 170, false],
    ['30,-20,-60,20', 180, true],
    ['30,-20,-60,20', 0, false],
  ]
  for (const [text, lon, touched] of cases) {
    it(`${text} ${touched ? 'touches' : 'does not touch'} a scene at ${lon} degrees`, () => {
      const [area] = parseWatch(text)
      const scene = boxGeometry([lon - 0.5, -1, lon + 0.5, 1])
      assert.equal(touches(area, scene), touched)
    })
  }
})
