// Plain copies of a file, over http ranges: whoever has the bytes may bring them, and the hash decides.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { createHttpCopy } from '../../../lib/copies/http-copy.ts'
import { rangesOf } from '../../../lib/copies/range-reader.ts'
import { createS3Copy } from '../../../lib/copies/s3-copy.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile } from '../../../lib/ipfs/file.ts'
import { createGateway } from '../../../lib/ipfs/gateway.ts'
import { Mirror } from '../../../lib/ipfs/mirror.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import type { Cid } from '../../../lib/ipld/cid.ts'
import { leafEncodings } from '../../../lib/ipld/leaf-encoding.ts'
import type { ByteRange } from '../../../lib/model/bytes.ts'
import type { RangeReader } from '../../../lib/model/range-reader.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { connectS3 } from '../../../lib/store/s3/s3-client.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import {
  cut,
  inlineLeaf,
  type Planted,
  plantBalanced,
  plantDatedLeaf,
  plantLeaf,
  plantNode,
  plantRaw,
  plantTrickle,
  recorded,
  without,
} from '../../harness/dags.ts'
import { startGateway, type TestGateway } from '../../harness/gateway.ts'
import { type Deed, type RangeServer, startRangeServer } from '../../harness/range-server.ts'
import { startS3Stub } from '../../harness/s3-stub.ts'
import { unsigned } from '../../harness/signers.ts'

const signal = new AbortController().signal
const http = createHttp({ allowedHosts: [], allowPrivate: true })
const bytes = noise(100_000)
const LEAF = 10_000

const closing: (() => Promise<void>)[] = []
after(() => Promise.all(closing.map((close) => close())))

async function startMirror(file: Uint8Array = bytes, deed: Deed = 'serve'): Promise<RangeServer> {
  const server = await startRangeServer({ 'B4.TIF': file })
  server.deed = deed
  closing.push(() => server.close())
  return server
}

async function startBlocks(memory: MemoryBlocks): Promise<TestGateway> {
  const gateway = await startGateway(memory)
  closing.push(() => gateway.close())
  return gateway
}

function readerOf(server: RangeServer): RangeReader {
  const copy = createHttpCopy(`${server.url}/B4.TIF`, http, unsigned, systemClock)
  assert.ok(copy)
  return rangesOf(copy, null)
}

/** One process: its scores outlive the files that it reads. */
function startReader(gateways: readonly TestGateway[]) {
  const sources = gateways.map(({ url }) => createGateway({ url, headers: {} }, http, systemClock))
  const blocks = createBlocks({
    own: [],
    network: new BlockRace(sources, systemClock),
    cacheBytes: 0,
  })
  return async (cid: Cid, readers: readonly RangeReader[]) => {
    const reading = new ReadSession()
    const mirrors = (placeOf: ConstructorParameters<typeof Mirror>[1]) =>
      readers.map((reader) => new Mirror(reader, placeOf))
    const file = await openFile(cid, blocks, reading, signal, { mirrors })
    const read = async (range: ByteRange = { offset: 0, length: file.size }) => {
      const [part] = await file.readAll([range], signal)
      return part
    }
    return { file, read, reading }
  }
}

const leavesOf = (file: Uint8Array, plant: (piece: Uint8Array) => Planted, size = LEAF) =>
  cut(file, () => size).map(plant)

/** What is left of the network once only the inner nodes can be had by CID. */
function innerOf(memory: MemoryBlocks, leaves: readonly Planted[]): MemoryBlocks {
  return without(memory, ...leaves.map(({ cid }) => cid))
}

function isUnavailable(...lines: readonly RegExp[]) {
  return (error: unknown) => {
    assert.ok(error instanceof GreenprintError, String(error))
    assert.equal(error.code, 'content_unavailable')
    assert.equal(error.details.length, lines.length, error.details.join('\n'))
    for (const [at, line] of lines.entries()) assert.match(error.details[at] ?? '', line)
    return true
  }
}

