// The opening of a file in one answer: taken when it is right, forgotten when it is not, never waited for long.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Clock } from '../../../lib/async/clock.ts'
import { Prefetcher } from '../../../lib/ipfs/prefetch.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { encodeCar } from '../../../lib/ipld/car.ts'
import { type Cid, cidOfBlock, RAW } from '../../../lib/ipld/cid.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import type { VerifiedBytes } from '../../../lib/model/bytes.ts'
import { noise } from '../../harness/blocks.ts'

const forever = new AbortController().signal
const [root, leaf] = [noise(100), noise(200, 2)].map((bytes) => ({
  cid: cidOfBlock(RAW, bytes),
  bytes: verified(bytes),
}))
assert.ok(root && leaf)
const { bytes: car } = await encodeCar(root.cid, [root, leaf])

function verified(bytes: Uint8Array<ArrayBuffer>): VerifiedBytes {
  const block = verifyBlock(cidOfBlock(RAW, bytes), bytes)
  assert.ok(block)
  return block
}

type Answer = (signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>

const hang: Answer = (signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** One gateway that answers openings so, and half a second that is over when the test says. */
function startOpenings(answer: Answer) {
  const asked: { length: number; maxBytes: number; signal: AbortSignal }[] = []
  const source = {
    name: 'https://gateway.example',
    get: async () => null,
    getOpening(_: Cid, length: number, maxBytes: number, signal: AbortSignal) {
      asked.push({ length, maxBytes, signal })
      return answer(signal)
    },
  }
  const timeIsUp = Promise.withResolvers<void>()
  const sleeps: number[] = []
  const sleep: Clock['sleep'] = (ms) => {
    sleeps.push(ms)
    return timeIsUp.promise
  }
  const clock: Clock = { elapsed: () => 0, now: () => 0, sleep }
  const openings = new Prefetcher([source], new BlockRace([source], clock), clock)
  return { openings, asked, sleeps, timeIsUp: () => timeIsUp.resolve() }
}

function startReading(front = 65_536): ReadSession {
  const reading = new ReadSession()
  reading.front = front
  return reading
}

describe('the opening of a file', () => {
  it('brings its blocks, and counts as one request', async () => {
    const { openings, asked } = startOpenings(async () => car)
    const reading = startReading(10_000)
    openings.start(root.cid, reading, forever)
    await reading.opening
    const source = 'https://gateway.example'
    assert.deepEqual(reading.brought(leaf.cid), { block: leaf.bytes, source })
    assert.deepEqual(reading.brought(root.cid), { block: root.bytes, source })
    assert.deepEqual(reading.ledger.totals, {
      bytes_read: 0,
      blocks: 0,
      requests: 1,
      sources: {},
    })
    assert.equal(asked[0]?.length, 10_000)
    assert.equal(asked[0]?.maxBytes, 15_000 + 1_048_576)
  })

  it('is not asked for where nothing of the front is wanted', () => {
    const { openings, asked } = startOpenings(async () => car)
    const reading = startReading(0)
    openings.start(root.cid, reading, forever)
    assert.deepEqual([asked.length, reading.opening], [0, null])
  })

  it('is not asked for where there is no gateway', () => {
    const clock: Clock = { elapsed: () => 0, now: () => 0, sleep: async () => undefined }
    const reading = startReading()
    new Prefetcher([], new BlockRace([], clock), clock).start(root.cid, reading, forever)
    assert.equal(reading.opening, null)
  })

  const wrong: readonly (readonly [string, Answer])[] = [
    ['a block that is not what it says', async () => withLastByteFlipped(car)],
    ['half a CAR', async () => car.slice(0, car.length - 50)],
    ['a web page', async () => new Uint8Array(Buffer.from('<!doctype html>'))],
    ['a CAR without blocks', async () => (await encodeCar(root.cid, [])).bytes],
    ['an error', async () => Promise.reject(new Error('HTTP 406'))],
  ]
  for (const [name, answer] of wrong) {
    it(`answered with ${name} is asked for no more`, async () => {
      const { openings, asked } = startOpenings(answer)
      const reading = startReading()
      openings.start(root.cid, reading, forever)
      await reading.opening
      assert.equal(reading.brought(leaf.cid), null)
      const again = startReading()
      openings.start(root.cid, again, forever)
      assert.deepEqual([asked.length, again.opening], [1, null])
    })
  }

  it('is waited for half a second, called off then, and asked for no more', async () => {
    const { openings, asked, sleeps, timeIsUp } = startOpenings(hang)
    const reading = startReading()
    openings.start(root.cid, reading, forever)
    assert.deepEqual(sleeps, [500])
    timeIsUp()
    await reading.opening
    assert.equal(asked[0]?.signal.aborted, true)
    openings.start(root.cid, startReading(), forever)
    assert.equal(asked.length, 1)
  })

  it('is called off with its reader, and that is not the gateway’s fault', async () => {
    const { openings, asked } = startOpenings(hang)
    const reader = new AbortController()
    const reading = startReading()
    openings.start(root.cid, reading, reader.signal)
    reader.abort(new Error('had enough'))
    await reading.opening
    assert.equal(asked[0]?.signal.aborted, true)
    openings.start(root.cid, startReading(), forever)
    assert.equal(asked.length, 2)
  })
})

function withLastByteFlipped(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))
}
