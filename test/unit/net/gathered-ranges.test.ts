// Ranges that are asked for together: which of them share a request, and when each has its bytes.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FrontListener, RangeReader } from '../../../lib/model/range-reader.ts'
import { GatheredRanges } from '../../../lib/net/gathered-ranges.ts'
import { noise } from '../../harness/blocks.ts'

const signal = new AbortController().signal
const file = noise(1000)

interface Request {
  readonly offset: number
  readonly length: number
  readonly signal: AbortSignal
  /** So many of its bytes have come. */
  readonly come: (bytes: number) => void
  readonly end: () => void
  readonly fail: (error: Error) => void
}

/** A file whose answers come when the test says it. */
function slowFile() {
  const requests: Request[] = []
  const read: RangeReader['read'] = (offset, length, stop, onFront: FrontListener = () => {}) => {
    const whole = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
    stop.addEventListener('abort', () => whole.reject(stop.reason))
    requests.push({
      offset,
      length,
      signal: stop,
      come: (bytes) => onFront(file.subarray(offset, offset + bytes)),
      end: () => whole.resolve(file.subarray(offset, offset + length)),
      fail: whole.reject,
    })
    return whole.promise
  }
  return { requests, reader: { read } }
}

async function asked(
  ranges: readonly (readonly [offset: number, length: number, signal?: AbortSignal])[],
  mostGap = 0,
) {
  const { requests, reader } = slowFile()
  const gathered = new GatheredRanges(reader, mostGap)
  const reads = ranges.map(([offset, length, stop = signal]) =>
    gathered.read({ offset, length }, stop),
  )
  // Who fails is told by the test.
  for (const read of reads) read.catch(() => undefined)
  await nextTurn()
  return { requests, reads }
}

const placesOf = (requests: readonly Request[]) =>
  requests.map(({ offset, length }) => [offset, length])

describe('ranges of one turn', () => {
  it('share a request where they are neighbours, in whatever order they were asked for', async () => {
    const { requests } = await asked([
      [200, 50],
      [0, 100],
      [100, 60],
    ])
    assert.deepEqual(placesOf(requests), [
      [0, 160],
      [200, 50],
    ])
  })

  it('share it over gaps that are allowed, and where they overlap', async () => {
    const { requests, reads } = await asked(
      [
        [0, 100],
        [110, 50],
        [20, 10],
      ],
      10,
    )
    assert.deepEqual(placesOf(requests), [[0, 160]])
    requests[0]?.end()
    assert.deepEqual(await Promise.all(reads), [
      file.subarray(0, 100),
      file.subarray(110, 160),
      file.subarray(20, 30),
    ])
  })
})

describe('a range that shares its request', () => {
  const three = [
    [0, 100],
    [100, 50],
    [150, 100],
  ] as const

  it('is there with its last byte, and not before', async () => {
    const { requests, reads } = await asked(three)
    const there: number[] = []
    for (const [at, read] of reads.entries()) void read.then(() => there.push(at))
    for (const [bytes, expected] of [
      [99, []],
      [100, [0]],
      [249, [0, 1]],
    ] as const) {
      requests[0]?.come(bytes)
      await nextTurn()
      assert.deepEqual(there, expected)
    }
    requests[0]?.end()
    assert.deepEqual(await Promise.all(reads), [
      file.subarray(0, 100),
      file.subarray(100, 150),
      file.subarray(150, 250),
    ])
  })

  it('stays where a later one fails', async () => {
    const { requests, reads } = await asked(three)
    requests[0]?.come(120)
    requests[0]?.fail(new Error('cut'))
    const [first, ...others] = await Promise.allSettled(reads)
    assert.equal(first?.status, 'fulfilled')
    assert.deepEqual(
      others.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
  })

  it('is not called off by another reader who leaves, and the request ends with the last', async () => {
    const [one, two] = [new AbortController(), new AbortController()]
    const { requests, reads } = await asked([
      [0, 100],
      [100, 50, one.signal],
      [150, 100, two.signal],
    ])
    one.abort(new Error('first'))
    two.abort(new Error('second'))
    assert.equal(requests[0]?.signal.aborted, false)
    requests[0]?.come(100)
    assert.deepEqual(await reads[0], file.subarray(0, 100))
    // Nobody waits for the rest.
    assert.equal(requests[0]?.signal.aborted, true)
    await assert.rejects(reads[1] ?? Promise.resolve(), /first/)
  })
})

describe('ranges that are asked for while enough requests are under way', () => {
  const leaf = (at: number) => ({ offset: at * 100, length: 100 })

  it('gather until one has ended, and share a request then', async () => {
    const { requests, reader } = slowFile()
    const gathered = new GatheredRanges(reader, 0, 2)
    const reads: Promise<Uint8Array>[] = []
    const ask = async (at: number, stop = signal) => {
      const read = gathered.read(leaf(at), stop)
      read.catch(() => undefined)
      reads.push(read)
      await nextTurn()
    }
    for (const at of [0, 1, 2, 3]) await ask(at)
    const left = new AbortController()
    await ask(5, left.signal)
    assert.deepEqual(placesOf(requests), [
      [0, 100],
      [100, 100],
    ])
    // One that is not wanted any more need not wait for its turn to say so.
    left.abort(new Error('nobody wants it'))
    await assert.rejects(reads.at(-1)!, /nobody wants it/)
    await assert.rejects(gathered.read(leaf(6), left.signal), /nobody wants it/)
    requests[1]!.fail(new Error('broken'))
    await assert.rejects(reads[1]!, /broken/)
    await nextTurn()
    assert.deepEqual(placesOf(requests.slice(2)), [[200, 200]])
    for (const { end } of requests) end()
    assert.deepEqual(await reads[3], file.subarray(300, 400))
  })

  it('do not wait where as many were under way from the first, far from each other', async () => {
    const { requests, reader } = slowFile()
    const gathered = new GatheredRanges(reader, 0, 1)
    for (const at of [0, 2, 4]) void gathered.read(leaf(at), signal)
    await nextTurn()
    assert.equal(requests.length, 3)
    requests[0]!.end()
    await nextTurn()
    void gathered.read(leaf(6), signal)
    await nextTurn()
    assert.equal(requests.length, 4)
  })
})
