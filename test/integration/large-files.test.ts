// Files as large as a producer's: read once for their CIDs, whatever befalls the connection; in ranges from then on.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { rangesOf } from '../../lib/copies/range-reader.ts'
import type { FingerprintReply } from '../../lib/http/fingerprint-reply.ts'
import type { Problem } from '../../lib/http/problem.ts'
import { openFile } from '../../lib/ipfs/file.ts'
import { Mirror } from '../../lib/ipfs/mirror.ts'
import { ReadSession } from '../../lib/ipfs/read-session.ts'
import { parseCid } from '../../lib/ipld/cid.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { type CopyHost, startCopyHost } from '../harness/copy-host.ts'
import { largeTiff, middleOf, TILE_BYTES } from '../harness/large-tiff.ts'
import { randomFrom } from '../harness/random.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'

const MIB = 1024 * 1024
const PIECE = 8 * MIB
const signal = new AbortController().signal
/** 220 MiB, and 24. */
const large = largeTiff(11, 10, 1000)
const red = largeTiff(4, 3, 1000)
const nir = largeTiff(4, 3, 3000)
const digest = (bytes: Uint8Array) => `1220${createHash('sha256').update(bytes).digest('hex')}`

let host: CopyHost
let system: TestSystem
before(async () => {
  host = await startCopyHost()
  host.put('large.tif', large.bytes)
  host.put('red.tif', red.bytes)
  host.put('nir.tif', nir.bytes)
  system = await startSystem({ IPFS_GATEWAYS: 'http://127.0.0.1:9' })
})
after(async () => {
  await system.close()
  await host.close()
})

function itemOf(assets: JsonObject): JsonObject {
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: 'S2B_20MRB_20230723_0_L2A',
    geometry: null,
    properties: { datetime: '2023-07-23T14:27:09Z', 's2:processing_baseline': '02.14' },
    assets,
    links: [],
  }
}

const file = (name: string, fields: JsonObject = {}) => ({ href: `${host.url}/${name}`, ...fields })

async function print(body: object, headers: Readonly<Record<string, string>> = {}) {
  return fetch(`${system.base}/fingerprint`, {
    method: 'POST',
    body: JSON.stringify({ pin: false, ...body }),
    headers: { 'content-type': 'application/json', ...headers },
  })
}

describe('a file of 220 MiB', () => {
  const asked = () => ({
    item: itemOf({ red: file('large.tif', { 'file:checksum': digest(large.bytes) }) }),
    assets: ['red'],
  })

  it('is downloaded once for two who ask, over ten connections that break', async () => {
    const dice = randomFrom(11)
    let breaks = 10
    host.cut = ({ length }) => (length > 1 && breaks-- > 0 ? dice.whole(1, length - 1) : null)
    host.sent = 0
    const replies = await Promise.all([print(asked()), print(asked())])
    host.cut = () => null
    const prints: FingerprintReply[] = []
    for (const reply of replies) {
      assert.equal(reply.status, 200, reply.status === 200 ? '' : await reply.clone().text())
      prints.push(await json<FingerprintReply>(reply))
    }
    assert.ok(breaks <= 0)
    const { cid, size, producer_checksum } = prints[0]?.fingerprints['red'] ?? {}
    assert.equal(cid, prints[1]?.fingerprints['red']?.cid)
    assert.deepEqual([size, producer_checksum?.status], [large.bytes.length, 'verified'])
    // What broke off is read on from there; each who asks looks at one byte first.
    assert.equal(host.sent, large.bytes.length + 2)
    const outboard = await fetch(`${system.base}/fingerprints/${cid}.car`)
    assert.ok((await outboard.arrayBuffer()).byteLength < 20_000)
  })

  it('is read in ranges from then on, each block checked', async () => {
    host.sent = 0
    const { fingerprints } = await json<FingerprintReply>(await print(asked()))
    assert.ok(host.sent <= 1)
    const { services } = system
    const copy = services.openCopy(`${host.url}/large.tif`, true) ?? assert.fail()
    const session = new ReadSession()
    const opened = await openFile(
      parseCid(fingerprints['red']?.cid ?? ''),
      services.blocks,
      session,
      signal,
      { mirrors: (placeOf) => [new Mirror(rangesOf(copy, null), placeOf)] },
    )
    const offset = large.offset + 57 * TILE_BYTES
    const [tile] = await opened.readAll([{ offset, length: TILE_BYTES }], signal)
    assert.deepEqual(tile?.subarray(0, 2), new Uint8Array([(1000 + 171) & 255, (1000 + 171) >> 8]))
    assert.ok(host.sent < 6 * MIB, `${host.sent} bytes`)
  })

  it('of another checksum is refused, and nothing of it is kept', async () => {
    const zeros = `1220${'0'.repeat(64)}`
    const item = itemOf({ red: file('large.tif?v=2', { 'file:checksum': zeros }) })
    const response = await print({ item, assets: ['red'] })
    const problem = await json<Problem>(response)
    assert.deepEqual([response.status, problem.code], [422, 'checksum_mismatch'])
    const { fingerprints } = system.services
    const address = `${host.url}/large.tif?v=2`
    assert.equal(await fingerprints.byAddress(address, 'unixfs-v1-2025', signal), null)
  })

  it('that changes afterwards is told', async () => {
    host.put('large.tif', large.bytes, { etag: '"new"', modified: 'Wed, 04 Nov 2026 10:00:00 GMT' })
    const problem = await json<Problem>(await print(asked()))
    assert.deepEqual([problem.status, problem.code], [409, 'source_changed'])
  })
})

describe('the NDVI that has files fingerprinted', () => {
  it('does not read their pixels again', async () => {
    const item = itemOf({ red: file('red.tif'), nir: file('nir.tif') })
    host.asked.length = 0
    const tile = 6
    const reply = await system.ndvi({ item, bbox: middleOf(red, tile), max_size: 'full' })
    const [a, b] = [red.valueOf(tile), nir.valueOf(tile)]
    assert.ok(Math.abs((reply.statistics.mean ?? 0) - (b - a) / (b + a)) < 1e-12)
    assert.equal(reply.proof.trust, 'fingerprint')
    const ranges = host.asked.map(({ url, headers }) => `${url} ${headers.range}`)
    const size = red.bytes.length
    const whole = (name: string) =>
      [0, 1, 2, 3]
        .map((at) => [at * PIECE, Math.min((at + 1) * PIECE, size) - 1] as const)
        .filter(([from, last]) => from <= last && from < size)
        .map(([from]) => `/${name}.tif bytes=${from}-${from + PIECE - 1}`)
    const others = ranges.filter((each) => !each.endsWith(' bytes=0-0'))
    assert.deepEqual(
      others.map(clipped).toSorted(),
      [...whole('red'), ...whole('nir')].map(clipped).toSorted(),
    )
  })
})

/** The first byte alone: the last range may end with the file. */
function clipped(line: string): string {
  return line.replace(/-\d+$/, '')
}
