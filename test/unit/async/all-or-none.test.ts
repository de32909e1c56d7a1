// Tasks that stand or fall together.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { allOrNone } from '../../../lib/async/all-or-none.ts'

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

it('gives every result, in the order of the tasks', async () => {
  const later = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return 'one'
  }
  assert.deepEqual(await allOrNone([later, async () => 'two'], signal), ['one', 'two'])
})

it('stops the others when one fails, and throws that failure once they are over', async () => {
  const over = { value: false }
  const failing = async () => {
    throw new Error('broken')
  }
  await assert.rejects(allOrNone([hanging(over), failing], signal), /broken/)
  assert.ok(over.value)
})

it('stops all when the caller does, with the caller’s reason', async () => {
  const over = { value: false }
  const caller = new AbortController()
  const running = allOrNone([hanging(over)], caller.signal)
  caller.abort(new Error('had enough'))
  await assert.rejects(running, /had enough/)
})
