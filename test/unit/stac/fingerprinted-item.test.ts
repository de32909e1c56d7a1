// The item that names CIDs, which lies elsewhere than the one that it was made of.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { fingerprintedItem } from '../../../lib/stac/fingerprinted-item.ts'
import { readItem } from '../../../lib/stac/item.ts'

const address = 'https://catalogue.example/a/b/item.json'

function linksOf(links: readonly JsonObject[], href: string | null): unknown {
  const item = { type: 'Feature', id: 'x', properties: {}, assets: {}, links }
  return fingerprintedItem(readItem(item, href), {})['links']
}

describe('links of a fingerprinted item', () => {
  const via = { rel: 'via', href: address, type: 'application/geo+json' }

  it('lead where those of the item lead', () => {
    const links = [
      { rel: 'root', href: '../../catalog.json' },
      { rel: 'collection', href: './collection.json', title: 'C' },
      { rel: 'license', href: '/LICENSE?v=1' },
      { rel: 'about', href: 'https://elsewhere.example/a b' },
    ]
    assert.deepEqual(linksOf(links, address), [
      { rel: 'root', href: 'https://catalogue.example/catalog.json' },
      { rel: 'collection', href: 'https://catalogue.example/a/b/collection.json', title: 'C' },
      { rel: 'license', href: 'https://catalogue.example/LICENSE?v=1' },
      { rel: 'about', href: 'https://elsewhere.example/a b' },
      via,
    ])
    assert.deepEqual(linksOf([{ rel: 'parent', href: '..' }], 'ipfs://bafkqaaa/a/item.json'), [
      { rel: 'parent', href: 'ipfs://bafkqaaa/' },
      { ...via, href: 'ipfs://bafkqaaa/a/item.json' },
    ])
  })

  it('are relative to its link to itself where it came without an address', () => {
    const self = { rel: 'self', href: address }
    assert.deepEqual(linksOf([self, { rel: 'parent', href: './c.json' }], null), [
      self,
      { rel: 'parent', href: 'https://catalogue.example/a/b/c.json' },
    ])
  })

  it('are left out where nobody can tell what they are relative to', () => {
    const about = { rel: 'about', href: 'https://elsewhere.example/' }
    assert.deepEqual(linksOf([{ rel: 'parent', href: './c.json' }, { rel: 'x' }, about], null), [
      about,
    ])
  })
})

it('alternates of a fingerprinted item lead where those of the item lead', () => {
  const alternate = {
    near: { href: './B04.tif', 'alternate:name': 'Near' },
    s3: { href: 's3://bucket/B04.tif' },
    IPFS: 'bafkqaaa',
  }
  const item = {
    type: 'Feature',
    id: 'x',
    properties: {},
    links: [],
    assets: { red: { alternate } },
  }
  const of = (href: string | null) =>
    JSON.stringify(fingerprintedItem(readItem(item, href), {})['assets'])
  const near = { ...alternate.near, href: 'https://catalogue.example/a/b/B04.tif' }
  assert.equal(of(address), JSON.stringify({ red: { alternate: { ...alternate, near } } }))
  assert.equal(of(null), JSON.stringify({ red: { alternate } }))
})
