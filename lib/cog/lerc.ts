// LERC tiles: looked at before they are decoded, for the decoder follows damaged headers without end.

import { promisify } from 'node:util'
import { inflate, zstdDecompress } from 'node:zlib'
import { describeError } from '../errors.ts'
import { MAX_TILE_BYTES } from './codecs.ts'
import type { SampleLayout } from './samples.ts'

/** What packs a LERC blob once more, by the second number of TIFF tag 50674. */
const unpackers = [null, promisify(inflate), promisify(zstdDecompress)] as const

/** Bytes of a sample by LERC's image type: char, byte, short, ushort, int, uint, float, double. */
const SAMPLE_BYTES = [1, 1, 2, 2, 4, 4, 4, 8]
const floatTypes: ReadonlySet<number> = new Set([6, 7])
const MAGIC = 'Lerc2 '
/** A blob is decoded in one go on this thread: so much takes less than the 50 ms that it may hold it. */
export const MAX_LERC_BYTES = 4 * 1024 * 1024

/** A tile and how it is packed. */
export interface LercTile extends Omit<SampleLayout, 'band'> {
  readonly height: number
  /** Second number of the LercParameters tag: 0 nothing, 1 Deflate, 2 ZSTD. */
  readonly packing: number
}

/**
 * The samples of a tile as bytes, those of a pixel side by side. Pixels that LERC has no value for are NaN, as
 * libtiff gives them.
 *
 * @throws {RangeError} when the blob does not hold what the directory promises
 */
export async function decodeLerc(
  packed: Uint8Array<ArrayBuffer>,
  tile: LercTile,
): Promise<Uint8Array<ArrayBuffer>> {
  const { default: lerc } = await import('lerc')
  const blob = await openLerc(packed, tile)
  const { pixels, mask } = decode(lerc, blob)
  const [samples] = pixels
  if (samples === undefined) throw new RangeError('LERC gave no samples')
  if (mask !== undefined && mask !== null) leaveOut(samples, mask, tile.interleaved)
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
}

function decode(lerc: typeof import('lerc').default, blob: Uint8Array<ArrayBuffer>) {
  try {
    return lerc.decode(blob.buffer, { returnPixelInterleavedDims: true })
  } catch (cause) {
    // It throws texts, and type errors where a blob holds what it does not read: some of uint32 among them.
    throw new RangeError(`lerc 3 does not read this LERC blob (${describeError(cause)})`, { cause })
  }
}

function leaveOut(samples: ArrayLike<number>, mask: Uint8Array, interleaved: number): void {
  if (!(samples instanceof Float32Array || samples instanceof Float64Array)) {
    if (mask.every((valid) => valid !== 0)) return
    throw new RangeError('LERC leaves out pixels of integers, which have no value for that')
  }
  for (let pixel = 0; pixel < mask.length; pixel++) {
    if (mask[pixel] !== 0) continue
    samples.fill(Number.NaN, pixel * interleaved, (pixel + 1) * interleaved)
  }
}

/** The one LERC2 blob of a tile, taken out of its additional compression. */
async function openLerc(packed: Uint8Array, tile: LercTile): Promise<Uint8Array<ArrayBuffer>> {
  const unpack = unpackers[tile.packing]
  if (unpack === undefined) {
    throw new RangeError(`LERC has no additional compression numbered ${tile.packing}`)
  }
  const blob =
    unpack === null ? packed : await unpack(packed, { maxOutputLength: 2 * MAX_TILE_BYTES })
  return Uint8Array.from(blob.subarray(0, checkedLength(blob, tile)))
}

/** https://github.com/Esri/lerc: HeaderInfo of Lerc2, versions 2 to 6. */
function checkedLength(
  blob: Uint8Array,
  { width, height, interleaved, format: { kind, bits } }: LercTile,
): number {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  const magic = String.fromCharCode(...blob.subarray(0, MAGIC.length))
  if (magic !== MAGIC) throw new RangeError('LERC tiles begin with "Lerc2"')
  const version = view.getInt32(6, true)
  // A checksum since version 3, a number of depths since 4.
  const at = version >= 3 ? 14 : 10
  const [rows, cols] = [view.getInt32(at, true), view.getInt32(at + 4, true)]
  const depths = version >= 4 ? view.getInt32(at + 8, true) : 1
  const rest = at + (version >= 4 ? 12 : 8)
  const length = view.getInt32(rest + 8, true)
  const type = view.getInt32(rest + 12, true)
  const isOfType = SAMPLE_BYTES[type] === bits / 8 && floatTypes.has(type) === (kind === 'float')
  // A last strip has fewer rows.
  if (rows < 1 || rows > height || cols !== width || !isOfType) {
    throw new RangeError(
      `LERC has ${cols} x ${rows} samples of type ${type} where ${width} x ${height} of ${bits} bits belong`,
    )
  }
  if (depths !== interleaved) {
    throw new RangeError(`LERC has ${depths} samples a pixel where ${interleaved} belong`)
  }
  if (length < rest || length > blob.length) {
    throw new RangeError(`LERC has ${blob.length} bytes where it names ${length}`)
  }
  return length
}
