// Which bytes of a file are asked for together to read some of its tiles.

import { GreenprintError } from '../errors.ts'
import type { ByteRange } from '../model/bytes.ts'

/** Ranges of one request to the file, and the tiles that each of them holds. */
export interface TileRead {
  readonly ranges: readonly ByteRange[]
  readonly tiles: readonly (readonly number[])[]
  /** Of all ranges. */
  readonly bytes: number
}

/** Packed bytes that are on their way at once. */
const PART_BYTES = 16 * 1024 * 1024
/** Tiles that are much smaller than a block are asked for together: a request a tile would cost more than the tile. */
const READ_BYTES = 64 * 1024
const READ_TILES = 64

/**
 * Parts to be read one after the other, each of some reads at once.
 *
 * @param ranges of each tile; of length 0 where it was never written
 * @throws {GreenprintError} `raster_unusable` when ranges overlap in part: tiles share all of their bytes, or none
 */
export function planReads(
  tiles: readonly number[],
  ranges: readonly ByteRange[],
): (readonly TileRead[])[] {
  const shared = new Map<string, { range: ByteRange; tiles: number[] }>()
  for (const [i, range] of ranges.entries()) {
    if (range.length === 0) continue
    const key = `${range.offset} ${range.length}`
    const known = shared.get(key)
    if (known === undefined) shared.set(key, { range, tiles: [tiles[i]!] })
    else known.tiles.push(tiles[i]!)
  }
  const places = [...shared.values()]
  requireDisjoint(places.map(({ range }) => range))
  const reads = gather(places, ({ range }) => range.length, READ_BYTES, READ_TILES).map(
    (group) => ({
      ranges: group.map(({ range }) => range),
      tiles: group.map((place) => place.tiles),
      bytes: group.reduce((sum, { range }) => sum + range.length, 0),
    }),
  )
  return gather(reads, ({ bytes }) => bytes, PART_BYTES, Infinity)
}

/** Neighbours put together up to so many bytes and so many members; what is larger by itself stands alone. */
function gather<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  mostBytes: number,
  mostItems: number,
): T[][] {
  const groups: T[][] = []
  let bytes = Infinity
  for (const item of items) {
    const group = groups.at(-1)
    bytes += sizeOf(item)
    if (group !== undefined && bytes <= mostBytes && group.length < mostItems) group.push(item)
    else {
      groups.push([item])
      bytes = sizeOf(item)
    }
  }
  return groups
}

function requireDisjoint(ranges: readonly ByteRange[]): void {
  let end = 0
  for (const { offset, length } of ranges.toSorted((one, other) => one.offset - other.offset)) {
    if (offset < end) {
      throw new GreenprintError(
        'raster_unusable',
        `Its tiles overlap in the file at byte ${offset}: the TIFF is damaged.`,
      )
    }
    end = offset + length
  }
}
