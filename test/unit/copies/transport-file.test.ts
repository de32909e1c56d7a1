// A copy read in ranges over TLS: one version, a list of what was read, and what a fingerprint says of it later.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { createHttpCopy } from '../../../lib/copies/http-copy.ts'
import { openTransport } from '../../../lib/copies/transport-file.ts'
import type { ErrorCode } from '../../../lib/errors.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile } from '../../../lib/ipfs/file.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { differingRanges } from '../../../lib/steps/differing-ranges.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import { type CopyHost, startCopyHost } from '../../harness/copy-host.ts'
import { unsigned } from '../../harness/signers.ts'

const signal = new AbortController().signal
const http = createHttp({ allowedHosts: [], allowPrivate: true })
const clock = { elapsed: () => 0, now: () => 0, sleep: async () => undefined }
const KIB = 1024
const file = noise(1000 * KIB)

let host: CopyHost
before(async () => {
  host = await startCopyHost()
})
after(() => host.close())

async function open(name: string) {
  const copy = createHttpCopy(`${host.url}/${name}?sig=secret`, http, unsigned, clock)
  assert.ok(copy)
  host.asked.length = 0
  host.sent = 0
  return openTransport(copy, clock, signal)
}

const refuses = (code: ErrorCode, words: RegExp) => ({ code, message: words })

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('a copy in ranges', () => {
  it('is read in as few requests as its ranges allow, its front with the first', async () => {
    const { etag } = host.put('scene', file)
    const copy = await open('scene')
    assert.equal(copy.size, file.length)
    assert.equal(copy.address, `${host.url}/scene`)
    assert.equal(copy.version.etag, etag)
    const ranges = [
      { offset: 0, length: 8 },
      { offset: 200 * KIB, length: 10 * KIB },
      { offset: 210 * KIB + 8, length: 10 * KIB },
      { offset: 500 * KIB, length: 10 * KIB },
    ]
    const apart = await Promise.all(ranges.map((range) => copy.readAll([range], signal)))
    for (const [at, { offset, length }] of ranges.entries()) {
      assert.deepEqual(apart[at], [file.subarray(offset, offset + length)])
    }
    assert.deepEqual(
      host.asked.map(({ headers }) => headers.range),
      [
        'bytes=0-65535',
        `bytes=${200 * KIB}-${220 * KIB + 7}`,
        `bytes=${500 * KIB}-${510 * KIB - 1}`,
      ],
    )
    assert.equal(copy.requests, 3)
    assert.equal(copy.bytesRead, host.sent)
    assert.deepEqual(
      copy.ranges,
      ranges.map(({ offset, length }) => ({
        offset,
        length,
        sha256: digest(file.subarray(offset, offset + length)),
      })),
    )
    await copy.readAll(ranges, signal)
    assert.equal(copy.ranges.length, ranges.length)
  })

  it('smaller than its front is one request, of a server without ranges too', async () => {
    host.put('small', file.subarray(0, 1000))
    for (const ranges of [true, false]) {
      host.ranges = ranges
      const copy = await open('small')
      assert.deepEqual(await copy.readAll([{ offset: 990, length: 10 }], signal), [
        file.subarray(990, 1000),
      ])
      assert.equal(host.asked.length, 1)
    }
    host.put('large', file)
    await assert.rejects(open('large'), refuses('source_refused', /does not answer ranges/))
    host.ranges = true
  })

  it('that becomes another in the middle is told', async () => {
    host.put('moving', file)
    const copy = await open('moving')
    host.put('moving', noise(1000 * KIB, 9), { modified: 'Wed, 04 Nov 2026 10:00:00 GMT' })
    await assert.rejects(
      copy.readAll([{ offset: 500 * KIB, length: 5 }], signal),
      refuses('source_changed', /changed while it was read/),
    )
  })

  it('survives a server that is busy, and a connection that breaks', async () => {
    host.put('busy', file)
    const copy = await open('busy')
    let refusals = 1
    host.instead = (_, response) => {
      if (refusals-- <= 0) return false
      response.writeHead(503).end()
      return true
    }
    let cuts = 1
    host.cut = () => (cuts-- > 0 ? 3 : null)
    const range = { offset: 500 * KIB, length: 100 }
    assert.deepEqual(await copy.readAll([range], signal), [
      file.subarray(500 * KIB, 500 * KIB + 100),
    ])
    host.cut = () => null
    host.instead = () => false
  })

  it('is not read past its end', async () => {
    host.put('end', file)
    const copy = await open('end')
    await assert.rejects(
      copy.readAll([{ offset: file.length - 1, length: 2 }], signal),
      refuses('raster_unusable', /cut short/),
    )
  })
})

describe('a later fingerprint', () => {
  async function fileOf(bytes: Uint8Array<ArrayBuffer>) {
    const memory = new MemoryBlocks()
    const cid = await memory.add(bytes)
    const blocks = createBlocks({
      own: [{ name: 'test', get: async (block) => memory.get(block) }],
      network: new BlockRace([], clock),
      cacheBytes: 0,
    })
    return openFile(cid, blocks, new ReadSession(), signal)
  }

  async function readRanges() {
    host.put('scene', file)
    const copy = await open('scene')
    await copy.readAll(
      Array.from({ length: 40 }, (_, at) => ({ offset: at * 20 * KIB, length: 5 * KIB + at })),
      signal,
    )
    return copy.ranges
  }

  it('confirms what was read of the same file', async () => {
    const ranges = await readRanges()
    assert.equal(ranges.length, 40)
    assert.deepEqual(await differingRanges(ranges, await fileOf(file), signal), [])
  })

  it('confirms ranges of any length, of none too', async () => {
    const at = (offset: number, length: number) => ({
      offset,
      length,
      sha256: createHash('sha256')
        .update(file.subarray(offset, offset + length))
        .digest('hex'),
    })
    const ranges = [at(0, file.length), at(3, 600 * KIB), at(file.length, 0)]
    assert.deepEqual(await differingRanges(ranges, await fileOf(file), signal), [])
    const wrong = { ...at(0, file.length), length: file.length - 1 }
    assert.deepEqual(await differingRanges([...ranges, wrong], await fileOf(file), signal), [wrong])
  })

  it('refutes what was read of another, range by range', async () => {
    const ranges = await readRanges()
    const other = file.slice()
    other[7 * 20 * KIB] = (other[7 * 20 * KIB] ?? 0) ^ 1
    assert.deepEqual(await differingRanges(ranges, await fileOf(other), signal), [ranges[7]])
    const shorter = file.slice(0, 39 * 20 * KIB + 1)
    assert.deepEqual(await differingRanges(ranges, await fileOf(shorter), signal), [ranges[39]])
  })
})
