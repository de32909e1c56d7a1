// Work behind a reader's back: over before the process may sleep, and never a reason to fail.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Behind } from '../../../lib/ipfs/behind.ts'

describe('work that nobody waits for', () => {
  it('is waited for by who settles, also what was begun meanwhile', async () => {
    const behind = new Behind()
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    behind.goOn(first.promise)
    let settled = false
    const settling = behind.settle().then(() => (settled = true))
    behind.goOn(second.promise)
    first.resolve()
    await turn()
    assert.equal(settled, false)
    second.resolve()
    await settling
  })

  it('may fail: that is nobody’s trouble', async () => {
    const behind = new Behind()
    behind.goOn(Promise.reject(new Error('the disk is full')))
    await behind.settle()
  })

  it('is settled at once when there is none', async () => {
    await new Behind().settle()
  })
})
