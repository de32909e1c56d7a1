// Enlargement of small pictures, and the frame around thin ones.

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { fitFrame } from '../../../lib/figure/frame.ts'

suite('enlargement', () => {
  const cases: [longest: number, factor: number][] = [
    [1, 256],
    [4, 256],
    [5, 204],
    [60, 17],
    [300, 3],
    [341, 3],
    [342, 2],
    [511, 2],
    [512, 1],
    [851, 1],
    [1024, 1],
  ]
  for (const [longest, factor] of cases) {
    test(`${longest} pixels are drawn ${factor} times as large`, () => {
      assert.equal(fitFrame(longest, 1, [0, 0, 1, 1]).enlargement, factor)
      assert.equal(fitFrame(1, longest, [0, 0, 1, 1]).enlargement, factor)
      assert.ok(longest * factor <= 1024)
    })
  }
})

test('a picture of usual shape fills its frame', () => {
  const bounds = [832485, -355035, 858015, -340995] as const
  const frame = fitFrame(851, 468, bounds)
  assert.deepEqual([frame.width, frame.height, frame.offset], [851, 468, [0, 0]])
  assert.deepEqual(frame.bounds, bounds)
})

test('a thin picture lies in the middle of a frame that shows the ground beside it', () => {
  const frame = fitFrame(3, 900, [0, 0, 90, 27000])
  assert.deepEqual([frame.width, frame.height, frame.offset], [200, 900, [98, 0]])
  assert.deepEqual(frame.bounds, [-98 * 30, 0, 90 + 99 * 30, 27000])
})

test('a flat picture has paper above and below, counted from its upper edge', () => {
  const frame = fitFrame(1024, 21, [0, 0, 10240, 210])
  assert.deepEqual([frame.width, frame.height, frame.offset], [1024, 128, [0, 53]])
  assert.deepEqual(frame.bounds, [0, -540, 10240, 740])
})
