// Several scenes on one grid: which level answers, which pixels of each scene are those of the grid, and in which rows.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Bbox } from '../../../lib/model/grid.ts'
import { chooseStackWindow } from '../../../lib/pixels/stack-window.ts'
import { memoryCog, memoryLevel } from '../../harness/level.ts'

const PIXEL = 30
const [LEFT, TOP] = [600_000, 9_000_000]

interface Placing {
  readonly name: string
  /** Of its first pixel, in pixels. */
  readonly row?: number
  readonly col?: number
  readonly size?: readonly [rows: number, cols: number]
  readonly overviews?: number
}

/** A scene with overviews that each halve it, as GDAL makes them. */
function scene({ name, row = 0, col = 0, size = [400, 300], overviews = 2 }: Placing) {
  const [rows, cols] = size
  const levels = Array.from({ length: overviews + 1 }, (_, at) => {
    const [height, width] = [Math.ceil(rows / 2 ** at), Math.ceil(cols / 2 ** at)]
    const [x, y] = [(PIXEL * cols) / width, (PIXEL * rows) / height]
    const [left, top] = [LEFT + col * PIXEL, TOP - row * PIXEL]
    return memoryLevel({ width, height, transform: [x, 0, left, 0, -y, top] })
  })
  const [full, ...rest] = levels
  const cog = memoryCog([full!, ...rest])
  return { name, red: cog, nir: cog }
}

/** In pixels from LEFT and TOP: left, top, right, bottom. */
const area = (left: number, top: number, right: number, bottom: number): Bbox => [
  LEFT + left * PIXEL,
  TOP - bottom * PIXEL,
  LEFT + right * PIXEL,
  TOP - top * PIXEL,
]

function choose(scenes: readonly Placing[], asked: Bbox | null, maxSize: number | 'full' = 'full') {
  return chooseStackWindow(scenes.map(scene), asked, maxSize, 'EPSG:32720')
}

describe('the grid of several scenes', () => {
  it('covers all of them, each at its own rows and columns', () => {
    const found = choose([{ name: 'one' }, { name: 'other', row: -7, col: 12 }], null)
    assert.deepEqual(found?.grid.shape, [407, 312])
    assert.deepEqual(found.grid.transform, [PIXEL, 0, LEFT, 0, -PIXEL, TOP + 7 * PIXEL])
    assert.deepEqual(found.tile, { rows: 16, cols: 16, row: 7, col: 0 })
    assert.deepEqual(
      found.windows.map(({ scene: { name }, row, col, window }) => [
        name,
        row,
        col,
        ...window.grid.shape,
      ]),
      [
        ['one', 7, 0, 400, 300],
        ['other', 0, 12, 400, 300],
      ],
    )
  })

  it('leaves out scenes that the area does not touch, and ends where it is asked to', () => {
    const scenes = [{ name: 'far', row: 1000 }, { name: 'one' }, { name: 'part', col: 250 }]
    const found = choose(scenes, area(240, 10, 260, 30))
    assert.deepEqual(found?.grid.shape, [20, 20])
    assert.deepEqual(
      found.windows.map(({ scene: { name }, col, window }) => [name, col, window.col, window.cols]),
      [
        ['one', 0, 240, 20],
        ['part', 10, 0, 10],
      ],
    )
    assert.equal(choose(scenes, area(2000, 0, 2010, 10)), null)
  })

  it('is of an overview where all scenes have one whose pixels lie on each other', () => {
    const found = choose([{ name: 'one' }, { name: 'other', row: 8, col: 4 }], null, 110)
    assert.equal(found?.grid.level, 2)
    assert.deepEqual(found.grid.shape, [102, 76])
    assert.deepEqual(
      found.windows.map(({ row, col }) => [row, col]),
      [
        [0, 0],
        [2, 1],
      ],
    )
    assert.deepEqual(found.warnings, ['overview level 2: statistics are of resampled reflectance'])
    assert.deepEqual(
      found.sizes.map(({ rows }) => rows),
      [408, 204, 102],
    )
  })

  it('takes one pixel in n of the finest level where overviews lie between two pixels', () => {
    const found = choose([{ name: 'one' }, { name: 'other', row: 3, col: 1 }], null, 110)
    assert.equal(found?.grid.level, 0)
    assert.deepEqual(found.grid.shape, [101, 76])
    assert.deepEqual(found.grid.transform.slice(0, 3), [4 * PIXEL, 0, LEFT])
    // Row i of the grid is row 4 i + 2 of the first scene, and three less of the other: from row 1 of the grid on.
    const rows = found.windows.map(({ row, window }) => [row, ...window.rowsAt.slice(0, 3)])
    assert.deepEqual(rows, [
      [0, 2, 6, 10],
      [1, 3, 7, 11],
    ])
    const last = found.windows.map(({ row, window }) => {
      const { length } = window.rowsAt
      return [row + length, ...window.rowsAt.slice(length - 1, length)]
    })
    assert.deepEqual(last, [
      [100, 398],
      [101, 399],
    ])
  })

  it('has no part of a scene between whose pixels none is taken', () => {
    const found = choose(
      [{ name: 'one' }, { name: 'sliver', row: 3, size: [1, 300], overviews: 0 }],
      null,
      110,
    )
    assert.deepEqual(
      found?.windows.map(({ scene: { name } }) => name),
      ['one'],
    )
  })

  it('is none without scenes', () => {
    assert.equal(chooseStackWindow([], null, 'full', null), null)
  })
})
