// Where a quality band is read for the pixels of a window, on whatever grid of the same CRS it lies.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import type { Cog, Level } from '../cog/cog.ts'
import { tilesFor } from '../cog/rows.ts'
import { GreenprintError } from '../errors.ts'
import type { Axis } from './axis.ts'
import type { Window } from './window.ts'

/** Which samples of the quality band answer for the rows and columns of the window's grid. */
export interface QaPlacement {
  readonly level: Level
  /** Of the level in its file; 0 is full resolution. */
  readonly number: number
  readonly rows: QaAxis
  readonly cols: QaAxis
  readonly warnings: readonly string[]
}

/** Where the band is read for rows (columns) of the grid. */
export interface QaAxis {
  readonly length: number
  slice(from: number, to: number): QaPositions
}

export interface QaPositions {
  /** The row of `level` that holds the centre of the grid's row, or the nearest there is. */
  readonly positions: Int32Array
  /** 1 where the band reaches the row, else 0: nothing is known to be clear there. */
  readonly reached: Uint8Array
}

/** Packed bytes of a quality band that a request may read. */
const MAX_PACKED_BYTES = 32 * 1024 * 1024
/** Tiles whose sizes are looked up at once. */
const MAX_TILES = 200_000

/**
 * A centre this near to the edge between two pixels is on it and belongs to the later one, whatever the last digits
 * say.
 */
const EDGE = 1e-6

/** Whole numbers, each of which has one meaning. */
const DTYPES = ['uint8', 'uint16', 'int16']

/**
 * The full resolution at the centre of each pixel that is computed: averaged bits of an overview mean nothing.
 * Only where that is too much to read, the finest overview that is not, with a warning.
 *
 * The CRS is compared before (steps/open-crs).
 *
 * @throws {GreenprintError} `mask_unavailable` when the quality band holds no bits or classes, `raster_unusable` when
 *   the list of its tiles cannot be read
 */
export async function placeQa(window: Window, qa: Cog, signal: AbortSignal): Promise<QaPlacement> {
  if (!DTYPES.includes(qa.dtype)) {
    const message = `The quality band holds ${qa.dtype}; bits and classes are read from ${DTYPES.join(', ')}.`
    throw new GreenprintError('mask_unavailable', message)
  }
  for (const [number, level] of qa.levels.entries()) {
    const placement = placeOn(window, level)
    const isLast = number === qa.levels.length - 1
    if (!isLast && (await isTooMuch(level, placement, signal))) continue
    const warnings =
      number === 0
        ? []
        : [`mask from overview level ${number} of the quality band: edges are rough`]
    return { ...placement, number, warnings }
  }
  throw new RangeError('a COG has at least one level')
}

function placeOn(window: Window, level: Level): Omit<QaPlacement, 'number' | 'warnings'> {
  const [a, , c, , e, f] = window.red.transform
  const [qaA, , qaC, , qaE, qaF] = level.transform
  return {
    level,
    rows: locate(window.rowsAt, (row) => (f + (row + 0.5) * e - qaF) / qaE, level.height),
    cols: locate(window.colsAt, (col) => (c + (col + 0.5) * a - qaC) / qaA, level.width),
  }
}

function locate(sources: Axis, toQa: (source: number) => number, size: number): QaAxis {
  return {
    length: sources.length,
    slice(from, to) {
      const positions = sources.slice(from, to)
      const reached = new Uint8Array(positions.length)
      for (const [i, source] of positions.entries()) {
        const at = Math.floor(toQa(source) + EDGE)
        reached[i] = at >= 0 && at < size ? 1 : 0
        positions[i] = Math.min(Math.max(at, 0), size - 1)
      }
      return { positions, reached }
    },
  }
}

/** Positions of an axis that are looked at together. */
const SLICE = 64 * 1024

/** Whether the tiles that hold the window have more packed bytes than are read. */
async function isTooMuch(
  level: Level,
  { rows, cols }: Pick<QaPlacement, 'rows' | 'cols'>,
  signal: AbortSignal,
): Promise<boolean> {
  let packed = 0
  let lastRow = -1
  for (let row = 0; row < rows.length; row += SLICE) {
    const rowsAt = rows.slice(row, row + SLICE).positions
    for (let col = 0; col < cols.length; col += SLICE) {
      if (turnIsOver()) await nextTurn(signal)
      const colsAt = cols.slice(col, col + SLICE).positions
      const tiles = tilesFor(level, rowsAt, colsAt, MAX_TILES)
      if (tiles === null) return true
      const fresh = tiles.filter((tile) => Math.floor(tile / level.tilesAcross) > lastRow)
      const ranges = await level.tileRanges(cols.length > SLICE ? tiles : fresh, signal)
      packed += ranges.reduce((sum, { length }) => sum + length, 0)
      if (packed > MAX_PACKED_BYTES) return true
    }
    lastRow = Math.floor((rowsAt.at(-1) ?? 0) / level.tileHeight)
  }
  return false
}
