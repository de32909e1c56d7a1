// A GeoTIFF as large as a band of Sentinel-2, in tiles of 1024 px, unpacked: every tile lies where arithmetic says.

import { encodeDirectories, type TiffField } from '../../lib/cog/tiff-directory.ts'

const TILE = 1024
export const TILE_BYTES = TILE * TILE * 2
/** Degrees. */
const ORIGIN = { x: 10, y: 50, pixel: 1e-4 }

export interface LargeTiff {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Of the first tile in the file; the others follow, row by row. */
  readonly offset: number
  readonly across: number
  readonly down: number
  /** The number that all pixels of a tile have. */
  readonly valueOf: (tile: number) => number
}

/**
 * In EPSG:4326, about 10 m.
 *
 * @param first number of the first tile; each next one has 3 more
 */
export function largeTiff(across: number, down: number, first: number): LargeTiff {
  const count = across * down
  const front = (offset: number) =>
    encodeDirectories([fieldsOf(across, down, offset)], new Uint8Array(0), false)
  const offset = front(0).length
  const bytes = new Uint8Array(offset + count * TILE_BYTES)
  bytes.set(front(offset))
  const valueOf = (tile: number) => first + 3 * tile
  for (let tile = 0; tile < count; tile++) {
    const value = valueOf(tile)
    const pair = Buffer.from([value & 0xff, value >> 8])
    Buffer.from(bytes.buffer).fill(
      pair,
      offset + tile * TILE_BYTES,
      offset + (tile + 1) * TILE_BYTES,
    )
  }
  return { bytes, offset, across, down, valueOf }
}

/** West, south, east, north of 100 x 100 pixels in the middle of a tile, in degrees. */
export function middleOf({ across }: LargeTiff, tile: number): [number, number, number, number] {
  const { x, y, pixel } = ORIGIN
  const [col, row] = [tile % across, Math.floor(tile / across)]
  const [east, north] = [x + (col + 0.5) * TILE * pixel, y - (row + 0.5) * TILE * pixel]
  return [east - 50 * pixel, north - 50 * pixel, east + 50 * pixel, north + 50 * pixel]
}

function fieldsOf(across: number, down: number, offset: number): TiffField[] {
  const count = across * down
  const { x, y, pixel } = ORIGIN
  return [
    { tag: 256, type: 'short', values: [across * TILE] },
    { tag: 257, type: 'short', values: [down * TILE] },
    { tag: 258, type: 'short', values: [16] },
    { tag: 259, type: 'short', values: [1] },
    { tag: 262, type: 'short', values: [1] },
    { tag: 277, type: 'short', values: [1] },
    { tag: 322, type: 'short', values: [TILE] },
    { tag: 323, type: 'short', values: [TILE] },
    {
      tag: 324,
      type: 'long',
      values: Array.from({ length: count }, (_, at) => offset + at * TILE_BYTES),
    },
    { tag: 325, type: 'long', values: Array.from({ length: count }, () => TILE_BYTES) },
    { tag: 33550, type: 'double', values: [pixel, pixel, 0] },
    { tag: 33922, type: 'double', values: [0, 0, 0, x, y, 0] },
    {
      tag: 34735,
      type: 'short',
      values: [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326],
    },
  ]
}
