// Ranges of a file in one CAR: taken when it is right, forgiven when it is slow, left alone for a while when it is
// wrong.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Clock } from '../../../lib/async/clock.ts'
import { systemClock } from '../../../lib/async/clock.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile } from '../../../lib/ipfs/file.ts'
import { Prefetcher, type PrefetchLimits } from '../../../lib/ipfs/prefetch.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { encodeCar } from '../../../lib/ipld/car.ts'
import { planCar } from '../../../lib/ipld/car-plan.ts'
import { type Cid, RAW } from '../../../lib/ipld/cid.ts'
import type { DagBlock } from '../../../lib/ipld/dag-block.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import type { ByteRange } from '../../../lib/model/bytes.ts'
import { type FailureKind, SourceFailure } from '../../../lib/model/source-failure.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { cut, plantBalanced, plantRaw } from '../../harness/dags.ts'
import { importFile } from '../../harness/import-dag.ts'

const NAME = 'https://gateway.example'
const forever = new AbortController().signal
const front = [{ offset: 0, length: 10_000 }]
const raw = cidOfBlock(RAW, noise(100))
const [root, leaf] = await twoBlocks()
const { bytes: car } = await encodeCar(root.cid, [root, leaf])
const empty = (await encodeCar(root.cid, [])).bytes

async function twoBlocks(): Promise<readonly [DagBlock, DagBlock]> {
  const { blocks } = await importFile(noise(300_000), 'unixfs-v0-2015')
  assert.ok(blocks[0] && blocks[1])
  return [blocks[0], blocks[1]]
}

type Answer = (signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>

const give =
  (bytes: Uint8Array<ArrayBuffer>): Answer =>
  async () =>
    bytes.slice()
const fail =
  (kind: FailureKind, retryAfterMs: number | null = null): Answer =>
  () =>
    Promise.reject(new SourceFailure(NAME, kind, 'a reason', { retryAfterMs }))
const hang: Answer = (signal) =>
  new Promise((_, reject) => {
    const leave = () => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave)
  })

/** One gateway that answers CARs one after the other so, the last answer again and again; time passes by hand. */
function startGateway(...answers: readonly Answer[]) {
  const left = [...answers]
  const asked: { cid: Cid; range: ByteRange; limits: PrefetchLimits; signal: AbortSignal }[] = []
  const source = {
    name: NAME,
    get: async (): Promise<Uint8Array<ArrayBuffer> | null> => null,
    getCar(cid: Cid, range: ByteRange, limits: PrefetchLimits, signal: AbortSignal) {
      asked.push({ cid, range, limits, signal })
      const answer = left.length > 1 ? left.shift() : left[0]
      return (answer ?? hang)(signal)
    },
  }
  let now = 0
  const clock: Clock = { elapsed: () => now, now: () => now, sleep: async () => undefined }
  const race = new BlockRace([source], clock)
  const prefetcher = new Prefetcher([source], race, clock)
  /** @returns whether the gateway was asked, and the leaf if it came */
  const fetch = async (session = new ReadSession(), signal = forever) => {
    const before = asked.length
    const prefetch = prefetcher.plan(root.cid, front, session, signal)
    prefetch?.start()
    const brought = (await prefetch?.take(leaf.cid)) ?? null
    return { wasAsked: asked.length > before, brought }
  }
  const pass = (ms: number) => {
    now += ms
  }
  return { source, race, prefetcher, asked, fetch, pass, clock }
}

describe('ranges of a file', () => {
  it('bring their blocks, whoever served the file before goes first, and count as a request each', async () => {
    const { prefetcher, asked } = startGateway(give(car))
    const session = new ReadSession()
    const ranges = [...front, { offset: 50_000, length: 7 }]
    const prefetch = prefetcher.plan(root.cid, ranges, session, forever)
    prefetch?.start()
    prefetch?.start()
    assert.deepEqual(await prefetch?.take(leaf.cid), { block: leaf.bytes, source: NAME })
    assert.deepEqual(await prefetch?.take(root.cid), { block: root.bytes, source: NAME })
    assert.equal(await prefetch?.take(cidOfBlock(RAW, noise(5))), null)
    assert.deepEqual(
      asked.map(({ range }) => range),
      ranges,
    )
    assert.deepEqual(session.ledger.totals, { bytes_read: 0, blocks: 0, requests: 2, sources: {} })
  })

  it('are capped, and waited for as long as this gateway takes, half a second at least', async () => {
    const { fetch, asked, race } = startGateway(give(car))
    await fetch()
    assert.deepEqual(asked[0]?.limits, { maxBytes: 15_000 + 1_048_576, firstByteMs: 750 })
    const { health } = race.best({ root: null, mirrors: [] }) ?? {}
    for (let block = 0; block < 50; block++) health?.served(40)
    await fetch()
    assert.equal(asked[1]?.limits.firstByteMs, 500)
  })

  it('are not asked for where nothing is wanted, of a raw root, or without a gateway', async () => {
    const { prefetcher, clock } = startGateway(give(car))
    const session = new ReadSession()
    assert.equal(prefetcher.plan(root.cid, [], session, forever), null)
    assert.equal(prefetcher.plan(raw, front, session, forever), null)
    const none = new Prefetcher([], new BlockRace([], clock), clock)
    const prefetch = none.plan(root.cid, front, session, forever)
    prefetch?.start()
    assert.equal(await prefetch?.take(leaf.cid), null)
  })

  it('that nobody started do not come', async () => {
    const { prefetcher, asked } = startGateway(give(car))
    const prefetch = prefetcher.plan(root.cid, front, new ReadSession(), forever)
    assert.equal(await prefetch?.take(leaf.cid), null)
    assert.equal(asked.length, 0)
  })
})

