// Work behind a reader's back: put off until reading pauses, over before the process may sleep, never a reason to fail.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Background } from '../../../lib/async/background.ts'

describe('work that nobody waits for', () => {
  it('begins in its order, by itself, and not at once', async () => {
    const behind = new Background()
    const begun: number[] = []
    const over = Promise.withResolvers<void>()
    behind.goOn(async () => begun.push(1))
    behind.goOn(async () => {
      begun.push(2)
      over.resolve()
    })
    assert.deepEqual(begun, [])
    await over.promise
    assert.deepEqual(begun, [1, 2])
  })

  it('is waited for by who settles, also what was begun meanwhile', async () => {
    const behind = new Background()
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    behind.goOn(() => first.promise)
    let settled = false
    const settling = behind.settle().then(() => (settled = true))
    behind.goOn(() => second.promise)
    first.resolve()
    await turn()
    assert.equal(settled, false)
    second.resolve()
    await settling
  })

  it('may fail: that is nobody’s trouble', async () => {
    const behind = new Background()
    let done = 0
    behind.goOn(() => Promise.reject(new Error('the disk is full')))
    behind.goOn(async () => done++)
    await behind.settle()
    assert.equal(done, 1)
  })

  it('is not put off without end while more and more comes', () => {
    const behind = new Background()
    let begun = 0
    for (let at = 0; at < 40; at++) behind.goOn(async () => begun++)
    assert.ok(begun >= 17, `${begun} of 40 begun`)
  })

  it('is settled at once when there is none', async () => {
    await new Background().settle()
  })
})
