// Two items of the same content become one that names the copies of both.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { findBand } from '../../../lib/stac/bands.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { readScene } from '../../../lib/stac/scene.ts'
import { uniteCopies } from '../../../lib/stac/unite-copies.ts'

const CID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'

function itemOf(...copies: readonly string[]): JsonObject {
  const alternate = Object.fromEntries([
    ['IPFS', { href: `ipfs://${CID}` }],
    ...copies.slice(1).map((href, at) => [`mirror-${at}`, { href }] as const),
  ])
  const asset = { href: copies[0] ?? '', alternate }
  return {
    type: 'Feature',
    stac_version: '1.1.0',
    id: 'a',
    geometry: null,
    properties: { datetime: '2026-01-01T00:00:00Z' },
    assets: { red: asset, nir: { href: `ipfs://${CID}/nir.tif` } },
    links: [],
  }
}

function mirrorsOf(item: JsonObject | null): readonly string[] {
  assert.ok(item !== null)
  const read = readItem(item, null)
  assert.ok(findBand(read, 'red', null))
  const { red } = readScene(read)
  assert.equal(red.content?.cid, CID)
  return red.mirrors
}

describe('the copies of two items', () => {
  it('are those of both, the content as it was', () => {
    const one = itemOf('https://a.example/1.tif', 's3://bucket/1.tif')
    const other = { item: itemOf('https://b.example/1.tif', 'https://a.example/1.tif'), href: null }
    assert.deepEqual(mirrorsOf(uniteCopies(one, other)), [
      'https://a.example/1.tif',
      'https://b.example/1.tif',
      's3://bucket/1.tif',
    ])
  })

  it('are whole addresses: those of the other item begin where it was found', () => {
    const one = itemOf('https://a.example/1.tif')
    const other = { item: itemOf('./1.tif'), href: 'https://b.example/items/i.json' }
    assert.ok(mirrorsOf(uniteCopies(one, other)).includes('https://b.example/items/1.tif'))
    assert.equal(uniteCopies(one, { ...other, href: null }), null)
  })

  it('are a few, however often it is asked; the last come before those of earlier callers', () => {
    let item = itemOf('https://a.example/1.tif')
    for (let at = 0; at < 50; at++) {
      const other = { item: itemOf(`https://h${at}.example/1.tif`), href: null }
      item = uniteCopies(item, other) ?? item
    }
    const mirrors = mirrorsOf(item)
    assert.equal(mirrors.length, 8)
    assert.deepEqual(mirrors.slice(0, 2), ['https://a.example/1.tif', 'https://h49.example/1.tif'])
  })

  it('name no other content', () => {
    const one = itemOf('https://a.example/1.tif')
    const other = itemOf(`https://gateway.example/ipfs/${CID.replace('zy', 'za')}`)
    assert.equal(uniteCopies(one, { item: other, href: null }), null)
  })
})
