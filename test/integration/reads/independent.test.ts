// Whole files and ranges from two gateways: one that we did not write, and our own; the same bytes by the same proof.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile } from '../../../lib/ipfs/file.ts'
import { createGateway } from '../../../lib/ipfs/gateway.ts'
import { Prefetcher } from '../../../lib/ipfs/prefetch.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { resolvePath } from '../../../lib/ipfs/resolve-path.ts'
import { type Cid, RAW } from '../../../lib/ipld/cid.ts'
import type { ByteRange } from '../../../lib/model/bytes.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { cut, dice, plantBalanced, plantLeaf, plantTrickle } from '../../harness/dags.ts'
import { importDirectory } from '../../harness/import-dag.ts'
import { startIndependentGateway } from '../../harness/independent-gateway.ts'
import { startSystem } from '../../harness/system.ts'

const signal = new AbortController().signal
const http = createHttp({ allowedHosts: [], allowPrivate: true })
const HEAD = 65_536

const memory = new MemoryBlocks()
/** 64 leaves of 20,000 bytes under two nodes under the root, as a file of 50 MB has them in 256 KiB. */
const large = noise(1_280_000)
const leaves = cut(large, () => 20_000).map((piece) => plantLeaf(memory, piece))
const files = {
  'two levels': { cid: plantBalanced(memory, leaves, 32).cid, bytes: large },
  'CIDv0, leaves of 256 KiB': { cid: await memory.add(noise(900_000)), bytes: noise(900_000) },
  'CIDv1, leaves of 1 MiB': {
    cid: await memory.add(noise(5_000_000, 2), 'unixfs-v1-2025'),
    bytes: noise(5_000_000, 2),
  },
  'one block': { cid: await memory.add(noise(1_000, 3)), bytes: noise(1_000, 3) },
  'a trickle': {
    cid: plantTrickle(
      memory,
      cut(noise(900_000, 4), () => 20_000).map((piece) => plantLeaf(memory, piece)),
      4,
    ).cid,
    bytes: noise(900_000, 4),
  },
} as const

const directory = await addDirectory()

async function addDirectory(): Promise<string> {
  const bands = new Map([
    ['B4.TIF', noise(9, 9)],
    ['B5.TIF', noise(9, 10)],
  ])
  const { root, blocks } = await importDirectory(bands, 'unixfs-v1-2025')
  for (const block of blocks) memory.put(block.cid, block.bytes)
  return root.toString()
}

const independent = await startIndependentGateway(memory)
after(() => independent.close())

/** Our own: the API's handler behind API Gateway's payloads, its store filled with the same blocks. */
const dataDir = await mkdtemp(join(tmpdir(), 'greenprint-embedded-'))
const system = await startSystem({ DATA_DIR: dataDir })
const keep = (block: Uint8Array<ArrayBuffer>) =>
  system.services.store.put(cidOfBlock(RAW, block), block, signal)
await Promise.all([...memory.map.values()].map(keep))
after(async () => {
  await system.close()
  await rm(dataDir, { recursive: true, force: true })
})

const gateways = { independent: independent.url, embedded: system.base }

/** On a busy machine a CAR may take longer than it is waited for. */
const PATIENCE_MS = 10_000

/** A process that knows one gateway, wired as the deployed system is. */
async function open(url: string, cid: Cid, front = 0) {
  const gateway = createGateway({ url, headers: {} }, http, systemClock)
  const network = new BlockRace([gateway], systemClock)
  const prefetcher = new Prefetcher([gateway], network, systemClock, PATIENCE_MS)
  const blocks = createBlocks({ own: [], network, prefetcher, cacheBytes: 0 })
  const reading = new ReadSession()
  const file = await openFile(cid, blocks, reading, signal, { front: () => front })
  return { file, reading, blocks }
}

function isUnavailable(line: string) {
  return (error: unknown) => {
    assert.ok(error instanceof GreenprintError, String(error))
    assert.equal(error.code, 'content_unavailable')
    assert.deepEqual(error.details, [line])
    return true
  }
}

for (const [gateway, url] of Object.entries(gateways)) {
  describe(`from the ${gateway} gateway`, () => {
    for (const [name, { cid, bytes }] of Object.entries(files)) {
      it(`${name}: the whole file, each block once`, async () => {
        const { file, reading } = await open(url, cid)
        const [whole] = await file.readAll([{ offset: 0, length: file.size }], signal)
        assert.ok(Buffer.from(whole ?? []).equals(bytes))
        const { blocks, requests, sources, bytes_read } = reading.ledger.totals
        assert.deepEqual(sources, { [url]: blocks })
        assert.ok(requests <= blocks, `${requests} requests for ${blocks} blocks`)
        assert.ok(bytes_read >= bytes.length && bytes_read < bytes.length * 1.01 + 1000)
      })

      it(`${name}: ranges, by raw blocks alone and after an opening`, async () => {
        const roll = dice(7)
        const ranges = Array.from({ length: 8 }, (): ByteRange => {
          const offset = roll(bytes.length)
          return { offset, length: roll(Math.min(400_000, bytes.length - offset)) }
        })
        for (const front of [0, HEAD, 900_000]) {
          const { file } = await open(url, cid, front)
          const parts = await file.readAll(ranges, signal)
          for (const [at, { offset, length }] of ranges.entries()) {
            const expected = bytes.subarray(offset, offset + length)
            assert.ok(Buffer.from(parts[at] ?? []).equals(expected), `range ${at}, front ${front}`)
          }
        }
      })
    }

    it('the opening of a large file comes in one CAR beside the root', async () => {
      const { cid } = files['two levels']
      const { file, reading } = await open(url, cid, HEAD)
      await file.atRest
      // By CID the root and the node that does not lead to the front; in the CAR the other one and four leaves.
      const { requests, sources } = reading.ledger.totals
      assert.deepEqual([requests, sources], [3, { [url]: 7 }])
      const [head] = await file.readAll([{ offset: 0, length: HEAD }], signal)
      assert.ok(Buffer.from(head ?? []).equals(large.subarray(0, HEAD)))
    })

    it('a file in a directory', async () => {
      const { blocks } = await open(url, files['one block'].cid)
      const reading = new ReadSession()
      const path = 'B4.TIF'
      const found = await resolvePath({ cid: directory, path }, blocks, reading, signal)
      const file = await openFile(found, blocks, reading, signal)
      assert.deepEqual(await file.readAll([{ offset: 0, length: 9 }], signal), [noise(9, 9)])
    })
  })
}

describe('what a gateway does not have, or has damaged', () => {
  const missing = cidOfBlock(RAW, noise(77, 77))
  it('missing: the independent one fails and says so, ours answers 404', async () => {
    for (const [url, line] of [
      [independent.url, `${independent.url}: HTTP 500`],
      [system.base, `${system.base}: HTTP 404`],
    ] as const) {
      await assert.rejects(open(url, missing), isUnavailable(line))
    }
  })

  it('damaged: what the independent one sends is refused here, ours does not let it out', async () => {
    const sound = noise(5_000, 78)
    const cid = cidOfBlock(RAW, sound)
    const damaged = sound.map((byte, at) => (at === 2_500 ? byte ^ 1 : byte))
    memory.put(cid, damaged)
    await system.services.store.put(cid, damaged, signal)
    const words = 'answered 5000 bytes that do not hash to the CID'
    for (const [url, line] of [
      [independent.url, `${independent.url}: ${words}`],
      [system.base, `${system.base}: HTTP 404`],
    ] as const) {
      await assert.rejects(open(url, cid), isUnavailable(line))
    }
  })
})
