// A result as the API answers it: every content id with the address under which it is served here.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ndviReply } from '../../../lib/http/reply.ts'
import type { NdviResult } from '../../../lib/model/result.ts'

const result: NdviResult = {
  id: 'abc',
  cached: false,
  item: { id: 'scene', collection: null, datetime: null, href: null, chosen: 'given' },
  statistics: {
    valid_count: 0,
    total_count: 1,
    valid_percent: 0,
    invalid: { fill: 1, saturation: 0, mask: 0, denominator: 0 },
    clipped_count: 0,
    mean: null,
    stddev: null,
    minimum: null,
    maximum: null,
    percentiles: { 2: null, 25: null, 50: null, 75: null, 98: null },
    histogram: { edges: [], counts: [] },
  },
  grid: { crs: null, transform: [1, 0, 0, 0, -1, 0], shape: [1, 1], level: 0 },
  radiometry: {
    applied: 'none',
    red: { scale: 1, offset: 0 },
    nir: { scale: 1, offset: 0 },
    reason: 'r',
  },
  mask: ['fill'],
  root: 'bafyroot',
  assets: {
    figure: { file: 'figure.png', cid: 'bafkfigure', type: 'image/png', size: 7 },
    item: { file: 'item.json', cid: 'bafkitem', type: 'application/geo+json', size: 8 },
  },
  publications: [],
  proof: { software: 'greenprint 1', trust: 'cid', bands: {} },
  warnings: [],
}

it('the root and every asset have a CID, an ipfs address and an href', () => {
  const { root, assets, ...rest } = result
  assert.deepEqual(ndviReply(result, 'https://ndvi.example'), {
    ...rest,
    root: {
      cid: 'bafyroot',
      ipfs: 'ipfs://bafyroot',
      href: 'https://ndvi.example/ipfs/bafyroot',
    },
    assets: {
      figure: {
        cid: 'bafkfigure',
        ipfs: 'ipfs://bafkfigure',
        href: 'https://ndvi.example/ipfs/bafyroot/figure.png',
        type: 'image/png',
        size: 7,
      },
      item: {
        cid: 'bafkitem',
        ipfs: 'ipfs://bafkitem',
        href: 'https://ndvi.example/ipfs/bafyroot/item.json',
        type: 'application/geo+json',
        size: 8,
      },
    },
  })
  assert.equal(root, 'bafyroot')
  assert.equal(assets['figure']?.file, 'figure.png')
})

it('the reply is plain JSON: nothing in it is lost on the way', () => {
  const reply = ndviReply(result, 'https://ndvi.example')
  assert.deepEqual(JSON.parse(JSON.stringify(reply)), reply)
})