describe('a wrong answer', () => {
  const wrong: readonly (readonly [string, Answer])[] = [
    ['a block that is not what it says', give(withLastByteFlipped(car))],
    ['half a CAR', give(car.slice(0, car.length - 50))],
    ['a web page', give(new Uint8Array(Buffer.from('<!doctype html>')))],
    ['more than was asked for', fail('oversized')],
    ['a refusal', fail('refused')],
  ]
  for (const [name, answer] of wrong) {
    it(`(${name}) brings nothing, and the next CAR is asked for in five minutes`, async () => {
      const { fetch, pass } = startGateway(answer, give(car))
      assert.deepEqual(await fetch(), { wasAsked: true, brought: null })
      pass(299_999)
      assert.equal((await fetch()).wasAsked, false)
      pass(1)
      assert.equal((await fetch()).brought?.source, NAME)
    })
  }
})

describe('an answer that is not wrong', () => {
  for (const [name, answer] of [
    ['no blocks, as Kubo says of what it lacks', give(empty)],
    ['"not found"', fail('absent')],
  ] as const) {
    it(`(${name}) says nothing of the next file`, async () => {
      const { fetch } = startGateway(answer, give(car))
      assert.equal((await fetch()).brought, null)
      assert.equal((await fetch()).brought?.source, NAME)
    })
  }

  for (const kind of ['slow', 'broken'] as const) {
    it(`(${kind}) costs a second, twice as long each time, until it is good again`, async () => {
      const bad = fail(kind)
      const { fetch, pass } = startGateway(bad, bad, give(car), bad, give(car))
      const rests = async (ms: number) => {
        pass(ms - 1)
        assert.equal((await fetch()).wasAsked, false)
        pass(1)
      }
      await fetch()
      await rests(1_000)
      await fetch()
      await rests(2_000)
      assert.equal((await fetch()).brought?.source, NAME)
      await fetch()
      await rests(1_000)
      assert.equal((await fetch()).brought?.source, NAME)
    })
  }

  it('(busy) costs what the gateway says', async () => {
    const { fetch, pass } = startGateway(fail('busy', 7_000), give(car))
    await fetch()
    pass(6_999)
    assert.equal((await fetch()).wasAsked, false)
    pass(1)
    assert.equal((await fetch()).brought?.source, NAME)
  })

  it('(its reader left) is not the gateway’s fault', async () => {
    const { fetch, asked } = startGateway(hang, give(car))
    const reader = new AbortController()
    const leaving = fetch(new ReadSession(), reader.signal)
    reader.abort(new Error('had enough'))
    assert.equal((await leaving).brought, null)
    assert.equal(asked[0]?.signal.aborted, true)
    assert.equal((await fetch()).brought?.source, NAME)
  })
})

