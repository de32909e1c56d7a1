// Float32 pixels as packed tiles of a TIFF: floating-point predictor, then Deflate.

import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import { TILE } from './cog-layout.ts'

/** Bit pattern of the one NaN that is written; the language leaves open which of many a computation gives. */
const NAN_BITS = 0x7fc00000
/** All bits but the sign; of NaN alone they are more than infinity's. */
const MAGNITUDE = 0x7fffffff
const INFINITE_BITS = 0x7f800000
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
  const bits = new Int32Array(pixels.buffer, pixels.byteOffset, pixels.length)
  const rows = pixels.length / width
  const columns = Math.min(TILE, width - left)
  const plain = new Uint8Array(TILE * LINE)
  for (let row = 0; row < rows; row++) {
    const from = row * width + left
    predictLine(bits, from, from + columns, plain, row * LINE)
  }
  if (rows < TILE) {
    const none = new Uint8Array(LINE)
    predictLine(bits, 0, 0, none, 0)
    for (let row = rows; row < TILE; row++) plain.set(none, row * LINE)
  }
  return plain
}

/** Bytes of a tile's row. */
const LINE = TILE * BYTES

/**
 * The differences are taken at once, of four bytes side by side, and in whole numbers of 32 bits alone: doubles are
 * boxed until the loop is compiled, which a small scene's never is.
 */
function predictLine(
  bits: Int32Array,
  from: number,
  end: number,
  plain: Uint8Array,
  start: number,
): void {
  let before = 0
  for (let column = 0; column < TILE; column++) {
    const at = from + column
    const found = at < end ? bits[at]! : NAN_BITS
    const value = (found & MAGNITUDE) > INFINITE_BITS ? NAN_BITS : found
    const to = start + column
    plain[to] = (value >> 24) - (before >> 24)
    plain[to + TILE] = (value >> 16) - (before >> 16)
    plain[to + 2 * TILE] = (value >> 8) - (before >> 8)
    plain[to + 3 * TILE] = value - before
    before = value
  }
  // What stands before a byte of the first pixel is the last pixel's byte of the significance above.
  for (let byte = 1; byte < BYTES; byte++) {
    const to = start + byte * TILE
    plain[to] = plain[to]! - (before >> (32 - 8 * byte))
  }
}
