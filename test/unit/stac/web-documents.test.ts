// An item by the address of its content, however that is written.

import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { createWebDocuments } from '../../../lib/stac/web-documents.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { recorded } from '../../harness/dags.ts'
import { importDirectory } from '../../harness/import-dag.ts'
import { nobody, serve } from '../net/loopback.ts'

const signal = new AbortController().signal
const memory = new MemoryBlocks()
const own = [recorded(memory)]
const network = new BlockRace([], systemClock)
const blocks = createBlocks({ own, network, cacheBytes: 0 })
const documents = createWebDocuments(createHttp({ allowedHosts: [], allowPrivate: false }), blocks)

describe('an item by its content', () => {
  let root = ''
  let alone = ''
  before(async () => {
    const text = new TextEncoder().encode('{"id":"x"}')
    const { root: cid, blocks } = await importDirectory(
      new Map([['an item.json', text]]),
      'unixfs-v1-2025',
    )
    for (const block of blocks) memory.put(block.cid, block.bytes)
    root = cid.toString()
    alone = (await memory.add(text, 'unixfs-v1-2025')).toString()
  })

  for (const [text, href] of [
    ['ipfs://ROOT/an item.json', 'ipfs://ROOT/an item.json'],
    ['/ipfs/ROOT/an item.json', 'ipfs://ROOT/an%20item.json'],
    ['ROOT/an%20item.json', 'ipfs://ROOT/an%20item.json'],
    ['dweb:/ipfs/ROOT/an%20item.json', 'ipfs://ROOT/an%20item.json'],
    ['web+ipfs://ROOT/an%20item.json', 'ipfs://ROOT/an%20item.json'],
    ['ALONE', 'ipfs://ALONE'],
  ] as const) {
    it(`is read at ${text}, and its own addresses begin at ${href}`, async () => {
      const there = (words: string) => words.replace('ROOT', root).replace('ALONE', alone)
      const read = await documents.json(there(text), {}, signal)
      assert.deepEqual(read, { value: { id: 'x' }, href: there(href) })
    })
  }

  it('at a gateway that is gone is read all the same, and what is nowhere is told as gone', async () => {
    const gone = await nobody()
    const local = createWebDocuments(createHttp({ allowedHosts: [], allowPrivate: true }), blocks)
    const read = await local.json(`${gone}/ipfs/${root}/an%20item.json?x=1`, {}, signal)
    assert.deepEqual(read, { value: { id: 'x' }, href: `ipfs://${root}/an%20item.json` })
    for (const path of [`/ipfs/${root}/none.json`, '/item.json', '/ipns/k51/item.json']) {
      const refused = { code: 'item_unreachable', message: /could not be fetched/ }
      await assert.rejects(local.json(`${gone}${path}`, {}, signal), refused)
    }
  })

  it('at a gateway whose name is somebody else’s by now, or that may not be asked, is read all the same', async () => {
    const parked = await serve((_, response) => response.end('<!doctype html><p>For sale'))
    const local = createWebDocuments(createHttp({ allowedHosts: [], allowPrivate: true }), blocks)
    for (const by of [local, documents]) {
      const read = await by.json(`${parked}/ipfs/${root}/an%20item.json`, {}, signal)
      assert.deepEqual(read, { value: { id: 'x' }, href: `ipfs://${root}/an%20item.json` })
    }
    const page = local.json(`${parked}/ipfs/${root}/none.json`, {}, signal)
    await assert.rejects(page, { code: 'item_invalid' })
  })

  it('is told by a name that others can change only where that is allowed', async () => {
    const name = 'k51qzi5uqu5dkef33ctg86o9rjjuu97tatnusbx9oge1b625xip0la8v2j1jl'
    for (const text of [`ipns://${name}/item.json`, `/ipns/${name}/item.json`]) {
      const refused = { code: 'asset_unusable', message: /say "names": true/ }
      await assert.rejects(documents.json(text, {}, signal), refused)
    }
  })

  it('is none where the address is of something else', async () => {
    for (const text of ['s3://bucket/item.json', '/data/item.json', 'item.json']) {
      await assert.rejects(documents.json(text, {}, signal), { code: 'host_refused' })
    }
  })
})
