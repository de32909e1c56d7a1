// Reading from a real Kubo: what its gateway answers to our requests, hashes and bases of its CIDs, and its limits.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../../lib/async/clock.ts'
import { createBlocks } from '../../lib/ipfs/blocks.ts'
import { createGateway } from '../../lib/ipfs/gateway.ts'
import { Prefetcher } from '../../lib/ipfs/prefetch.ts'
import { BlockRace } from '../../lib/ipfs/race.ts'
import { ReadSession } from '../../lib/ipfs/read-session.ts'
import { openPath } from '../../lib/ipfs/resolve-path.ts'
import { parseCid, RAW } from '../../lib/ipld/cid.ts'
import { createHttp } from '../../lib/net/http.ts'
import { noise } from '../harness/blocks.ts'
import { cidOfBlock } from '../harness/cid-of-block.ts'
import { type Kubo, startKubo } from '../harness/kubo.ts'
import { kuboRpc } from '../harness/kubo-rpc.ts'
import { kubo, skipWithoutKubo } from '../harness/peers.ts'

const signal = new AbortController().signal
/** As on Lambda: only what the operator configured may be plain and private. */
const http = createHttp({ allowedHosts: [], allowPrivate: false })
/** Of this machine, however busy it is. */
const PATIENCE_MS = 10_000
const bytes = noise(2_000_000)

/** A process that knows one gateway, wired as the deployed system is. */
function readerOf(url: string) {
  const gateway = createGateway({ url, headers: {} }, http, systemClock)
  const network = new BlockRace([gateway], systemClock)
  const prefetcher = new Prefetcher([gateway], network, systemClock, PATIENCE_MS)
  const blocks = createBlocks({ own: [], network, prefetcher, cacheBytes: 16_000_000 })
  const read = async (cid: string) => {
    const session = new ReadSession()
    const reference = { cid, path: '' }
    const file = await openPath(reference, blocks, session, signal, { front: () => 65_536 })
    const [whole] = await file.readAll([{ offset: 0, length: file.size }], signal)
    return { whole: Buffer.from(whole ?? []), totals: session.ledger.totals }
  }
  return { read, lines: () => network.lines }
}

async function assertReads(url: string, cid: string, expected: Uint8Array): Promise<void> {
  const { whole } = await readerOf(url).read(cid)
  assert.ok(whole.equals(expected), cid)
}

describe('a real Kubo that takes few requests at a time', () => {
  for (const most of [1, 2, 4]) {
    it(`(${most}) serves a file whole, however many we ask at first`, async (t) => {
      if (skipWithoutKubo(t)) return
      await using node = await startKubo({ config: { 'Gateway.MaxConcurrentRequests': most } })
      const large = noise(8_000_000, 5)
      const cid = await kuboRpc(node).add(large, [])
      const { whole } = await readerOf(node.gateway).read(cid)
      assert.ok(whole.equals(large))
    })
  }
})

describe('a real Kubo', () => {
  let node: Kubo | undefined
  before(async () => {
    if (existsSync(kubo())) node = await startKubo()
  })
  after(() => node?.[Symbol.asyncDispose]())
  const add = async (content: Uint8Array<ArrayBuffer>, ...options: readonly string[]) =>
    node === undefined ? '' : kuboRpc(node).add(content, options)

  const ways: readonly (readonly [string, ...string[]])[] = [
    ['by its defaults'],
    ['with raw leaves', 'raw-leaves=true', 'cid-version=1'],
    ['with leaves of 1 MiB', 'cid-version=1', 'raw-leaves=true', 'chunker=size-1048576'],
    ['in trickle form', 'trickle=true'],
    ['cut by content', 'chunker=rabin'],
    ['under sha2-512', 'hash=sha2-512'],
    ['under blake3', 'hash=blake3'],
    ['with its last leaf in a CID', 'chunker=size-99995', 'inline=true', 'inline-limit=120'],
    ['with mode and time', 'preserve-mode=true', 'mtime=1700000000', 'mode=0644'],
  ]
  for (const [name, ...options] of ways) {
    it(`serves a file that it imported ${name}`, async (t) => {
      if (skipWithoutKubo(t) || node === undefined) return
      await assertReads(node.gateway, await add(bytes, ...options), bytes)
    })
  }

  it('is read at localhost, where it answers with redirects to subdomains', async (t) => {
    if (skipWithoutKubo(t) || node === undefined) return
    const url = node.gateway.replace('127.0.0.1', 'localhost')
    const cid = await add(bytes)
    const answer = await fetch(`${url}/ipfs/${cid}?format=raw`, { redirect: 'manual' })
    assert.equal(answer.status, 301)
    await assertReads(url, cid, bytes)
  })

  it('names the same content in every base', async (t) => {
    if (skipWithoutKubo(t) || node === undefined) return
    const cid = cidOfBlock(RAW, bytes).toString()
    for (const base of [
      'base16',
      'base16upper',
      'base32upper',
      'base36',
      'base36upper',
      'base58btc',
      'base64url',
      'base2',
    ]) {
      const text = (await node.ipfs('cid', 'format', '-v', '1', '-b', base, cid)).trim()
      assert.equal(parseCid(text).toString(), cid, base)
    }
  })

  it('lacks a file: that is told, and its CARs are asked for afterwards as before', async (t) => {
    if (skipWithoutKubo(t) || node === undefined) return
    const reader = readerOf(node.gateway)
    const absent = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
    await assert.rejects(reader.read(absent), { code: 'content_unavailable' })
    const cid = await add(bytes)
    const { whole, totals } = await reader.read(cid)
    assert.ok(whole.equals(bytes))
    // The root or its first leaf came in the CAR, or both: fewer requests than blocks and the CAR.
    assert.ok(totals.requests <= totals.blocks + 1, JSON.stringify(totals))
  })

  it('has a block over 2 MiB: that is refused by name, and it serves on', async (t) => {
    if (skipWithoutKubo(t) || node === undefined) return
    const large = await kuboRpc(node).putRaw(noise(2_097_153))
    const reader = readerOf(node.gateway)
    await assert.rejects(reader.read(large), {
      code: 'content_unusable',
      message: /larger than 2 MiB/,
    })
    assert.ok((await reader.read(await add(bytes))).whole.equals(bytes))
    assert.match(reader.lines()[0] ?? '', /1 failed/)
  })

  it('has a raw block of one file: it is fetched once', async (t) => {
    if (skipWithoutKubo(t) || node === undefined) return
    const small = noise(700_000, 3)
    const cid = await kuboRpc(node).putRaw(small)
    const { whole, totals } = await readerOf(node.gateway).read(cid)
    assert.ok(whole.equals(small))
    assert.deepEqual([totals.requests, totals.blocks], [1, 1])
  })
})
