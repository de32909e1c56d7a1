// Bodies put together: announced rightly, wrongly, or not at all.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Body } from '../../../lib/net/body.ts'
import { noise } from '../../harness/blocks.ts'

describe('a body', () => {
  const bytes = noise(200_000)
  for (const [name, announced] of [
    ['as long as announced', 200_000],
    ['announced as shorter', 10],
    ['announced as longer', 300_000],
    ['not announced', 0],
  ] as const) {
    it(`${name} is all of its parts, in memory of its own`, () => {
      const body = new Body(announced)
      for (let at = 0; at < bytes.length; at += 7_001) body.add(bytes.subarray(at, at + 7_001))
      assert.equal(body.length, bytes.length)
      const whole = body.take()
      assert.deepEqual(whole, bytes)
      assert.equal(whole.buffer.byteLength, bytes.length)
    })
  }

  it('without parts is empty', () => {
    assert.deepEqual(new Body(0).take(), new Uint8Array(0))
  })
})
