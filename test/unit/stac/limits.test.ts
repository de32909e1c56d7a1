// What an item may make this deployment do: few copies are asked, and long texts are refused or not taken.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readItem } from '../../../lib/stac/item.ts'
import { readScene } from '../../../lib/stac/scene.ts'

const cids = {
  red: 'bafybeidlr3iiej7xs3qjnojwkb3akwyp5ftofr5wvsihrckkfewsr7624a',
  nir: 'bafybeicrgzsozxrj6ejqxbhbk3jbdgbkikr2khonegovhmjvsgthka4gna',
}

function itemWith(fields: object, id = 'a') {
  const asset = (cid: string) => ({ href: `ipfs://${cid}`, ...fields })
  const assets = { red: asset(cids.red), nir08: asset(cids.nir) }
  return readItem({ type: 'Feature', stac_version: '1.0.0', id, properties: {}, assets }, null)
}

function mirrorsOf(addresses: readonly string[]): readonly string[] {
  const alternate = Object.fromEntries(addresses.map((href, at) => [String(at), { href }]))
  return readScene(itemWith({ alternate })).red.mirrors
}

describe('copies of an asset', () => {
  it('are at most eight, of 5,000 hosts', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => `https://host-${at}.example/a.tif`)
    assert.deepEqual(mirrorsOf(many), many.slice(0, 8))
  })

  it('are at most three of one host or bucket', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => `https://host.example/${at}.tif`)
    const bucket = Array.from({ length: 9 }, (_, at) => `s3://bucket/${at}.tif`)
    assert.deepEqual(mirrorsOf([...many, ...bucket]), [...many.slice(0, 3), ...bucket.slice(0, 3)])
  })
})

describe('an item', () => {
  it('has at most a thousand assets', () => {
    const assets = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, { href: 'x' }]))
    const read = (count: number) =>
      readItem({ type: 'Feature', stac_version: '1.0.0', id: 'a', assets: assets(count) }, null)
    assert.equal(read(1_000).assets.length, 1_000)
    assert.throws(() => read(1_001), { code: 'item_invalid', message: /1001 assets: at most 1000/ })
  })

  it('is read without a geometry that is too fine, and says so', () => {
    const ring = (positions: number) =>
      Array.from({ length: positions }, (_, at) => [at % 90, at % 45])
    const shapes: readonly (readonly [object, boolean])[] = [
      [{ type: 'Polygon', coordinates: [ring(9_000)] }, false],
      [{ type: 'Polygon', coordinates: [ring(10_001)] }, true],
      [{ type: 'MultiPolygon', coordinates: [[ring(6_000)], [ring(6_000)]] }, true],
      [{ type: 'Polygon', coordinates: Array.from({ length: 10_001 }, () => []) }, true],
      [{ type: 'Polygon', coordinates: [Array(500_000).fill(7)] }, true],
      [
        {
          type: 'GeometryCollection',
          geometries: Array.from({ length: 6_000 }, () => ({
            type: 'MultiPoint',
            coordinates: ring(2),
          })),
        },
        true,
      ],
      [{ type: 'Point', coordinates: [1, 2] }, false],
    ]
    for (const [geometry, isFine] of shapes) {
      const snippet = {
        type: 'Feature',
        stac_version: '1.0.0',
        id: 'a',
        properties: {},
        assets: {},
      }
      const item = readItem({ ...snippet, geometry, bbox: [1, 2, 3, 4] }, null)
      assert.equal(item.geometry === null, isFine)
      assert.deepEqual(item.bbox, [1, 2, 3, 4])
      assert.equal(
        item.warnings.some((each) => each.includes('10000 positions')),
        isFine,
      )
    }
  })
})

describe('a text of an item', () => {
  it('that is its id has at most 256 characters', () => {
    assert.equal(itemWith({}, 'a'.repeat(256)).id.length, 256)
    assert.throws(() => itemWith({}, 'a'.repeat(250_000)), { code: 'item_invalid' })
  })

  it('that is a unit has at most 64', () => {
    const unitOf = (unit: string) => readScene(itemWith({ unit })).red.unit
    assert.equal(unitOf('W/(m2 sr um)'), 'W/(m2 sr um)')
    assert.equal(unitOf('w'.repeat(200_000)), undefined)
  })
})
