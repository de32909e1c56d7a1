// IPNS records of a real Kubo: resolved by their signatures, and an NDVI of an item whose bands are named so.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../lib/async/clock.ts'
import { createGateway } from '../../lib/ipfs/gateway.ts'
import { createNames } from '../../lib/ipfs/names.ts'
import { parseIpnsName, verifyIpnsRecord } from '../../lib/ipld/ipns-record.ts'
import { createHttp } from '../../lib/net/http.ts'
import { noise } from '../harness/blocks.ts'
import { startKubo } from '../harness/kubo.ts'
import { kuboRpc } from '../harness/kubo-rpc.ts'
import { skipWithoutKubo } from '../harness/peers.ts'

const signal = new AbortController().signal
const http = createHttp({ allowedHosts: [], allowPrivate: true })

describe('a name that a real Kubo has published', () => {
  it('is resolved by its newest record, and what was tampered with is refused', async (t) => {
    if (skipWithoutKubo(t)) return
    await using node = await startKubo()
    const cids = await Promise.all(
      [1, 2].map((seed) => kuboRpc(node).add(noise(1_000, seed), ['cid-version=1'])),
    )
    const name = (await node.ipfs('key', 'gen', 'scenes')).trim()
    const source = createGateway({ url: node.gateway, headers: {} }, http, systemClock)
    const resolve = createNames([source], systemClock)
    for (const [index, cid] of cids.entries()) {
      await node.ipfs('name', 'publish', '--allow-offline', '--key=scenes', `/ipfs/${cid}`)
      const found = await resolve(name, signal)
      assert.deepEqual(
        [found.name, found.value, found.sequence, found.sources],
        [name, `/ipfs/${cid}`, String(index), [node.gateway]],
      )
      assert.ok(Date.parse(found.validity) > Date.now())
    }
    const record = await source.getRecord(name, signal)
    const parsed = parseIpnsName(name)
    for (let at = 0; at < record.length; at += 7) {
      const flipped = Uint8Array.from(record)
      flipped[at] = (flipped[at] ?? 0) ^ 4
      await verifyIpnsRecord(parsed, flipped, Date.now()).then(
        // Of what is not signed, the record's own fields of version 1 and its time to live may be anything.
        ({ value }) => assert.equal(value, `/ipfs/${cids[1]}`),
        (error: { code: string }) => assert.equal(error.code, 'content_unusable'),
      )
    }
  })

  it('of another kind of key, or not there, is told', async (t) => {
    if (skipWithoutKubo(t)) return
    await using node = await startKubo()
    const source = createGateway({ url: node.gateway, headers: {} }, http, systemClock)
    const resolve = createNames([source], systemClock)
    const rsa = (await node.ipfs('key', 'gen', '--type=rsa', '--size=2048', 'old')).trim()
    await assert.rejects(resolve(rsa, signal), { code: 'asset_unusable', message: /Ed25519/ })
    const empty = (await node.ipfs('key', 'gen', 'empty')).trim()
    await assert.rejects(resolve(empty, signal), { code: 'content_unavailable' })
  })
})