describe('the root of a file', () => {
  /** A root over the network: single blocks as the test says, and the CAR beside it. */
  async function openRoot(answer: Answer, single: Answer) {
    const { source, race, prefetcher, asked } = startGateway(answer)
    const gone = { aborted: false }
    source.get = async (_?: unknown, signal: AbortSignal = forever) => {
      signal.addEventListener('abort', () => {
        gone.aborted = true
      })
      return single(signal)
    }
    const blocks = createBlocks({ own: [], network: race, prefetcher, cacheBytes: 0 })
    const base = new ReadSession()
    const prefetch = blocks.prefetch(root.cid, front, base, forever)
    const session = base.with({ root: root.cid, prefetch })
    const get = (cid: Cid, kind: 'root' | 'leaf') => blocks.get(cid, session, forever, kind)
    return { get, asked, session, gone, race }
  }

  it('comes from the CAR where the raw block is refused or hangs, and that is nobody’s fault', async () => {
    for (const single of [fail('busy', 60_000), fail('absent'), hang]) {
      const { get, session, race } = await openRoot(give(car), single)
      assert.deepEqual(await get(root.cid, 'root'), root.bytes)
      assert.deepEqual(await get(leaf.cid, 'leaf'), leaf.bytes)
      assert.deepEqual(session.ledger.totals.sources, { [NAME]: 2 })
      assert.equal(session.ledger.totals.requests, 2)
      assert.ok(!race.lines[0]?.includes('waited for'), race.lines[0])
    }
  })

  it('comes raw where the CAR does not hold it, and nobody is asked for more', async () => {
    const { get, asked } = await openRoot(give(empty), give(root.bytes))
    assert.deepEqual(await get(root.cid, 'root'), root.bytes)
    assert.equal(asked.length, 1)
  })

  it('is told as the raw block was where both fail', async () => {
    const { get } = await openRoot(fail('absent'), fail('absent'))
    await assert.rejects(get(root.cid, 'root'), { code: 'content_unavailable' })
  })

  it('that an own store has asks nobody for a CAR, nor does a leaf after it', async () => {
    const { source, race, prefetcher, asked } = startGateway(give(car))
    source.get = async () => leaf.bytes
    const store = {
      name: 'store',
      get: async (cid: Cid) => (cid.equals(root.cid) ? Uint8Array.from(root.bytes) : null),
    }
    const blocks = createBlocks({ own: [store], network: race, prefetcher, cacheBytes: 0 })
    const prefetch = blocks.prefetch(root.cid, front, new ReadSession(), forever)
    const session = new ReadSession().with({ root: root.cid, prefetch })
    assert.deepEqual(await blocks.get(root.cid, session, forever, 'root'), root.bytes)
    assert.deepEqual(await blocks.get(leaf.cid, session, forever, 'leaf'), leaf.bytes)
    assert.deepEqual([asked.length, session.gaps.isRemote], [0, false])
  })
})

describe('ranges of a file whose inner nodes are not at hand', () => {
  /** A file of two levels: raw requests bring the root alone, CARs whatever they are asked for. */
  async function farFile(cars: 'served' | 'without leaves' | 'refused') {
    const bytes = noise(900_000, 8)
    const memory = new MemoryBlocks()
    const leaves = cut(bytes, () => 50_000).map((piece) => plantRaw(memory, piece))
    const { cid } = plantBalanced(memory, leaves, 4)
    const raw: string[] = []
    const asked: ByteRange[] = []
    const read = async (one: Cid) => {
      const block = verifyBlock(one, memory.get(one) ?? new Uint8Array(0))
      assert.ok(block)
      return block
    }
    const source = {
      name: NAME,
      get: async (one: Cid) => {
        raw.push(one.toString())
        return memory.get(one)
      },
      async getCar(_: Cid, range: ByteRange) {
        asked.push(range)
        if (cars === 'refused') throw new SourceFailure(NAME, 'refused', 'HTTP 406')
        const bytes = { from: range.offset, to: range.offset + range.length - 1 }
        const request = { path: [], end: cid, scope: 'entity', bytes, duplicates: false } as const
        const plan = await planCar(cid, request, read, { mostBytes: Infinity, advice: '' })
        const cids = plan.blocks.map((block) => block.cid)
        const kept = cids.filter(({ code }) => cars === 'served' || code !== RAW)
        const blocks = kept.map(async (one) => ({ cid: one, bytes: await read(one) }))
        return (await encodeCar(cid, await Promise.all(blocks))).bytes
      },
    }
    const network = new BlockRace([source], systemClock)
    const prefetcher = new Prefetcher([source], network, systemClock)
    const blocks = createBlocks({ own: [], network, prefetcher, cacheBytes: 0 })
    const session = new ReadSession()
    const file = await openFile(cid, blocks, session, forever)
    const ranges = [
      { offset: 10_000, length: 60_000 },
      { offset: 700_000, length: 1_000 },
    ]
    const windows = await Promise.all(ranges.map((range) => file.readAll([range], forever)))
    for (const [at, { offset, length }] of ranges.entries())
      assert.ok(Buffer.from(windows[at]?.[0] ?? []).equals(bytes.subarray(offset, offset + length)))
    return { raw, asked, ranges, root: cid.toString() }
  }

  it('come in one CAR each, planned in one turn, and nothing else is asked', async () => {
    const { raw, asked, ranges, root } = await farFile('served')
    assert.deepEqual(asked, ranges)
    assert.deepEqual(raw, [root])
  })

  it('come by raw blocks as far as a CAR ended quietly without them', async () => {
    const { raw } = await farFile('without leaves')
    assert.equal(raw.length, 4)
  })

  it('come by raw blocks where CARs are refused', async () => {
    const { raw, asked } = await farFile('refused')
    assert.equal(asked.length, 2)
    assert.ok(raw.length > 4)
  })
})

function withLastByteFlipped(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))
}
