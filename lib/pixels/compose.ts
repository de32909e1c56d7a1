// Several observations on one grid as one raster, some rows at a time: per pixel the largest value, the latest or the
// median, and which observation it is of.

import { type Ahead, readAhead } from '../async/read-ahead.ts'
import { inTurns } from '../async/turns.ts'
import { type ComposeFold, fill, startFold } from './compose-fold.ts'
import {
  boxesOf,
  type Composition,
  MOST_READ_BYTES,
  READ_BYTES,
  type RowBlock,
  rowBlocks,
} from './compose-plan.ts'
import { type ComposedRows, UNSEEN } from './composed-rows.ts'
import { type BoxPixels, newMemory, type PixelMemory } from './scan.ts'
import type { ReadBox } from './scan-parts.ts'
import { readJoined } from './stack.ts'

/** Rows that were composed before: what ended in the middle goes on behind them. */
export interface KeptRows {
  /** First rows of the blocks that are kept. */
  readonly known: ReadonlySet<number>
  /** null where it is not whole any more. */
  get(block: RowBlock, cols: number, signal: AbortSignal): Promise<ComposedRows | null>
  put(rows: ComposedRows, signal: AbortSignal): Promise<void>
}

/**
 * All rows of the grid, from the top down. The arrays are used again for the next rows.
 *
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`, `store_failed`
 */
export async function* composeRows(
  composition: Composition,
  kept: KeptRows | null,
  signal: AbortSignal,
): AsyncGenerator<ComposedRows> {
  const { grid } = composition
  const blocks = rowBlocks(grid)
  const missing = blocks.filter(({ row }) => kept === null || !kept.known.has(row))
  const reads = readBlocks(missing, composition, signal)
  const room = roomFor(blocks, grid.shape[1])
  const compose = async (from: Reads, block: RowBlock): Promise<ComposedRows> => {
    const composed = await composeBlock(block, composition, from, room, signal)
    await kept?.put(composed, signal)
    return composed
  }
  try {
    for (const block of blocks) {
      if (kept?.known.has(block.row) !== true) {
        yield await compose(reads, block)
        continue
      }
      const again = await kept.get(block, grid.shape[1], signal)
      if (again !== null) {
        yield again
        continue
      }
      const own = readBlocks([block], composition, signal)
      try {
        yield await compose(own, block)
      } finally {
        await close(own)
      }
    }
  } finally {
    await close(reads)
  }
}

/** Ends reading ahead, and frees what it read into. */
async function close({ pixels, pool, folds }: Reads): Promise<void> {
  await pixels.return(undefined)
  pool[Symbol.dispose]()
  folds[Symbol.dispose]()
}

interface Room {
  readonly values: Float32Array<ArrayBuffer>
  readonly marks: Uint16Array<ArrayBuffer>
}

function roomFor(blocks: readonly RowBlock[], cols: number): Room {
  const most = cols * Math.max(...blocks.map(({ rows }) => rows))
  return { values: new Float32Array(most), marks: new Uint16Array(most) }
}

/** One observation of a rectangle. */
interface Read {
  readonly box: WatchedBox
  readonly order: number
}

interface WatchedBox extends ReadBox {
  /** Set once nothing that is still to be read can change it. */
  isComplete: boolean
}

/** What was read, and where its memory goes when it is composed. */
interface Reads {
  readonly pixels: AsyncGenerator<readonly [read: Read, pixels: BoxPixels | null]>
  readonly pool: PixelMemory
  /** Of what is composed: apart, for these pieces are much larger. */
  readonly folds: PixelMemory
}

/** The observations of all rectangles of blocks, in the order in which they are composed. */
function readBlocks(
  blocks: readonly RowBlock[],
  composition: Composition,
  signal: AbortSignal,
): Reads {
  const { stack, ahead = MOST_READ_BYTES } = composition
  const inputs = blocks.flatMap((block) => readsOf(block, composition))
  const pool = newMemory()
  const reading: Ahead<Read, BoxPixels | null> = {
    weigh: ({ box }) => box.rows * box.cols * READ_BYTES,
    most: ahead,
    run: async ({ box, order }, stop) =>
      box.isComplete ? null : readJoined(stack[order]!, box, stop, pool),
  }
  return { pixels: readAhead(inputs, reading, signal), pool, folds: newMemory() }
}

/**
 * All observations of one rectangle after the other. For the latest values, the latest of all rectangles first: when an
 * older one's turn comes, it is known which of them are complete.
 */
function readsOf(block: RowBlock, composition: Composition): Read[] {
  const { stack, method } = composition
  const boxes = boxesOf(block, composition).map((box) => ({ ...box, isComplete: false }))
  const orders = stack.map((_, order) => order)
  return method === 'latest_valid'
    ? orders.toReversed().flatMap((order) => boxes.map((box) => ({ box, order })))
    : boxes.flatMap((box) => orders.map((order) => ({ box, order })))
}

async function composeBlock(
  block: RowBlock,
  composition: Composition,
  reads: Reads,
  room: Room,
  signal: AbortSignal,
): Promise<ComposedRows> {
  const { stack, grid, method } = composition
  const [, cols] = grid.shape
  const size = block.rows * cols
  const values = room.values.subarray(0, size)
  const marks = room.marks.subarray(0, size)
  await inTurns(fill(values, Number.NaN), signal)
  await inTurns(fill(marks, UNSEEN), signal)
  const composed = { ...block, values, marks }
  const open = new Map<ReadBox, { readonly fold: ComposeFold; left: number }>()
  for (let left = readsOf(block, composition).length; left > 0; left--) {
    const { value, done } = await reads.pixels.next()
    if (done === true) throw new RangeError('fewer rectangles were read than are composed')
    const [{ order, box }, pixels] = value
    const size = box.rows * box.cols
    const state = open.get(box) ?? {
      fold: startFold(method, size, stack.length, reads.folds),
      left: stack.length,
    }
    if (!open.has(box)) await inTurns(state.fold.begin(), signal)
    open.set(box, state)
    if (pixels !== null) {
      await inTurns(state.fold.add(pixels, order), signal)
      for (const { buffer } of [pixels.values, pixels.observed]) reads.pool.give(buffer)
    }
    box.isComplete = state.fold.isComplete
    state.left--
    if (state.left > 0) continue
    open.delete(box)
    const place = { cols, start: (box.row - block.row) * cols + box.col, boxCols: box.cols }
    await inTurns(state.fold.finish(composed, place), signal)
  }
  return composed
}
