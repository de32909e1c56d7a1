// Memory in line: what is claimed at a time never exceeds the budget, and nobody is passed over.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ByteBudget } from '../../../lib/async/byte-budget.ts'

const never = new AbortController().signal

describe('a budget of bytes', () => {
  it('lets in what fits, and the next when something is given back', async () => {
    const budget = new ByteBudget(100)
    const first = await budget.claim(60, never)
    const order: string[] = []
    const large = budget.claim(80, never).then((claim) => (order.push('large'), claim))
    const small = budget.claim(10, never).then((claim) => (order.push('small'), claim))
    await Promise.resolve()
    assert.deepEqual(order, [], 'a small claim does not pass the large one before it')
    first.release()
    first.release()
    await Promise.all([large, small])
    assert.deepEqual(order, ['large', 'small'])
    assert.equal(budget.left, 10)
  })

  it('refuses what it can never give', async () => {
    await assert.rejects(new ByteBudget(100).claim(101, never), RangeError)
    await assert.rejects(new ByteBudget(100).claim(Number.NaN, never), RangeError)
  })

  it('lets those behind go on when one in line gives up', async () => {
    const budget = new ByteBudget(100)
    await budget.claim(60, never)
    const controller = new AbortController()
    const reason = new Error('gone')
    const large = budget.claim(80, controller.signal)
    const small = budget.claim(40, never)
    controller.abort(reason)
    await assert.rejects(large, reason)
    await small
    assert.equal(budget.left, 0)
  })
})
