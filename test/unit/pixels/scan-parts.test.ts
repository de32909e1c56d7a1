// How windows are cut: every pixel is read once, and no tile twice where that can be helped.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Level } from '../../../lib/cog/cog.ts'
import { axisOf } from '../../../lib/pixels/axis.ts'
import {
  batchesOf,
  mostHeld,
  partsOf,
  type ReadBox,
  type Scanned,
  type ScanParts,
  weightOf,
} from '../../../lib/pixels/scan-parts.ts'
import { everything } from '../../../lib/pixels/selection.ts'
import type { Window } from '../../../lib/pixels/window.ts'
import { memoryLevel } from '../../harness/level.ts'

interface Shape {
  readonly size: readonly [rows: number, cols: number]
  readonly tile: readonly [rows: number, cols: number]
  /** Of the window; all of the level without it. */
  readonly box?: ReadBox
  readonly step?: number
  readonly southUp?: boolean
}

function scanned({ size, tile, step = 1, southUp = false, ...rest }: Shape): Scanned {
  const [height, width] = size
  const box = rest.box ?? { row: 0, col: 0, rows: height, cols: width }
  const level: Level = {
    ...memoryLevel({ width, height, tile: 256, value: () => 0 }),
    tileHeight: tile[0],
    tileWidth: tile[1],
    tilesAcross: Math.ceil(width / tile[1]),
    bytesPerSample: 2,
    southUp,
  }
  const [rowsAt, colsAt] = [axisOf(box.row, box.rows, step), axisOf(box.col, box.cols, step)]
  const shape = [rowsAt.length, colsAt.length] as const
  const grid = { crs: null, transform: level.transform, shape, level: 0 }
  const window: Window = {
    ...box,
    red: level,
    nir: level,
    step,
    rowsAt,
    colsAt,
    grid,
    sizes: [],
    warnings: [],
  }
  return { window, selection: everything }
}

/** How often the tiles under a window are unpacked, of once each. */
function unpacked({ window }: Scanned, batches: readonly ReadBox[]): number {
  const { red, rowsAt, colsAt } = window
  const down = (row: number) => {
    const [at = 0] = rowsAt.slice(row, row + 1)
    return Math.floor((red.southUp ? red.height - 1 - at : at) / red.tileHeight)
  }
  const across = (col: number) => Math.floor((colsAt.slice(col, col + 1)[0] ?? 0) / red.tileWidth)
  const tiles = ({ row, rows, col, cols }: ReadBox) =>
    (Math.abs(down(row + rows - 1) - down(row)) + 1) * (across(col + cols - 1) - across(col) + 1)
  const [rows, cols] = window.grid.shape
  const all = batches.reduce((sum, batch) => sum + tiles(batch), 0)
  return all / tiles({ row: 0, col: 0, rows, cols })
}

function checkCover({ window }: Scanned, batches: readonly ReadBox[]): void {
  const [rows, cols] = window.grid.shape
  const pixels = batches.reduce((sum, box) => sum + box.rows * box.cols, 0)
  assert.equal(pixels, rows * cols)
  // Of each strip the rows follow one another.
  const ends = new Map<number, number>()
  for (const box of batches) {
    assert.equal(box.row, ends.get(box.col) ?? 0)
    ends.set(box.col, box.row + box.rows)
  }
}

const MIB = 1024 * 1024

describe('a window', () => {
  for (const [name, shape, wholeRows, most, parts] of [
    ['of Landsat', { size: [7700, 7800], tile: [256, 256] }, false, 1, [512, 4096]],
    ['of Landsat, by whole rows', { size: [7700, 7800], tile: [256, 256] }, true, 1, [512, 7800]],
    ['four times as large', { size: [15_400, 15_600], tile: [256, 256] }, true, 1, [512, 15_600]],
    ['of Sentinel-2', { size: [10_980, 10_980], tile: [1024, 1024] }, false, 1, [1024, 4096]],
    [
      'of Sentinel-2, by whole rows',
      { size: [10_980, 10_980], tile: [1024, 1024] },
      true,
      1,
      [512, 10_980],
    ],
    [
      'whose tiles are rows of the file',
      { size: [5000, 9000], tile: [1, 9000] },
      false,
      1,
      [512, 9216],
    ],
    [
      'that begins within a tile',
      { size: [9000, 9000], tile: [512, 512], box: { row: 100, col: 0, rows: 8000, cols: 4000 } },
      false,
      1,
      [512, 4000],
    ],
    [
      'of a file from south to north',
      { size: [9000, 4000], tile: [512, 512], southUp: true },
      true,
      1,
      [512, 4000],
    ],
    [
      'of every third pixel',
      { size: [9000, 9000], tile: [512, 512], step: 3 },
      true,
      1,
      [512, 3000],
    ],
    [
      'that begins within a tile, in strips',
      { size: [9000, 9000], tile: [512, 512], box: { row: 100, col: 100, rows: 8000, cols: 8000 } },
      false,
      2.2,
      [512, 4096],
    ],
  ] as const satisfies readonly (readonly [
    string,
    Shape,
    boolean,
    number,
    readonly [number, number],
  ])[]) {
    it(`${name} is read once, its tiles at most ${most} times`, () => {
      const scan = scanned(shape)
      const cut: ScanParts = partsOf([scan], wholeRows)
      assert.deepEqual(
        [cut.rows, cut.cols],
        parts.map((size, at) => (at === 1 ? Math.min(size, scan.window.grid.shape[1]) : size)),
      )
      const batches = batchesOf(scan, cut)
      checkCover(scan, batches)
      const times = unpacked(scan, batches)
      assert.ok(times <= most, `${times.toFixed(2)} times`)
      assert.ok(mostHeld(scan, cut) <= 96 * MIB)
      for (const { rows, cols } of batches) assert.ok(2 * rows * cols * 4 <= mostHeld(scan, cut))
    })
  }

  it('of one huge tile is cut all the same', () => {
    const scan = scanned({ size: [8000, 8000], tile: [8000, 8000] })
    const parts = partsOf([scan], true)
    const batches = batchesOf(scan, parts)
    checkCover(scan, batches)
    for (const { rows, cols } of batches) assert.ok(rows * cols * 4 <= 8 * MIB)
    assert.equal(mostHeld(scan, parts), 64 * MIB)
  })

  it('of one row, or of one column, has eight batches on their way at most', () => {
    for (const scan of [
      scanned({ size: [1, 1_000_000], tile: [16, 65_536] }),
      scanned({ size: [5_000_000, 1], tile: [16, 16] }),
    ]) {
      const parts = partsOf([scan], false)
      const batches = batchesOf(scan, parts)
      assert.ok(batches.length > 8)
      const lightest = Math.min(...batches.map((box) => weightOf(scan, box)))
      assert.ok(mostHeld(scan, parts) / lightest <= 8)
    }
  })

  it('is cut as another one that it is gone through in step with', () => {
    const [one, other] = [
      scanned({ size: [5000, 9000], tile: [256, 256] }),
      scanned({ size: [5000, 9000], tile: [2048, 2048] }),
    ]
    assert.deepEqual(partsOf([one, other], false), { rows: 2048, cols: 4096 })
    assert.deepEqual(partsOf([other, one], false), { rows: 2048, cols: 4096 })
  })
})
