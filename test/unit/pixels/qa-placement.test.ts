// Where a quality band is read for the pixels of a window: other grids, overviews, decimation, and what is refused.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Cog, Level } from '../../../lib/cog/cog.ts'
import { placeQa, type QaPlacement } from '../../../lib/pixels/qa-placement.ts'
import { chooseWindow } from '../../../lib/pixels/window.ts'
import { memoryCog, memoryLevel } from '../../harness/level.ts'

const signal = new AbortController().signal
const [LEFT, TOP] = [600_000, 9_000_000]

/** A band of square pixels, its top left corner some metres from that of the scene. */
function level(
  width: number,
  height: number,
  pixel: number,
  {
    x = 0,
    y = 0,
    packed = 100,
  }: { readonly x?: number; readonly y?: number; readonly packed?: number } = {},
): Level {
  return memoryLevel({ width, height, packed, transform: [pixel, 0, LEFT + x, 0, -pixel, TOP + y] })
}

const bands = memoryCog([level(8, 6, 10), level(4, 3, 20)])

function place(qa: Cog, maxSize: number | 'full' = 'full', red = bands): Promise<QaPlacement> {
  return placeQa(chooseWindow(red, red, null, maxSize, 1e9), qa, signal)
}

/** Columns, then rows: where the band is read, - where it does not reach. */
async function picture(qa: Cog, maxSize: number | 'full' = 'full', red = bands): Promise<string> {
  const { rows, cols } = await place(qa, maxSize, red)
  const { positions: rowsAt, reached: rowReached } = rows.slice(0, rows.length)
  const { positions: colsAt, reached: colReached } = cols.slice(0, cols.length)
  const write = (positions: Int32Array, reached: Uint8Array) =>
    [...positions].map((at, i) => (reached[i] === 1 ? String(at) : '-')).join(' ')
  return `${write(colsAt, colReached)} / ${write(rowsAt, rowReached)}`
}

describe('a quality band', () => {
  const rows: readonly (readonly [name: string, qa: Level, expected: string])[] = [
    ['on the bands’ grid', level(8, 6, 10), '0 1 2 3 4 5 6 7 / 0 1 2 3 4 5'],
    ['of pixels twice as large', level(4, 3, 20), '0 0 1 1 2 2 3 3 / 0 0 1 1 2 2'],
    ['of pixels three times as large', level(3, 2, 30), '0 0 0 1 1 1 2 2 / 0 0 0 1 1 1'],
    [
      'of pixels half as large: the later of the four at the centre',
      level(16, 12, 5),
      '1 3 5 7 9 11 13 15 / 1 3 5 7 9 11',
    ],
    ['that begins later', level(8, 6, 10, { x: 20, y: -10 }), '- - 0 1 2 3 4 5 / - 0 1 2 3 4'],
    ['that begins earlier', level(8, 6, 10, { x: -20, y: 10 }), '2 3 4 5 6 7 - - / 1 2 3 4 5 -'],
    [
      'that is shifted by a quarter of a pixel',
      level(8, 6, 10, { x: 2.5, y: -2.5 }),
      '0 1 2 3 4 5 6 7 / 0 1 2 3 4 5',
    ],
    [
      'that is shifted by three quarters',
      level(8, 6, 10, { x: 7.5, y: -7.5 }),
      '- 0 1 2 3 4 5 6 / - 0 1 2 3 4',
    ],
    ['that ends early', level(3, 2, 10), '0 1 2 - - - - - / 0 1 - - - -'],
    ['somewhere else', level(8, 6, 10, { x: 1e5 }), '- - - - - - - - / 0 1 2 3 4 5'],
  ]
  for (const [name, qa, expected] of rows) {
    it(`${name} is read at each centre`, async () => {
      assert.equal(await picture(memoryCog([qa])), expected)
    })
  }

  it('is read at full resolution for an overview of the bands', async () => {
    assert.equal(await picture(memoryCog([level(8, 6, 10), level(4, 3, 20)]), 4), '1 3 5 7 / 1 3 5')
  })

  it('is read at the pixels that a decimation takes', async () => {
    const red = memoryCog([level(8, 6, 10)])
    assert.equal(await picture(memoryCog([level(8, 6, 10)]), 3, red), '1 4 7 / 1 4')
  })

  it('is read on one side of an edge between pixels, whatever the last digits say', async () => {
    // In degrees no step is exact: centres of overview pixels fall a hair on either side.
    const at = (width: number, pixel: number) =>
      memoryLevel({ width, height: width, transform: [pixel, 0, -60.1, 0, -pixel, -3.3] })
    const red = memoryCog([at(400, 0.0003), at(200, 0.0006)])
    const { rows, cols } = await place(memoryCog([at(400, 0.0003)]), 200, red)
    const odd = Array.from({ length: 200 }, (_, i) => 2 * i + 1)
    assert.deepEqual([...cols.slice(0, cols.length).positions], odd)
    assert.deepEqual([...rows.slice(0, rows.length).positions], odd)
  })
})

describe('a quality band that is too much to read', () => {
  const large = 40 * 1024 * 1024

  it('gives its finest overview that is not, with a warning', async () => {
    const qa = memoryCog([
      level(8, 6, 10, { packed: large }),
      level(4, 3, 20, { packed: large }),
      level(2, 2, 40),
    ])
    const { level: read, warnings } = await place(qa)
    assert.equal(read.width, 2)
    assert.deepEqual(warnings, ['mask from overview level 2 of the quality band: edges are rough'])
    assert.equal(await picture(qa), '0 0 0 0 1 1 1 1 / 0 0 0 0 1 1')
  })

  it('is read nevertheless where it has no overview', async () => {
    const { level: read, warnings } = await place(memoryCog([level(8, 6, 10, { packed: large })]))
    assert.deepEqual([read.width, warnings], [8, []])
  })

  it('is not one that is small enough for the tiles of the window', async () => {
    const qa = memoryCog([level(4000, 3000, 10, { packed: 1024 * 1024 }), level(2, 2, 40)])
    assert.deepEqual((await place(qa)).warnings, [])
  })
})

describe('a quality band is refused', () => {
  const refused = (message: RegExp) => ({ code: 'mask_unavailable', message })

  for (const dtype of ['float32', 'float64', 'uint32', 'int32', 'int8']) {
    it(`of ${dtype}, which holds neither bits nor classes`, async () => {
      const qa = memoryCog([level(8, 6, 10)], { dtype })
      await assert.rejects(
        place(qa),
        refused(new RegExp(`holds ${dtype}; bits and classes are read from uint8, uint16, int16`)),
      )
    })
  }

  it('of no other kind', async () => {
    for (const dtype of ['uint8', 'uint16', 'int16'])
      await place(memoryCog([level(8, 6, 10)], { dtype }))
  })
})
