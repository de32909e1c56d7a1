// Whole numbers as tiles of a TIFF: the horizontal predictor, before Deflate.

import { TILE } from './cog-layout.ts'

/** Where there is no number: the least of int32. */
export const NO_NUMBER = -(2 ** 31)
const BYTES = 4

/**
 * One tile of some rows as little-endian int32 with TIFF 6.0's predictor 2 (section 14): each number as its difference
 * to the one on its left, modulo 2^32. Beyond the rows and columns there is NO_NUMBER.
 *
 * @param pixels whole numbers that a float32 holds, NaN where there is none; rows `width` wide, at most as many as a
 *   tile has
 * @param left first column of the tile
 */
export function predictIntTile(
  pixels: Float32Array<ArrayBuffer>,
  width: number,
  left: number,
): Uint8Array {
  const rows = pixels.length / width
  const columns = Math.min(TILE, width - left)
  const plain = new DataView(new ArrayBuffer(TILE * TILE * BYTES))
  for (let row = 0; row < TILE; row++) {
    let before = 0
    for (let column = 0; column < TILE; column++) {
      const value =
        row < rows && column < columns ? pixels[row * width + left + column]! : Number.NaN
      const number = value === value ? value : NO_NUMBER
      plain.setInt32((row * TILE + column) * BYTES, number - before, true)
      before = number
    }
  }
  return new Uint8Array(plain.buffer)
}
