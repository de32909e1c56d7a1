// Pure functions that remember their last answers: the same answer, of the same arguments alone, and not too many.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { perObject } from '../../../lib/model/per-object.ts'
import { perText } from '../../../lib/model/per-text.ts'

describe('a function of an object', () => {
  it('is computed once for the same arguments', () => {
    let computed = 0
    const sum = perObject((one: { readonly n: number }, two: number, three: string) => {
      computed++
      return `${one.n + two}${three}`
    })
    const one = { n: 1 }
    assert.equal(sum(one, 2, 'a'), '3a')
    assert.equal(sum(one, 2, 'a'), '3a')
    assert.equal(computed, 1)
    assert.equal(sum(one, 3, 'a'), '4a')
    assert.equal(sum(one, 2, 'b'), '3b')
    assert.equal(sum({ n: 1 }, 2, 'b'), '3b')
    assert.equal(computed, 4)
  })
})

describe('a function of a text', () => {
  const counted = () => {
    const asked: string[] = []
    const answer = perText((text) => {
      asked.push(text)
      if (text.startsWith('bad')) throw new Error(text)
      return { text }
    }, 64)
    return { asked, answer }
  }

  it('is computed once for the same text', () => {
    const { asked, answer } = counted()
    assert.equal(answer('a'), answer('a'))
    assert.deepEqual(asked, ['a'])
  })

  it('remembers no failure, no long text, and the letters of its bound', () => {
    const { asked, answer } = counted()
    for (let times = 0; times < 2; times++) assert.throws(() => answer('bad'), /bad/)
    for (let times = 0; times < 2; times++) answer('longer')
    assert.deepEqual(asked, ['bad', 'bad', 'longer', 'longer'])
    const texts = Array.from({ length: 20 }, (_, at) => `t${String(at).padStart(3, '0')}`)
    for (const text of texts) answer(text)
    asked.length = 0
    // Sixteen of four letters are known, the last ones.
    for (const text of texts.toReversed()) answer(text)
    assert.deepEqual(asked, ['t003', 't002', 't001', 't000'])
  })

  it('forgets what was not asked for for the longest time', () => {
    const { asked, answer } = counted()
    for (let at = 0; at < 16; at++) answer(`t${String(at).padStart(3, '0')}`)
    answer('t000')
    answer('t016')
    asked.length = 0
    answer('t000')
    answer('t001')
    assert.deepEqual(asked, ['t001'])
  })
})
