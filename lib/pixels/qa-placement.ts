// Where a quality band is read for the pixels of a window, on whatever grid of the same CRS it lies.

import type { Cog, Level } from '../cog/cog.ts'
import { tilesFor } from '../cog/rows.ts'
import { GreenprintError } from '../errors.ts'
import type { Window } from './window.ts'

/** Which samples of the quality band answer for the rows and columns of the window's grid. */
export interface QaPlacement {
  readonly level: Level
  /** Per row of the grid: the row of `level` that holds its centre, or the nearest there is. */
  readonly rowsAt: Int32Array
  readonly colsAt: Int32Array
  /** 1 where the band reaches the row (column), else 0: nothing is known to be clear there. */
  readonly rowReached: Uint8Array
  readonly colReached: Uint8Array
  readonly warnings: readonly string[]
}

/** Packed bytes of a quality band that a request may read. */
const MAX_PACKED_BYTES = 32 * 1024 * 1024

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
 * @throws {GreenprintError} `mask_unavailable` when the quality band holds no bits or classes
 */
export async function placeQa(window: Window, qa: Cog, signal: AbortSignal): Promise<QaPlacement> {
  if (!DTYPES.includes(qa.dtype)) {
    const message = `The quality band holds ${qa.dtype}; bits and classes are read from ${DTYPES.join(', ')}.`
    throw new GreenprintError('mask_unavailable', message)
  }
  for (const [number, level] of qa.levels.entries()) {
    const placement = placeOn(window, level)
    const packed = await level.packedBytes(
      tilesFor(level, placement.rowsAt, placement.colsAt),
      signal,
    )
    if (packed > MAX_PACKED_BYTES && number < qa.levels.length - 1) continue
    const warnings =
      number === 0
        ? []
        : [`mask from overview level ${number} of the quality band: edges are rough`]
    return { ...placement, warnings }
  }
  throw new RangeError('a COG has at least one level')
}

function placeOn(window: Window, level: Level): Omit<QaPlacement, 'warnings'> {
  const [a, , c, , e, f] = window.red.transform
  const [qaA, , qaC, , qaE, qaF] = level.transform
  const rows = locate(window.rowsAt, (row) => (f + (row + 0.5) * e - qaF) / qaE, level.height)
  const cols = locate(window.colsAt, (col) => (c + (col + 0.5) * a - qaC) / qaA, level.width)
  return {
    level,
    rowsAt: rows.positions,
    colsAt: cols.positions,
    rowReached: rows.reached,
    colReached: cols.reached,
  }
}

function locate(sources: Int32Array, toQa: (source: number) => number, size: number) {
  const reached = new Uint8Array(sources.length)
  const positions = sources.map((source, i) => {
    const at = Math.floor(toQa(source) + EDGE)
    reached[i] = at >= 0 && at < size ? 1 : 0
    return Math.min(Math.max(at, 0), size - 1)
  })
  return { positions, reached }
}
