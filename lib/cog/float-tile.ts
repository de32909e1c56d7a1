// Float32 pixels as packed tiles of a TIFF: floating-point predictor, then Deflate.

import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import { TILE } from './cog-layout.ts'

/** Bit pattern of the one NaN that is written; the language leaves open which of many a computation gives. */
const NAN_BITS = 0x7fc00000
const BYTES = 4
const OUTPUT_STEP = 256 * 1024

const deflateOnPool = promisify(deflate)

/** Deflates on zlib's pool of threads. */
export function packTile(plain: Uint8Array): Promise<Uint8Array> {
  return deflateOnPool(plain, { level: 6, chunkSize: OUTPUT_STEP })
}

/**
 * One tile of some rows, with TIFF's predictor 3 (Adobe Photoshop TIFF Technical Note 3): each row's bytes by
 * significance, the highest of all pixels first, then every byte as its difference to the one before.
 * Beyond the rows and columns there is NaN.
 *
 * @param pixels rows that are `width` wide, at most as many as a tile has
 * @param left first column of the tile
 */
export function predictTile(
  pixels: Float32Array<ArrayBuffer>,
  width: number,
  left: number,
): Uint8Array {
  const bits = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length)
  const rows = pixels.length / width
  const columns = Math.min(TILE, width - left)
  const plain = new Uint8Array(TILE * TILE * BYTES)
  for (let row = 0; row < TILE; row++) {
    const start = row * TILE * BYTES
    for (let column = 0; column < TILE; column++) {
      const at = row * width + left + column
      const inside = row < rows && column < columns
      const value = inside && pixels[at] === pixels[at] ? bits[at]! : NAN_BITS
      const to = start + column
      plain[to] = value >>> 24
      plain[to + TILE] = value >>> 16
      plain[to + 2 * TILE] = value >>> 8
      plain[to + 3 * TILE] = value
    }
    for (let at = start + TILE * BYTES - 1; at > start; at--)
      plain[at] = plain[at]! - plain[at - 1]!
  }
  return plain
}