describe('a copy makes the leaves of a file whose inner nodes alone are known', () => {
  const plants: readonly (readonly [
    string,
    (memory: MemoryBlocks, piece: Uint8Array) => Planted,
  ])[] = [
    ['raw', plantRaw],
    ...leafEncodings.map((encoding) => {
      const name = `dag-pb of type ${encoding.type}, ${encoding.filesize ? 'with' : 'without'} its size`
      return [
        name,
        (memory: MemoryBlocks, piece: Uint8Array) => plantLeaf(memory, piece, encoding),
      ] as const
    }),
  ]
  for (const [name, plant] of plants) {
    it(name, async () => {
      const memory = new MemoryBlocks()
      const leaves = leavesOf(bytes, (piece) => plant(memory, piece))
      const { cid } = plantBalanced(memory, leaves, 4)
      const gateway = await startBlocks(innerOf(memory, leaves))
      const mirror = await startMirror()
      const { read, reading, file } = await startReader([gateway])(cid, [readerOf(mirror)])
      assert.deepEqual(await read({ offset: 12_345, length: 10_000 }), bytes.slice(12_345, 22_345))
      assert.ok(Buffer.from((await read()) ?? []).equals(bytes))
      assert.ok(file.isWhole)
      // The root and three nodes below it by CID, ten leaves from the copy.
      assert.deepEqual(reading.ledger.totals.sources, { [gateway.url]: 4, [mirror.url]: 10 })
      assert.deepEqual(new Set(mirror.asked.map(({ encoding }) => encoding)), new Set(['identity']))
    })
  }

  it('of a trickle, whose root mixes leaves and nodes', async () => {
    const memory = new MemoryBlocks()
    const leaves = leavesOf(bytes, (piece) => plantLeaf(memory, piece), 3_000)
    const { cid } = plantTrickle(memory, leaves, 3)
    const gateway = await startBlocks(innerOf(memory, leaves))
    const mirror = await startMirror()
    const { read, reading } = await startReader([gateway])(cid, [readerOf(mirror)])
    assert.ok(Buffer.from((await read()) ?? []).equals(bytes))
    assert.equal(reading.ledger.totals.sources[mirror.url], leaves.length)
  })

  it('of sizes and encodings that differ from leaf to leaf', async () => {
    const memory = new MemoryBlocks()
    const leaves = cut(bytes, (at) => 5_000 + 1_111 * at).map((piece, at) => {
      const encoding = leafEncodings[at % (leafEncodings.length + 1)]
      return encoding === undefined ? plantRaw(memory, piece) : plantLeaf(memory, piece, encoding)
    })
    const { cid } = plantNode(memory, leaves)
    const gateway = await startBlocks(innerOf(memory, leaves))
    const { read } = await startReader([gateway])(cid, [readerOf(await startMirror())])
    assert.ok(Buffer.from((await read()) ?? []).equals(bytes))
  })

  it('but not those that no copy can know: inline bytes, mode and mtime, links without sizes', async () => {
    const memory = new MemoryBlocks()
    const [one, two, three, four] = cut(bytes, () => 25_000)
    assert.ok(one && two && three && four)
    const dated = plantDatedLeaf(memory, two)
    const parts = [plantLeaf(memory, one), dated, plantLeaf(memory, three)]
    const tsizes = parts.map(({ tsize }, at) => (at < 2 ? tsize : undefined))
    const inner = plantNode(memory, parts, { tsizes })
    const { cid } = plantNode(memory, [inner, inlineLeaf(four.subarray(0, 100))], {
      data: four.subarray(100, 200),
    })
    const file = Buffer.concat([four.subarray(100, 200), one, two, three, four.subarray(0, 100)])
    const gateway = await startBlocks(without(memory, parts[0]?.cid ?? cid))
    const mirror = await startMirror(file)
    const { read, reading } = await startReader([gateway])(cid, [readerOf(mirror)])
    assert.ok(Buffer.from((await read()) ?? []).equals(file))
    assert.deepEqual(reading.ledger.totals.sources, { [gateway.url]: 4, [mirror.url]: 1 })
  })
})

describe('a file of one block', () => {
  const small = noise(5_000)
  for (const [name, plant] of [
    ['raw', plantRaw],
    ['dag-pb', plantLeaf],
  ] as const) {
    it(`(${name}) is fetched whole where nobody has it by CID`, async () => {
      const memory = new MemoryBlocks()
      const { cid } = plant(memory, small)
      const gateway = await startBlocks(new MemoryBlocks())
      const mirror = await startMirror(small)
      const { read, reading } = await startReader([gateway])(cid, [readerOf(mirror)])
      assert.deepEqual(await read(), small)
      assert.deepEqual(reading.ledger.totals.sources, { [mirror.url]: 1 })
      assert.deepEqual(
        mirror.asked.map(({ range }) => range),
        [[0, 2_097_151]],
      )
    })
  }

  it('is not looked for in a copy of more than a block', async () => {
    const { cid } = plantRaw(new MemoryBlocks(), small)
    const gateway = await startBlocks(new MemoryBlocks())
    const mirror = await startMirror(new Uint8Array(3_000_000))
    const opened = startReader([gateway])(cid, [readerOf(mirror)])
    await assert.rejects(
      opened,
      isUnavailable(/: HTTP 404$/, /: the file has 3000000 bytes, .*outboard$/),
    )
  })
})

