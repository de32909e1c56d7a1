// An answer part by part: at whose pace it comes, whose memory it is, and how it ends.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Incoming } from '../../../lib/net/incoming.ts'

const forever = new AbortController().signal
const KIB = 1024

/** A connection that does as it is told. */
function connect(signal: AbortSignal = forever) {
  const told: string[] = []
  const controller = {
    pause: () => void told.push('pause'),
    resume: () => void told.push('resume'),
    abort: (reason: Error) => void told.push(`abort: ${reason.message}`),
  }
  const incoming = new Incoming(signal)
  const begin = () => incoming.onRequestStart(controller)
  const part = (length: number) => {
    const bytes = new Uint8Array(length).fill(1)
    incoming.onResponseData(controller, bytes)
    return bytes
  }
  const end = () => incoming.onResponseEnd(controller, {})
  const fail = (error: Error) => incoming.onResponseError(controller, error)
  return { incoming, controller, told, begin, part, end, fail }
}

describe('parts that are asked for', () => {
  it('wait in bounded memory, and the connection with them', async () => {
    const { incoming, told, begin, part, end } = connect()
    begin()
    part(100 * KIB)
    assert.deepEqual(told, [])
    part(28 * KIB)
    assert.deepEqual(told, ['pause'])
    const parts = incoming.parts(true)
    assert.equal((await parts.next()).value?.length, 100 * KIB)
    assert.deepEqual(told, ['pause'])
    assert.equal((await parts.next()).value?.length, 28 * KIB)
    assert.deepEqual(told, ['pause', 'resume'])
    end()
    assert.equal((await parts.next()).done, true)
  })

  it('are lent until the next is asked for, or stay', async () => {
    for (const lent of [true, false]) {
      const { incoming, begin, part, end } = connect()
      begin()
      const [first, beside] = [part(64 * KIB), new Uint8Array(new ArrayBuffer(64 * KIB), 9)]
      incoming.onResponseData(connect().controller, beside)
      end()
      const parts = incoming.parts(lent)
      await parts.next()
      assert.equal(first.length, 64 * KIB)
      await parts.next()
      assert.equal(first.length, lent ? 0 : 64 * KIB)
      await parts.next()
      // What lies beside others in one piece of memory is never taken from them.
      assert.equal(beside.length, 64 * KIB - 9)
    }
  })

  it('that arrived come before the failure of the connection', async () => {
    const { incoming, begin, part, fail } = connect()
    begin()
    part(10)
    fail(new Error('cut'))
    const parts = incoming.parts(true)
    assert.equal((await parts.next()).value?.length, 10)
    await assert.rejects(parts.next(), /cut/)
  })
})

describe('parts that are handed over', () => {
  it('come in their order, the early ones too, until one is enough', async () => {
    const { incoming, told, begin, part } = connect()
    begin()
    part(1)
    const lengths: number[] = []
    const all = incoming.each(({ length }) => lengths.push(length) < 3)
    for (const length of [2, 3, 4]) part(length)
    await all
    assert.deepEqual(lengths, [1, 2, 3])
    assert.match(told.at(-1) ?? '', /^abort: no more/)
  })

  it('fail with the connection', async () => {
    const { incoming, begin, fail } = connect()
    begin()
    const all = incoming.each(() => true)
    fail(new Error('cut'))
    await assert.rejects(all, /cut/)
  })
})

describe('a reader who gives up', () => {
  it('is free at once, before there is a connection, and the request ends when it would begin', async () => {
    const reader = new AbortController()
    const { incoming, told, begin } = connect(reader.signal)
    reader.abort(new Error('had enough'))
    await assert.rejects(incoming.head, /had enough/)
    begin()
    assert.match(told.join(), /^abort/)
  })

  it('ends the request that is under way', async () => {
    const reader = new AbortController()
    const { incoming, told, begin } = connect(reader.signal)
    begin()
    const all = incoming.each(() => true)
    reader.abort(new Error('had enough'))
    await assert.rejects(all, /had enough/)
    assert.deepEqual(told.slice(-1), ['abort: had enough'])
  })
})
