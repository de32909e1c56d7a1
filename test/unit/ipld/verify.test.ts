// A stretch of a file is handed out once every byte of it came from a verified block, and not before.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RAW } from '../../../lib/ipld/cid.ts'
import { VerifiedAssembly, verifyBlock } from '../../../lib/ipld/verify.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const bytes = Uint8Array.from({ length: 100 }, (_, at) => at + 1)

function block() {
  const verified = verifyBlock(cidOfBlock(RAW, bytes), bytes)
  assert.ok(verified !== null)
  return verified
}

describe('a stretch of verified pieces', () => {
  it('has their bytes, in whatever order they came', () => {
    const stretch = new VerifiedAssembly(30)
    stretch.put(block(), 20, 40, 10)
    stretch.put(block(), 0, 10, 0)
    assert.deepEqual([...stretch.finish()], [...bytes.subarray(0, 10), ...bytes.subarray(20, 40)])
  })

  const holed: [string, readonly (readonly [start: number, end: number, offset: number])[]][] = [
    ['no piece', []],
    ['a piece that ends before it does', [[0, 29, 0]]],
    ['a piece that begins after it does', [[0, 29, 1]]],
    ['a piece that has less than is asked of it', [[80, 110, 0]]],
    [
      'a gap between two',
      [
        [0, 10, 0],
        [0, 19, 11],
      ],
    ],
    [
      'a byte of two pieces, which makes up for one of none',
      [
        [0, 20, 0],
        [0, 10, 19],
      ],
    ],
    [
      'a piece that came twice',
      [
        [0, 15, 0],
        [0, 15, 0],
      ],
    ],
  ]
  for (const [what, pieces] of holed) {
    it(`is not handed out with ${what}`, () => {
      const stretch = new VerifiedAssembly(30)
      for (const [start, end, offset] of pieces) stretch.put(block(), start, end, offset)
      assert.throws(() => stretch.finish(), RangeError)
    })
  }

  it('may be empty', () => {
    assert.equal(new VerifiedAssembly(0).finish().length, 0)
  })
})
