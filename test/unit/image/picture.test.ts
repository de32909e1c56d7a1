// Palette indices and the decimation of what is drawn.

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createPicture, type Picture, type PictureBuilder } from '../../../lib/image/picture.ts'

function draw(
  values: readonly number[],
  rescale: readonly [number, number] = [-1, 1],
  shape: readonly [number, number] = [1, values.length],
): Picture {
  const builder = createPicture({ shape, rescale, maxSize: 1024 })
  builder.add(0, Float64Array.from(values))
  return builder.finish()
}

suite('index', () => {
  const cases: [name: string, value: number, index: number][] = [
    ['the low end', -1, 0],
    ['the high end', 1, 255],
    ['the middle', 0, 128],
    ['just under the middle', -1e-12, 127],
    ['below', -1.5, 0],
    ['far below', -Infinity, 0],
    ['above', 1.5, 255],
    ['just under the high end', 1 - 1e-12, 255],
  ]
  for (const [name, value, index] of cases) {
    test(`of ${name} (${value}) is ${index}`, () => {
      assert.deepEqual([...draw([value]).indices], [index])
    })
  }

  test('changes exactly at every 256th of the range', () => {
    const edges = Array.from({ length: 256 }, (_, k) => -1 + (2 * k) / 256)
    const indices = edges.map((_, k) => k)
    assert.deepEqual([...draw(edges).indices], indices)
    const under = edges.map((edge) => edge - 1e-12)
    assert.deepEqual(
      [...draw(under).indices],
      indices.map((k) => Math.max(0, k - 1)),
    )
  })

  test('follows the range it is given', () => {
    assert.deepEqual([...draw([0, 0.2, 0.4, 0.8, -0.1], [0, 0.8]).indices], [0, 64, 128, 255, 0])
  })
})

suite('a range', () => {
  const cases: [
    name: string,
    values: number[],
    range: [number, number],
    indices: number[],
    ends: boolean[],
  ][] = [
    ['that all values lie below', [-1, 0, 1], [5, 6], [0, 0, 0], [true, false]],
    ['that all values lie above', [-1, 0, 1], [-6, -5], [255, 255, 255], [false, true]],
    ['that begins at -0', [-1, 0, 0.5], [-0, 1], [0, 0, 128], [true, false]],
    [
      'of one last digit',
      [1, 1 + Number.EPSILON],
      [1, 1 + Number.EPSILON],
      [0, 255],
      [false, false],
    ],
    [
      'of the smallest number there is',
      [-1, 0, 1],
      [0, Number.MIN_VALUE],
      [0, 0, 255],
      [true, true],
    ],
    ['around nothing', [-1, 0, 1], [-1e-300, 1e-300], [0, 128, 255], [true, true]],
    ['far too wide', [-1, 0, 1], [-1e300, 1e300], [128, 128, 128], [false, false]],
  ]
  for (const [name, values, range, indices, ends] of cases) {
    test(name, () => {
      const picture = draw(values, range)
      assert.deepEqual([...picture.indices], indices)
      assert.deepEqual([picture.under, picture.over], ends)
    })
  }
})

function beyond(values: readonly number[]): [under: boolean, over: boolean] {
  const { under, over } = draw(values)
  return [under, over]
}

test('only NaN is invalid', () => {
  const picture = draw([Number.NaN, 0, 9, -9, Number.NaN])
  assert.deepEqual([...picture.valid], [0, 1, 1, 1, 0])
  assert.deepEqual([...picture.indices], [0, 128, 255, 0, 0])
})

test('values beyond the ends are remembered, the ends themselves are not beyond', () => {
  assert.deepEqual(beyond([-1, 1, Number.NaN]), [false, false])
  assert.deepEqual(beyond([-1.001, 0]), [true, false])
  assert.deepEqual(beyond([0, 1.001]), [false, true])
})

