// A long computation that gives way: others are served meanwhile, and a deadline ends it.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inTurns, nextTurn } from '../../../lib/async/turns.ts'
import { longestTurn } from '../../harness/turn-monitor.ts'

const never = new AbortController().signal

/** Work of about a millisecond a step. */
function* work(steps: number): Generator<undefined, number, undefined> {
  let sum = 0
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < 200_000; i++) sum += Math.sqrt(i)
    yield
  }
  return sum
}

describe('a computation in turns', () => {
  it('gives its result, and never holds the thread for long', async () => {
    const { value, milliseconds } = await longestTurn(() => inTurns(work(400), never))
    assert.ok(value > 0)
    assert.ok(milliseconds < 50, `${milliseconds} ms`)
  })

  it('has turns of its own: several give way to each other, and to all else', async () => {
    const { value, milliseconds } = await longestTurn(() =>
      Promise.all(Array.from({ length: 16 }, () => inTurns(work(40), never))),
    )
    assert.equal(value.length, 16)
    assert.ok(milliseconds < 50, `${milliseconds} ms`)
  })

  it('shares a turn with others that take little of it', async () => {
    let turns = 0
    const count = () => {
      turns++
      counter = setImmediate(count)
    }
    let counter = setImmediate(count)
    await Promise.all(Array.from({ length: 1000 }, () => nextTurn(never)))
    clearImmediate(counter)
    assert.ok(turns < 100, `${turns} turns`)
  })

  it('ends when its signal does', async () => {
    const reason = new Error('time is up')
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 30)
    await assert.rejects(inTurns(work(1e9), controller.signal), reason)
  })
})
