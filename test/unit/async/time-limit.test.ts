// The time limit of a request: what is told when it is up, and that nothing holds the answer back.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type InvocationTime, withTimeLimit } from '../../../lib/async/time-limit.ts'
import { CallerGone, GreenprintError } from '../../../lib/errors.ts'

const waitedFor = { settle: async () => undefined, sourceLines: () => ['a: 3 blocks served'] }

/** Work that ends when it is told to. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

describe('a time limit', () => {
  it('ends the work, and tells what was waited for', async () => {
    const work = withTimeLimit(undefined, 20, waitedFor, untilAborted)
    await assert.rejects(work, (error) => {
      assert.ok(error instanceof GreenprintError)
      assert.equal(error.code, 'deadline_exceeded')
      assert.deepEqual(error.details, ['a: 3 blocks served'])
      return true
    })
  })

  it('does not wait for ever for what is still being kept', async () => {
    const settle = () => new Promise<void>(() => undefined)
    const work = withTimeLimit(undefined, 20, { ...waitedFor, settle }, untilAborted)
    await assert.rejects(work, { code: 'deadline_exceeded' })
  })

  it('that is not reached waits until everything is kept', async () => {
    let kept = false
    const settle = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      kept = true
    }
    assert.equal(await withTimeLimit(undefined, 10_000, { ...waitedFor, settle }, async () => 7), 7)
    assert.ok(kept)
  })
})

describe('a caller who is gone', () => {
  it('ends the work, whatever it calls its end', async () => {
    const caller = new AbortController()
    const time: InvocationTime = {
      getRemainingTimeInMillis: () => 29_000,
      gone: caller.signal,
    }
    const work = withTimeLimit(time, 28_000, waitedFor, (signal) => {
      const ended = untilAborted(signal).catch(() => {
        throw new GreenprintError('content_unavailable', 'no source was left')
      })
      caller.abort(new CallerGone())
      return ended
    })
    await assert.rejects(work, CallerGone)
  })
})
