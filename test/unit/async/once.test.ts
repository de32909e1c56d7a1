// Made once, and again where making it failed.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { once } from '../../../lib/async/once.ts'

describe('what is made once', () => {
  it('is the same from then on, nothing among it', () => {
    let calls = 0
    const same = once(() => ({ call: ++calls }))
    assert.equal(same(), same())
    const nothing = once(() => void calls++)
    nothing()
    nothing()
    assert.equal(calls, 2)
  })

  it('is one promise for all who ask meanwhile, and made anew after it failed', async () => {
    let calls = 0
    const get = once(async () => {
      if (++calls === 1) throw new Error('for a moment')
      return calls
    })
    const [first, second] = [get(), get()]
    assert.equal(first, second)
    await assert.rejects(first, /for a moment/)
    assert.equal(await get(), 2)
    assert.equal(await get(), 2)
  })

  it('is made anew after making it threw', () => {
    let calls = 0
    const get = once(() => {
      if (++calls === 1) throw new Error('for a moment')
      return calls
    })
    assert.throws(get, /for a moment/)
    assert.equal(get(), 2)
  })
})
