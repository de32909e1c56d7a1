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
