// The digest of pixels is what hashlib makes of the float32 array, however the rows come.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { PixelDigest } from '../../../lib/pixels/pixel-digest.ts'

/** `hashlib.sha256(numpy.array([1, nan, -1, 0.1], "<f4").tobytes())` */
const NUMPYS = '650ca89d2ff67a6e94c5a4800a48656ef6903d393bcdf96e322fa6772e9ddcc1'

it('is of little-endian float32, with the NaN that numpy writes', () => {
  // A NaN with bits of its own, as arithmetic of another processor may leave it.
  const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0]!
  for (const nan of [Number.NaN, odd]) {
    const digest = new PixelDigest()
    digest.add(Float64Array.of(1, nan))
    digest.add(Float64Array.of())
    digest.add(Float64Array.of(-1, 0.1))
    assert.equal(digest.finish(), NUMPYS)
  }
})

it('does not keep what a larger piece left behind', () => {
  const [pieces, whole] = [new PixelDigest(), new PixelDigest()]
  pieces.add(Float64Array.of(3, 4, 5))
  pieces.add(Float64Array.of(6))
  whole.add(Float64Array.of(3, 4, 5, 6))
  assert.equal(pieces.finish(), whole.finish())
})
