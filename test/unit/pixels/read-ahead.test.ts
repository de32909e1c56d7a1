// The next batches of rows are on their way while one is computed, and no more than that.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Level } from '../../../lib/cog/cog.ts'
import { axisOf } from '../../../lib/pixels/axis.ts'
import { scanNdvi } from '../../../lib/pixels/scan.ts'
import { everything } from '../../../lib/pixels/selection.ts'
import type { Window } from '../../../lib/pixels/window.ts'

const { signal } = new AbortController()
/** A batch has a row of tiles, and 16 MiB of samples: a quarter of what is held. */
const [ROWS, COLS] = [8 * 512, 8192]
const band = { scale: 1, offset: 0, fill: [0], saturation: null }

const tile = new Uint16Array(512 * COLS).fill(7)

/** A level of one number, whose tiles come when they are let go. */
function heldLevel(asked: (() => void)[]): Level {
  return {
    width: COLS,
    height: ROWS,
    tileWidth: COLS,
    tileHeight: 512,
    tilesAcross: 1,
    transform: [1, 0, 0, 0, -1, 0],
    southUp: false,
    masks: [],
    bytesPerSample: 2,
    unwritten: 0,
    allocate: (length, memory = new ArrayBuffer(2 * length)) => new Uint16Array(memory, 0, length),
    tileRanges: async () => await Promise.resolve([]),
    readTiles: async (indices, use, stop) => {
      await new Promise<void>((resolve, reject) => {
        asked.push(resolve)
        stop.addEventListener('abort', () => reject(stop.reason), { once: true })
      })
      for (const index of indices) await use(tile, index)
    },
  }
}

it('four batches are asked for before the first is there, and one more when it is done with', async () => {
  const asked: (() => void)[] = []
  const level = heldLevel(asked)
  const window: Window = {
    red: level,
    nir: level,
    row: 0,
    col: 0,
    rows: ROWS,
    cols: COLS,
    step: 1,
    rowsAt: axisOf(0, ROWS, 1),
    colsAt: axisOf(0, COLS, 1),
    grid: { crs: null, transform: level.transform, shape: [ROWS, COLS], level: 0 },
    sizes: [],
    warnings: [],
  }
  const rules = { red: band, nir: band, minimumDenominator: 1 }
  const rows = scanNdvi(window, rules, everything, signal)
  const first = rows.next()
  await new Promise(setImmediate)
  // Red and NIR of each.
  assert.equal(asked.length, 8)
  for (const release of asked.splice(0, 2)) release()
  const { value } = await first
  assert.deepEqual([value?.firstRow, value?.rows, value?.values[0]], [0, 512, 0])
  assert.equal(asked.length, 6)
  const second = rows.next()
  await new Promise(setImmediate)
  assert.equal(asked.length, 8)
  for (const release of asked.splice(0, 2)) release()
  await second
  // Who stops early leaves nothing behind.
  await rows.return(undefined)
})
