// Fingerprints beside a real Kubo: the CIDs are those of `ipfs add`, and with the outboard in a Kubo's store and the
// producer's server alive, whoever has the item reads the file verified.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { FingerprintReply } from '../../lib/http/fingerprint-reply.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { startCopyHost } from '../harness/copy-host.ts'
import { startKubo } from '../harness/kubo.ts'
import { kuboRpc } from '../harness/kubo-rpc.ts'
import { largeTiff, middleOf } from '../harness/large-tiff.ts'
import { skipWithoutKubo } from '../harness/peers.ts'
import { json, startSystem } from '../harness/system.ts'

const red = largeTiff(6, 6, 1000)
const nir = largeTiff(6, 6, 3000)

/** Nobody's gateway: what is read comes from the copies of the files alone. */
const alone = { IPFS_GATEWAYS: 'http://127.0.0.1:9' }

for (const profile of ['unixfs-v1-2025', 'unixfs-v0-2015'] as const) {
  it(`a scene of 144 MiB has Kubo's CIDs, and is read by them (${profile})`, async (t) => {
    if (skipWithoutKubo(t)) return
    await using node = await startKubo({ profiles: [profile] })
    const rpc = kuboRpc(node)
    const host = await startCopyHost()
    const maker = await startSystem(alone)
    const stranger = await startSystem({ IPFS_GATEWAYS: node.gateway })
    try {
      host.put('B04.tif', red.bytes)
      host.put('B08.tif', nir.bytes)
      const item: JsonObject = {
        type: 'Feature',
        stac_version: '1.0.0',
        id: 'S2B_20MRB_20230723_0_L2A',
        geometry: null,
        properties: { datetime: '2023-07-23T14:27:09Z', 's2:processing_baseline': '02.14' },
        assets: { red: { href: `${host.url}/B04.tif` }, nir: { href: `${host.url}/B08.tif` } },
        links: [],
      }
      const response = await fetch(`${maker.base}/fingerprint`, {
        method: 'POST',
        body: JSON.stringify({ item, profile, pin: false }),
        headers: { 'content-type': 'application/json' },
      })
      assert.equal(response.status, 200)
      const { fingerprints, item: enriched } = await json<FingerprintReply>(response)
      for (const [key, { bytes }] of Object.entries({ red, nir })) {
        const cid = fingerprints[key]?.cid ?? ''
        assert.equal(cid, await rpc.add(bytes, ['only-hash=true']), key)
        const car = await fetch(`${maker.base}/fingerprints/${cid}.car`)
        await rpc.importCar(new Uint8Array(await car.arrayBuffer()))
      }
      // It knows neither the record nor a leaf: inner nodes are Kubo's, leaves the producer's.
      const tile = 20
      host.sent = 0
      const reply = await stranger.ndvi({
        item: enriched,
        bbox: middleOf(red, tile),
        max_size: 'full',
        trust: 'cid',
      })
      const [a, b] = [red.valueOf(tile), nir.valueOf(tile)]
      assert.ok(Math.abs((reply.statistics.mean ?? 0) - (b - a) / (b + a)) < 1e-12)
      assert.equal(reply.proof.trust, 'cid')
      const sources = reply.proof.bands['red']?.sources ?? {}
      assert.ok((sources[host.url] ?? 0) > 0 && (sources[node.gateway] ?? 0) > 0)
      assert.ok(host.sent < 24 * 1024 * 1024, `${host.sent} bytes of 144 MiB`)
    } finally {
      await maker.close()
      await stranger.close()
      await host.close()
    }
  })
}
