// How long a signal has until its deadline, through the signals that are made of it.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { allDone } from '../../../lib/async/all-or-none.ts'
import { anySignal, startDeadline, timeLeft } from '../../../lib/async/deadline.ts'

const plain = new AbortController().signal

function about(ms: number | null, expected: number): boolean {
  return ms !== null && ms <= expected && ms > expected - 5_000
}

it('a signal of a deadline tells its time, and so does every signal of which it is a part', async () => {
  const [near, far] = [startDeadline(10_000), startDeadline(60_000)]
  try {
    assert.ok(about(timeLeft(near.signal), 10_000))
    assert.ok(about(timeLeft(anySignal([plain, far.signal])), 60_000))
    assert.ok(about(timeLeft(anySignal([anySignal([plain, near.signal]), far.signal])), 10_000))
    await allDone([async (signal) => assert.ok(about(timeLeft(signal), 10_000))], near.signal)
  } finally {
    near.clear()
    far.clear()
  }
})

it('a signal without a deadline has none', () => {
  assert.equal(timeLeft(plain), null)
  assert.equal(timeLeft(anySignal([plain])), null)
})

it('a signal of several aborts with the first of them', () => {
  const reader = new AbortController()
  const either = anySignal([plain, reader.signal])
  reader.abort(new Error('had enough'))
  assert.equal(either.reason, reader.signal.reason)
})
