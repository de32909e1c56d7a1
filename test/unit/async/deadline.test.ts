// The clock's pause and the deadline of a piece of work.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { startDeadline } from '../../../lib/async/deadline.ts'
import { GreenprintError } from '../../../lib/errors.ts'

const aborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) =>
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true }),
  )

describe('a deadline', () => {
  it('aborts in time, says after how long and what to ask instead', async () => {
    const deadline = startDeadline(20)
    const { signal } = deadline
    assert.equal(signal.aborted, false)
    const reason = await aborted(signal)
    deadline.clear()
    assert.ok(reason instanceof GreenprintError)
    assert.equal(reason.code, 'deadline_exceeded')
    assert.match(reason.message, /^The work was not done within 0 s\. Ask for a smaller/)
  })

  it('names seconds to a tenth', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { signal } = startDeadline(27_940)
    t.mock.timers.tick(27_939)
    assert.equal(signal.aborted, false)
    t.mock.timers.tick(1)
    assert.match(String(signal.reason), /not done within 27\.9 s/)
  })

  it('that was cleared never aborts', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const deadline = startDeadline(10)
    const { signal } = deadline
    deadline.clear()
    t.mock.timers.tick(1_000)
    assert.equal(signal.aborted, false)
  })

  it('without any time left aborts at once', async () => {
    const { signal } = startDeadline(0)
    assert.ok((await aborted(signal)) instanceof GreenprintError)
  })
})

describe('the system clock', () => {
  it('pauses, and measures by a clock that only grows', async () => {
    const started = systemClock.elapsed()
    await systemClock.sleep(15, new AbortController().signal)
    const took = systemClock.elapsed() - started
    assert.ok(took >= 14, `${took} ms`)
    assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000)
  })

  it('ends a pause when the caller gives up', async () => {
    const caller = new AbortController()
    const pause = systemClock.sleep(60_000, caller.signal)
    caller.abort()
    await assert.rejects(pause, { name: 'AbortError' })
  })
})
