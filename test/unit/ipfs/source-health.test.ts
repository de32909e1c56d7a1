// A source while the process lives: what it is measured by, and its line in an error.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../../lib/async/clock.ts'
import { outrun, SourceHealth } from '../../../lib/ipfs/source-health.ts'
import { SourceFailure } from '../../../lib/model/source-failure.ts'

const forever = new AbortController().signal

function startMember(most = 1) {
  const time = { now: 0 }
  const sleep = () => Promise.reject(new Error('nobody sleeps here'))
  const clock: Clock = { elapsed: () => time.now, now: () => time.now, sleep }
  return { member: new SourceHealth('https://a.example', most, clock), time }
}

/** A request that ends when told, or when its signal says so. */
function gate(signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  signal.addEventListener('abort', () => reject(signal.reason))
  return { request: () => promise, end: () => resolve('block') }
}

describe('a source', () => {
  it('is measured from when it was asked, not from when its reader got in line', async () => {
    const { member, time } = startMember()
    const [first, second] = [gate(forever), gate(forever)]
    const asked = [member.ask(first.request, forever), member.ask(second.request, forever)]
    await turn()
    time.now = 500
    first.end()
    await turn()
    time.now = 530
    second.end()
    const answers = await Promise.all(asked)
    assert.deepEqual(
      answers.map(({ ms }) => ms),
      [500, 30],
    )
  })

  it('that was outrun is slower than thought and no longer waited for', async () => {
    const { member, time } = startMember()
    const over = new AbortController()
    const asked = member.ask(gate(over.signal).request, over.signal)
    await turn()
    time.now = 3_000
    over.abort(outrun)
    await assert.rejects(asked, outrun)
    assert.equal(member.score.inGoodStanding, false)
    assert.equal(member.line, 'https://a.example: 0 blocks served')
  })

  it('tells what it served, how often it failed and why last, and what it owes', async () => {
    const { member } = startMember(2)
    assert.equal(member.line, 'https://a.example: 0 blocks served')
    member.served(20)
    member.served(20)
    member.failed(new SourceFailure('https://a.example', 'broken', 'HTTP 500'))
    member.failed(new SourceFailure('https://a.example', 'broken', 'HTTP 502'))
    const asked = member.ask(gate(forever).request, forever)
    await turn()
    assert.equal(
      member.line,
      'https://a.example: 2 blocks served, 2 failed (last: HTTP 502), 1 waited for',
    )
    assert.ok(asked instanceof Promise)
  })

  it('goes on owing what its reader gave up on', async () => {
    const { member } = startMember()
    const reader = new AbortController()
    const asked = member.ask(gate(reader.signal).request, reader.signal)
    await turn()
    reader.abort(new Error('time is up'))
    await assert.rejects(asked, /time is up/)
    assert.equal(member.line, 'https://a.example: 0 blocks served, 1 waited for')
  })
})