describe('a copy that cannot be used', () => {
  const deeds: readonly (readonly [Deed, RegExp])[] = [
    ['flips one bit', /: its bytes \d+ to \d+ fit the CID in no known leaf encoding$/],
    ['has another file', /: its bytes \d+ to \d+ fit the CID in no known leaf encoding$/],
    ['shifts by a byte', /: its bytes \d+ to \d+ fit the CID in no known leaf encoding$/],
    ['sends the whole file (200)', /: does not answer ranges$/],
    ['names another range', /: answered another range \(bytes \d+-\d+\/100000\)$/],
    ['names no range', /: answered another range \(none\)$/],
    ['sends fewer bytes', /: answered less than the range$/],
    ['says gzip and lies', /: body is not encoded as it says$/],
    ['shows a log-in page', /: wants a login: it answers with a web page$/],
    ['redirects to a log-in page', /: wants a login: it answers with a web page$/],
    [{ status: 401 }, /: HTTP 401$/],
    [{ status: 403 }, /: HTTP 403$/],
    [{ status: 404 }, /: HTTP 404$/],
  ]
  const memory = new MemoryBlocks()
  const leaves = leavesOf(bytes, (piece) => plantLeaf(memory, piece))
  const { cid } = plantBalanced(memory, leaves, 174)

  for (const [deed, reason] of deeds) {
    const name = typeof deed === 'string' ? deed : `answers ${deed.status}`
    it(`(${name}) is named with the reason when nobody else has a leaf`, async () => {
      const gateway = await startBlocks(innerOf(memory, leaves))
      const mirror = await startMirror(bytes, deed)
      const { read } = await startReader([gateway])(cid, [readerOf(mirror)])
      await assert.rejects(
        read({ offset: 50_000, length: 10 }),
        isUnavailable(/^http:\/\/127\.0\.0\.1:\d+: HTTP 404$/, reason),
      )
    })

    it(`(${name}) changes nothing beside an honest one, and is left alone soon`, async () => {
      const gateway = await startBlocks(innerOf(memory, leaves))
      const [bad, good] = [await startMirror(bytes, deed), await startMirror()]
      const readers = [readerOf(bad), readerOf(good)]
      const { read, reading } = await startReader([gateway])(cid, readers)
      assert.ok(Buffer.from((await read()) ?? []).equals(bytes))
      const { [gateway.url]: inner, [good.url]: rest, ...others } = reading.ledger.totals.sources
      assert.equal(inner, 1)
      // One bit is wrong in a request of many leaves: the others hash, so they count.
      if (deed === 'flips one bit') assert.ok((rest ?? 0) > 0 && (others[bad.url] ?? 0) < 10)
      else assert.deepEqual([rest, others], [10, {}])
      const before = bad.asked.length
      assert.ok(before > 0, 'it was asked first')
      assert.ok(Buffer.from((await read()) ?? []).equals(bytes))
      assert.equal(bad.asked.length, before, 'it was not asked again')
    })
  }

  it('may well be when it sends us to another host, which is asked the same', async () => {
    const gateway = await startBlocks(innerOf(memory, leaves))
    const behind = await startMirror()
    const location = `${behind.url}/B4.TIF`
    const mirror = await startMirror(bytes, { status: 302, headers: { location } })
    const { read, reading } = await startReader([gateway])(cid, [readerOf(mirror)])
    assert.ok(Buffer.from((await read()) ?? []).equals(bytes))
    assert.equal(reading.ledger.totals.sources[mirror.url], 10)
    assert.ok(behind.asked.every(({ range }) => range !== null))
  })

  it('may well be when it wraps in gzip what it sends, if it does that rightly', async () => {
    const gateway = await startBlocks(innerOf(memory, leaves))
    const mirror = await startMirror(bytes, 'compresses (gzip)')
    const { read } = await startReader([gateway])(cid, [readerOf(mirror)])
    assert.ok(Buffer.from((await read()) ?? []).equals(bytes))
  })

  it('of another length is told by its status', async () => {
    const gateway = await startBlocks(innerOf(memory, leaves))
    const mirror = await startMirror(bytes.subarray(0, 50_000))
    const { read } = await startReader([gateway])(cid, [readerOf(mirror)])
    const end = { offset: 99_000, length: 10 }
    await assert.rejects(read(end), isUnavailable(/: HTTP 404$/, /: HTTP 416$/))
  })
})

