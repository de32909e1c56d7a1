// Samples of a level at chosen rows and columns, whatever its tiles are.

import { inTurns } from '../async/turns.ts'
import type { Level } from './level.ts'
import type { Samples } from './samples.ts'

/**
 * The samples at every row of `rowsAt` and column of `colsAt`, row by row. Only the tiles that hold them are read,
 * all in one request to the file.
 *
 * @param rowsAt ascending rows of the level; the same one may stand there again
 * @param colsAt ascending columns of the level
 * @param memory of at least so many samples, which they are written to; new memory without it
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`
 */
export async function readSamples(
  level: Level,
  rowsAt: Int32Array,
  colsAt: Int32Array,
  signal: AbortSignal,
  memory?: ArrayBufferLike,
): Promise<Samples> {
  const inFile = fileRows(level, rowsAt)
  const out = level.allocate(rowsAt.length * colsAt.length, memory)
  const wanted = { rowsAt: inFile, colsAt, isRun: isRun(colsAt) }
  await level.readTiles(
    tilesAt(level, inFile, colsAt),
    (tile, index) => inTurns(place(tile, index, level, wanted, out), signal),
    signal,
  )
  return out
}

/**
 * Indices of the tiles that hold any of these rows and columns of the level, row by row.
 *
 * @returns null where there are more than `most`
 */
export function tilesFor(
  level: Level,
  rowsAt: Int32Array,
  colsAt: Int32Array,
  most = Infinity,
): number[] | null {
  const inFile = fileRows(level, rowsAt)
  const [down, across] = [tilesOf(inFile, level.tileHeight), tilesOf(colsAt, level.tileWidth)]
  return down.length * across.length > most ? null : tilesAt(level, inFile, colsAt)
}

/** The rows of the file that rows of the level are: descending where the file has them from south to north. */
function fileRows({ southUp, height }: Level, rowsAt: Int32Array): Int32Array {
  return southUp ? rowsAt.map((row) => height - 1 - row) : rowsAt
}

function tilesAt(
  { tileWidth, tileHeight, tilesAcross }: Level,
  rowsAt: Int32Array,
  colsAt: Int32Array,
): number[] {
  const across = tilesOf(colsAt, tileWidth)
  return tilesOf(rowsAt, tileHeight).flatMap((tileRow) =>
    across.map((tileCol) => tileRow * tilesAcross + tileCol),
  )
}

/** Each tile once: positions ascend or descend, so those of a tile stand together. */
function tilesOf(positions: Int32Array, tileSize: number): number[] {
  const tiles: number[] = []
  for (let at = 0; at < positions.length; ) {
    const tile = Math.floor(positions[at]! / tileSize)
    tiles.push(tile)
    at = between(positions, tile * tileSize, (tile + 1) * tileSize)[1]
  }
  return tiles
}

interface Wanted {
  readonly rowsAt: Int32Array
  readonly colsAt: Int32Array
  /** Whether every column follows the one before it: then whole rows are copied at once. */
  readonly isRun: boolean
}

function isRun(columns: Int32Array): boolean {
  for (let i = 1; i < columns.length; i++) if (columns[i] !== columns[i - 1]! + 1) return false
  return true
}

/** Samples that are copied between two points where a computation may give way. */
const STEP = 64 * 1024
/** A row of fewer samples is copied one by one: a call would cost more. */
const SHORT_ROW = 16

/** Copies the part of a tile that is wanted; of one that was never written, what that means. */
function* place(
  tile: Samples | null,
  index: number,
  { tileWidth, tileHeight, tilesAcross, unwritten }: Level,
  { rowsAt, colsAt, isRun }: Wanted,
  out: Samples,
): Generator<undefined, void, undefined> {
  const top = Math.floor(index / tilesAcross) * tileHeight
  const left = (index % tilesAcross) * tileWidth
  const [firstRow, endRow] = between(rowsAt, top, top + tileHeight)
  const [firstCol, endCol] = between(colsAt, left, left + tileWidth)
  const start = colsAt[firstCol]! - left
  const count = endCol - firstCol
  const rowsAtOnce = Math.max(
    1,
    Math.floor(STEP / (isRun && count > SHORT_ROW ? count / 16 : count)),
  )
  const size = out.BYTES_PER_ELEMENT
  // A view of each row would be fifty megabytes of garbage a scene.
  const [into, from] = [bytesOf(out), tile && bytesOf(tile)]
  for (let i = firstRow; i < endRow; i++) {
    if ((i - firstRow) % rowsAtOnce === rowsAtOnce - 1) yield
    const source = (rowsAt[i]! - top) * tileWidth
    const target = i * colsAt.length
    if (tile === null || from === null) out.fill(unwritten, target + firstCol, target + endCol)
    else if (isRun && count > SHORT_ROW) {
      const first = source + start
      from.copy(into, (target + firstCol) * size, first * size, (first + count) * size)
    } else {
      for (let j = firstCol; j < endCol; j++) out[target + j] = tile[source + colsAt[j]! - left]!
    }
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Samples): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** From which one to which one the positions of an ascending or descending list lie in [low, high). */
function between(sorted: Int32Array, low: number, high: number): readonly [number, number] {
  const descends = (sorted[0] ?? 0) > (sorted.at(-1) ?? 0)
  return descends
    ? [firstWhere(sorted, (at) => at < high), firstWhere(sorted, (at) => at < low)]
    : [firstWhere(sorted, (at) => at >= low), firstWhere(sorted, (at) => at >= high)]
}

/** The first of a list from which on a condition holds. */
function firstWhere(sorted: Int32Array, holds: (position: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(sorted[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * 1 where a mask of a level says that there is no observation, at every row and column asked; null without masks.
 * A mask of another size is read at the pixel that holds the centre.
 *
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`
 */
export async function readFill(
  level: Level,
  rowsAt: Int32Array,
  colsAt: Int32Array,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (level.masks.length === 0) return null
  const fill = new Uint8Array(rowsAt.length * colsAt.length)
  for (const mask of level.masks) {
    const rows = centres(rowsAt, level.height, mask.height)
    const cols = centres(colsAt, level.width, mask.width)
    const samples = await readSamples(mask, rows, cols, signal)
    await inTurns(markZeros(samples, fill), signal)
  }
  return fill
}

function* markZeros(samples: Samples, fill: Uint8Array): Generator<undefined, void, undefined> {
  for (let from = 0; from < fill.length; from += STEP) {
    const end = Math.min(fill.length, from + STEP)
    for (let i = from; i < end; i++) if (samples[i] === 0) fill[i] = 1
    yield
  }
}

/** Positions on an axis of `size` pixels, on one of `other` pixels over the same ground. */
function centres(positions: Int32Array, size: number, other: number): Int32Array {
  if (size === other) return positions
  return positions.map((at) => Math.min(Math.floor(((at + 0.5) * other) / size), other - 1))
}