/** Each value is its own place / 256, so an index tells which pixel was taken. */
function numbered(rows: number, cols: number): Float64Array {
  return Float64Array.from({ length: rows * cols }, (_, at) => at / 256)
}

function decimate(rows: number, cols: number, maxSize: number, chunk = rows): Picture {
  const builder = createPicture({ shape: [rows, cols], rescale: [0, 1], maxSize })
  const values = numbered(rows, cols)
  for (let row = 0; row < rows; row += chunk) {
    builder.add(row, values.slice(row * cols, (row + chunk) * cols))
  }
  return builder.finish()
}

suite('decimation', () => {
  test('nothing is left out where it fits', () => {
    const { width, height, step, indices } = decimate(8, 16, 16)
    assert.deepEqual([width, height, step], [16, 8, 1])
    assert.deepEqual(
      [...indices],
      Array.from({ length: 128 }, (_, i) => i),
    )
  })

  test('step 2 takes the second of two, the last where there is only one', () => {
    const { width, height, step, indices } = decimate(3, 5, 3)
    assert.deepEqual([width, height, step], [3, 2, 2])
    assert.deepEqual(
      [...indices],
      [1, 2].flatMap((r) => [1, 3, 4].map((c) => r * 5 + c)),
    )
  })

  test('step 3 takes the middle of three', () => {
    const { width, height, step, indices } = decimate(7, 9, 3)
    assert.deepEqual([width, height, step], [3, 3, 3])
    assert.deepEqual(
      [...indices],
      [1, 4, 6].flatMap((r) => [1, 4, 7].map((c) => r * 9 + c)),
    )
  })

  test('how rows are cut into chunks does not matter', () => {
    const whole = decimate(13, 17, 5)
    for (const chunk of [1, 2, 3, 5, 12]) assert.deepEqual(decimate(13, 17, 5, chunk), whole)
  })

  test('nor how they are cut into columns, or in which order these come', () => {
    const [rows, cols] = [13, 17]
    const values = numbered(rows, cols)
    const strips = createPicture({ shape: [rows, cols], rescale: [0, 1], maxSize: 5 })
    for (const [from, end] of [
      [6, 17],
      [0, 6],
    ] as const) {
      for (const [top, bottom] of [
        [4, 13],
        [0, 4],
      ] as const) {
        const part = Array.from({ length: bottom - top }, (_, row) => [
          ...values.subarray((top + row) * cols + from, (top + row) * cols + end),
        ])
        strips.add(top, Float64Array.from(part.flat()), from, end - from)
      }
    }
    assert.deepEqual(strips.finish(), decimate(rows, cols, 5))
  })
})

function builder(): PictureBuilder {
  return createPicture({ shape: [4, 3], rescale: [-1, 1], maxSize: 8 })
}

function make(shape: [number, number], rescale: [number, number], maxSize = 8): () => void {
  return () => createPicture({ shape, rescale, maxSize })
}

suite('wrong use', () => {
  test('rows that come twice, are torn or too many', () => {
    const twice = builder()
    for (const row of [0, 2, 0]) twice.add(row, new Float64Array(6))
    assert.throws(() => twice.finish(), /18 of 12 pixels/)
    assert.throws(() => builder().add(0, new Float64Array(4)), /not whole rows of a 4x3 grid/)
    assert.throws(() => builder().add(0, new Float64Array(15)), /not whole rows of a 4x3 grid/)
  })

  test('rows that are missing', () => {
    const short = builder()
    short.add(0, new Float64Array(9))
    assert.throws(() => short.finish(), /9 of 12 pixels/)
  })

  test('a range that does not ascend and sizes that no grid has', () => {
    assert.throws(make([4, 3], [1, 1]), RangeError)
    assert.throws(make([4, 3], [1, Number.NaN]), RangeError)
    assert.throws(make([0, 3], [0, 1]), RangeError)
    assert.throws(make([4, 2.5], [0, 1]), RangeError)
    assert.throws(make([4, 3], [0, 1], 0), RangeError)
  })
})