describe('neighbouring leaves', () => {
  it('travel together, in requests of at most 8 MiB, and no byte twice', async () => {
    const MIB = 1_048_576
    const large = noise(20 * MIB)
    const memory = new MemoryBlocks()
    const leaves = leavesOf(large, (piece) => plantRaw(memory, piece), MIB)
    const { cid } = plantNode(memory, leaves)
    const mirror = await startMirror(large)
    // Gateways are gone; our own store has the inner node alone.
    const store = recorded(innerOf(memory, leaves), 'store')
    const network = new BlockRace([], systemClock)
    const blocks = createBlocks({ own: [store], network, cacheBytes: 0 })
    const reading = new ReadSession()
    const file = await openFile(cid, blocks, reading, signal, {
      mirrors: (placeOf) => [new Mirror(readerOf(mirror), placeOf)],
    })
    const [whole] = await file.readAll([{ offset: 0, length: large.length }], signal)
    assert.ok(Buffer.from(whole ?? []).equals(large))
    const lengths = mirror.asked.map(({ range }) => (range === null ? 0 : range[1] - range[0] + 1))
    assert.equal(
      lengths.reduce((sum, length) => sum + length, 0),
      large.length,
    )
    assert.equal(Math.max(...lengths), 8 * MIB)
    assert.ok(lengths.length < 10, `${lengths.length} requests for 20 leaves`)
    assert.deepEqual(reading.ledger.totals.sources, { store: 1, [mirror.url]: 20 })
  })
})

describe('a bucket of others', async () => {
  const stub = await startS3Stub()
  closing.push(() => stub.stop())
  stub.objects.set('scenes/B4.TIF', { body: Buffer.from(bytes), etag: '"e"', contentType: '' })
  const { endpoint, account } = stub
  const { region, ...credentials } = account
  const connection = connectS3({ bucket: '', prefix: '', region, endpoint, credentials })
  closing.push(async () => (await connection).client.destroy())
  const reader = rangesOf(
    createS3Copy(stub.bucket, 'scenes/B4.TIF', () => connection),
    null,
  )
  const memory = new MemoryBlocks()
  const leaves = leavesOf(bytes, (piece) => plantLeaf(memory, piece))
  const { cid } = plantBalanced(memory, leaves, 174)

  it('is a copy too, and says with each request that we pay', async () => {
    const gateway = await startBlocks(innerOf(memory, leaves))
    const { read, reading } = await startReader([gateway])(cid, [reader])
    assert.ok(Buffer.from((await read()) ?? []).equals(bytes))
    assert.equal(reading.ledger.totals.sources['s3://maps'], 10)
    assert.ok(stub.headers.length > 0)
    for (const headers of stub.headers) assert.equal(headers['x-amz-request-payer'], 'requester')
  })

  it('that refuses us is named, and asked once', async () => {
    const gateway = await startBlocks(innerOf(memory, leaves))
    const { read } = await startReader([gateway])(cid, [reader])
    stub.requests.length = 0
    stub.faults.push({
      method: 'GET',
      kind: 'refuse',
      refusal: { status: 403, code: 'AccessDenied' },
    })
    const part = { offset: 0, length: 10 }
    await assert.rejects(
      read(part),
      isUnavailable(/: HTTP 404$/, /^s3:\/\/maps: .*S3 answered 403$/),
    )
    await assert.rejects(
      read(part),
      isUnavailable(/: HTTP 404$/, /^s3:\/\/maps: .*S3 answered 403$/),
    )
    assert.equal(stub.requests.length, 1)
  })

  it('that is busy for a while is asked again', async () => {
    const gateway = await startBlocks(innerOf(memory, leaves))
    const { read } = await startReader([gateway])(cid, [reader])
    // The SDK itself tries three times.
    for (let time = 0; time < 3; time++)
      stub.faults.push({
        method: 'GET',
        kind: 'refuse',
        refusal: { status: 503, code: 'SlowDown' },
      })
    assert.deepEqual(await read({ offset: 0, length: 10 }), bytes.slice(0, 10))
  })
})
