// What is said under a map.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { captionOf } from '../../../lib/figure/caption.ts'

it('the caption tells a map without values, and one that leaves pixels out', () => {
  assert.equal(captionOf(0, 1), 'No pixel here has a value.')
  assert.equal(captionOf(0, 8), 'No pixel here has a value.')
  assert.equal(captionOf(1, 1), '')
  assert.match(captionOf(1, 8), /^Drawn from one pixel in 8 along rows and columns/)
})
