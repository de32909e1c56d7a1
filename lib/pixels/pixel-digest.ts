// The digest of a result's float32 pixels, so that they can be compared without the file that packs them.

import { createHash } from 'node:crypto'

/**
 * SHA-256 of all pixels in row-major order as little-endian float32, each without a value as the quiet NaN 0x7fc00000:
 * `hashlib.sha256(array.astype("<f4").tobytes())` of an array whose invalid pixels are `numpy.nan`.
 */
export class PixelDigest {
  readonly #hash = createHash('sha256')
  #pixels = new Float32Array(0)

  /** Takes the next whole rows, top to bottom; NaN = invalid. */
  add(values: Float64Array): void {
    if (this.#pixels.length < values.length) this.#pixels = new Float32Array(values.length)
    const pixels = this.#pixels.subarray(0, values.length)
    pixels.set(values)
    // The sign and the rest of a NaN are whatever made it.
    const bits = new Uint32Array(pixels.buffer, 0, values.length)
    for (let i = 0; i < values.length; i++) if (values[i] !== values[i]) bits[i] = QUIET_NAN
    this.#hash.update(bits)
  }

  /** Lower-case hexadecimal. */
  finish(): string {
    return this.#hash.digest('hex')
  }
}

/** What numpy, GDAL and every processor write for a NaN that nobody gave bits of its own. */
const QUIET_NAN = 0x7fc0_0000
