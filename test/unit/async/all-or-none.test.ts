// Tasks that stand or fall together.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { allDone, allOrNone } from '../../../lib/async/all-or-none.ts'

const signal = new AbortController().signal

function hanging(over: { value: boolean }) {
  return (stop: AbortSignal) =>
    new Promise<never>((_, reject) => {
      stop.addEventListener('abort', () => {
        setTimeout(() => {
          over.value = true
          reject(stop.reason)
        }, 5)
      })
    })
}

it('gives every result under the name of its task', async () => {
  const later = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return 'one'
  }
  assert.deepEqual(await allOrNone({ a: later, b: async () => 2 }, signal), { a: 'one', b: 2 })
})

it('stops the others when one fails, and throws that failure once they are over', async () => {
  const over = { value: false }
  const failing = async () => {
    throw new Error('broken')
  }
  await assert.rejects(allOrNone({ hangs: hanging(over), failing }, signal), /broken/)
  assert.ok(over.value)
})

it('stops all when the caller does, with the caller’s reason', async () => {
  const over = { value: false }
  const caller = new AbortController()
  const running = allOrNone({ hangs: hanging(over) }, caller.signal)
  caller.abort(new Error('had enough'))
  await assert.rejects(running, /had enough/)
})

it('is over only when the last is, whether their results are wanted or not', async () => {
  const ends: number[] = []
  const ending = (ms: number) => async () => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    ends.push(ms)
  }
  await allDone([ending(5), ending(1)], signal)
  assert.deepEqual(ends, [1, 5])
  const failing = async () => {
    throw new Error('broken')
  }
  await assert.rejects(allDone([ending(10), failing], signal), /broken/)
  assert.deepEqual(ends, [1, 5, 10])
})
