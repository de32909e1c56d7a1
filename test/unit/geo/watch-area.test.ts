// How an operator writes the watched places, and what is told of those that cannot be read.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseWatch } from '../../../lib/geo/watch-area.ts'

const point = { type: 'Point', coordinates: [179.9, -17] }
const triangle = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ],
  ],
}
const feature = (geometry: unknown) => ({ type: 'Feature', properties: {}, geometry })

const readable: readonly (readonly [name: string, text: string, types: readonly string[]])[] = [
  ['one box', '-61,-4,-59,-2', ['Polygon']],
  ['boxes, with space around and a last separator', ' 0,0,1,1 ; 5,5,6,6; ', ['Polygon', 'Polygon']],
  ['a box over the antimeridian', '177,-20,-178,-15', ['Polygon']],
  ['a geometry', JSON.stringify(triangle), ['Polygon']],
  ['a feature', JSON.stringify(feature(point)), ['Point']],
  [
    'a collection of features',
    JSON.stringify({ type: 'FeatureCollection', features: [feature(point), feature(triangle)] }),
    ['Point', 'Polygon'],
  ],
  [
    'a collection of geometries',
    JSON.stringify({ type: 'GeometryCollection', geometries: [triangle, point] }),
    ['Polygon', 'Point'],
  ],
]

describe('a watched place is read from', () => {
  for (const [name, text, types] of readable) {
    it(name, () => {
      assert.deepEqual(
        parseWatch(text).map(({ type }) => type),
        types,
      )
    })
  }
})

it('a box over the antimeridian goes on past 180 degrees', () => {
  const [area] = parseWatch('177,-20,-178,-15')
  const longitudes =
    JSON.stringify(area?.['coordinates'])
      .match(/-?[\d.]+/g)
      ?.map(Number) ?? []
  const east = longitudes.filter((value) => value > 0)
  assert.deepEqual([Math.min(...east), Math.max(...east)], [177, 182])
})

const wrong: readonly (readonly [name: string, text: string, fault: RegExp])[] = [
  ['three sides', '1,2,3', /"1,2,3" is not a box/],
  ['five sides', '1,2,3,4,5', /is not a box/],
  ['a word', 'Manaus', /"Manaus" is not a box/],
  ['an empty side', '1,,3,4', /is not a box/],
  ['south above north', '0,5,1,4', /is not a box/],
  ['no width', '3,0,3,1', /is not a box/],
  ['a latitude beyond the pole', '0,0,1,91', /is not a box/],
  ['a longitude beyond the antimeridian', '170,0,190,1', /is not a box/],
  ['half a JSON', '{"type":', /cannot be parsed as JSON/],
  ['a list', '[1,2,3,4]', /is not GeoJSON/],
  ['an unknown type', '{"type":"Circle"}', /type "Circle"/],
  ['a feature without a geometry', JSON.stringify(feature(null)), /is not GeoJSON/],
  ['an empty collection', '{"type":"FeatureCollection","features":[]}', /has no geometry/],
  ['a collection without members', '{"type":"FeatureCollection"}', /collection without members/],
  ['metres', '{"type":"Point","coordinates":[832485,-340995]}', /Point without coordinates/],
  ['a flat polygon', '{"type":"Polygon","coordinates":[[0,0],[1,1]]}', /without coordinates/],
  [
    'collections in collections without end',
    `${'{"type":"GeometryCollection","geometries":['.repeat(50)}${']}'.repeat(50)}`,
    /is not GeoJSON/,
  ],
]

describe('a watched place is refused for', () => {
  for (const [name, text, fault] of wrong) {
    it(name, () => {
      assert.throws(() => parseWatch(text), fault)
    })
  }
})
