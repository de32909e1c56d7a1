// Byte ranges: which stretches of a file they touch, and how they fill up.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { RangeBuffer, RangeSet } from '../../../lib/ipfs/ranges.ts'
import { RAW } from '../../../lib/ipld/cid.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import type { VerifiedBytes } from '../../../lib/model/bytes.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { dice } from '../../harness/dags.ts'

function verified(bytes: Uint8Array<ArrayBuffer>): VerifiedBytes {
  const block = verifyBlock(cidOfBlock(RAW, bytes), bytes)
  assert.ok(block)
  return block
}

describe('a set of ranges', () => {
  it('touches a stretch exactly when one of them shares a byte with it', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const roll = dice(seed)
      const ranges = Array.from({ length: roll(8) }, () => ({
        offset: roll(40),
        length: roll(12),
      }))
      const set = new RangeSet(ranges)
      for (let start = 0; start < 55; start++) {
        for (let end = start; end < 55; end += 1 + roll(4)) {
          const expected = ranges.some(
            ({ offset, length }) =>
              length > 0 && end > start && offset < end && offset + length > start,
          )
          assert.equal(set.overlaps(start, end), expected, `seed ${seed}: ${start} to ${end}`)
        }
      }
    }
  })

  it('that is empty, or of empty ranges, touches nothing', () => {
    assert.equal(new RangeSet([]).overlaps(0, 100), false)
    assert.equal(new RangeSet([{ offset: 5, length: 0 }]).overlaps(0, 100), false)
  })
})

describe('one asked range', () => {
  const bytes = noise(100)
  const piece = (start: number, end: number) => verified(bytes.slice(start, end))

  it('takes its part of every piece, in any order', () => {
    const stretch = new RangeBuffer({ offset: 30, length: 40 }, 100)
    stretch.take(piece(60, 100), 60)
    stretch.take(piece(0, 35), 0)
    stretch.take(piece(35, 60), 35)
    assert.deepEqual(stretch.finish(), bytes.slice(30, 70))
  })

  it('with a gap is never handed out', () => {
    const stretch = new RangeBuffer({ offset: 30, length: 40 }, 100)
    stretch.take(piece(0, 35), 0)
    stretch.take(piece(36, 100), 36)
    assert.throws(() => stretch.finish(), /of 40 bytes, 5 were/)
  })

  it('of no bytes is there at once, at the end of the file too', () => {
    assert.equal(new RangeBuffer({ offset: 100, length: 0 }, 100).finish().length, 0)
  })

  for (const [offset, length] of [
    [99, 2],
    [101, 0],
    [-1, 5],
    [5, -1],
  ] as const) {
    it(`of ${length} bytes from ${offset} does not lie in a file of 100`, () => {
      assert.throws(
        () => new RangeBuffer({ offset, length }, 100),
        (error) => error instanceof GreenprintError && error.code === 'raster_unusable',
      )
    })
  }
})
