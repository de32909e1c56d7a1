// The digest of a result's float32 pixels, so that they can be compared without the file that packs them.

import { createHash } from 'node:crypto'

/**
 * SHA-256 of all pixels in row-major order as little-endian float32, each without a value as the quiet NaN 0x7fc00000:
 * `hashlib.sha256(array.astype("<f4").tobytes())` of an array whose invalid pixels are `numpy.nan`.
 */
export class PixelDigest {
  readonly #hash = createHash('sha256')
  #bytes = Buffer.alloc(0)

  /** Takes the next whole rows, top to bottom; NaN = invalid. */
  add(values: Float64Array): void {
    const size = values.length * Float32Array.BYTES_PER_ELEMENT
    if (this.#bytes.length < size) this.#bytes = Buffer.alloc(size)
    const bytes = this.#bytes.subarray(0, size)
    const view = new DataView(bytes.buffer, bytes.byteOffset, size)
    for (const [at, value] of values.entries()) {
      if (Number.isNaN(value)) view.setUint32(4 * at, QUIET_NAN, true)
      else view.setFloat32(4 * at, value, true)
    }
    this.#hash.update(bytes)
  }

  /** Lower-case hexadecimal. */
  finish(): string {
    return this.#hash.digest('hex')
  }
}

/** What numpy, GDAL and every processor write for a NaN that nobody gave bits of its own. */
const QUIET_NAN = 0x7fc0_0000
