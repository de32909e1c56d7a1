// Samples of a level at chosen rows and columns, whatever its tiles are.

import type { Level } from './cog.ts'
import type { Samples } from './tile-decoder.ts'

/**
 * The samples at every row of `rowsAt` and column of `colsAt`, row by row. Only the tiles that hold them are read,
 * all in one request to the file.
 *
 * @param rowsAt ascending rows of the level; the same one may stand there again
 * @param colsAt ascending columns of the level
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`
 */
export async function readSamples(
  level: Level,
  rowsAt: Int32Array,
  colsAt: Int32Array,
  signal: AbortSignal,
): Promise<Samples> {
  const indices = tilesFor(level, rowsAt, colsAt)
  const out = level.allocate(rowsAt.length * colsAt.length)
  const wanted = { rowsAt, colsAt, isRun: isRun(colsAt) }
  const put = (tile: Samples, index: number) => place(tile, index, level, wanted, out)
  await level.readTiles(indices, put, signal)
  return out
}

/** Indices of the tiles that hold any of these rows and columns, row by row. */
export function tilesFor(
  { tileWidth, tileHeight, tilesAcross }: Level,
  rowsAt: Int32Array,
  colsAt: Int32Array,
): number[] {
  const across = tilesOf(colsAt, tileWidth)
  return tilesOf(rowsAt, tileHeight).flatMap((tileRow) =>
    across.map((tileCol) => tileRow * tilesAcross + tileCol),
  )
}

function tilesOf(positions: Int32Array, tileSize: number): number[] {
  return [...new Set(positions.map((position) => Math.floor(position / tileSize)))]
}

interface Wanted {
  readonly rowsAt: Int32Array
  readonly colsAt: Int32Array
  /** Whether every column follows the one before it: then whole rows are copied at once. */
  readonly isRun: boolean
}

function isRun(columns: Int32Array): boolean {
  return columns.every((column, i) => i === 0 || column === columns[i - 1]! + 1)
}

/** Copies the part of a tile that is wanted. */
function place(
  tile: Samples,
  index: number,
  { tileWidth, tileHeight, tilesAcross }: Level,
  { rowsAt, colsAt, isRun }: Wanted,
  out: Samples,
): void {
  const top = Math.floor(index / tilesAcross) * tileHeight
  const left = (index % tilesAcross) * tileWidth
  const [firstRow, endRow] = [below(rowsAt, top), below(rowsAt, top + tileHeight)]
  const [firstCol, endCol] = [below(colsAt, left), below(colsAt, left + tileWidth)]
  const start = colsAt[firstCol]! - left
  for (let i = firstRow; i < endRow; i++) {
    const source = (rowsAt[i]! - top) * tileWidth
    const target = i * colsAt.length
    if (isRun) {
      const from = source + start
      out.set(tile.subarray(from, from + endCol - firstCol), target + firstCol)
    } else {
      for (let j = firstCol; j < endCol; j++) out[target + j] = tile[source + colsAt[j]! - left]!
    }
  }
}

/** How many of an ascending list lie below a bound. */
function below(sorted: Int32Array, bound: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < bound) low = middle + 1
    else high = middle
  }
  return low
}
