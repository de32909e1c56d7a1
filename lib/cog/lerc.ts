// LERC tiles: looked at before they are decoded, for the decoder follows damaged headers without end.

import { promisify } from 'node:util'
import { inflate, zstdDecompress } from 'node:zlib'
import { once } from '../async/once.ts'
import { describeError } from '../errors.ts'
import { MAX_TILE_BYTES } from './codecs.ts'
import type { SampleLayout } from './samples.ts'

const loadDecoder = once(() => import('./geotiff.ts'))

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
  const { blob, maskAt, valid, pixels } = await openLerc(packed, tile)
  const decoded = await decode(blob)
  const expected = pixels * tile.interleaved * (tile.format.bits / 8)
  // geotiff 3.0.5 hands out the whole blob where samples of uint8 stand in it as they are: they are its end.
  const bytes = decoded.length === blob.length ? decoded.subarray(-expected) : decoded
  if (bytes.length !== expected) {
    throw new RangeError(`LERC gave ${bytes.length} bytes of samples where ${expected} belong`)
  }
  if (valid < pixels) leaveOut(bytes, readMask(blob, maskAt, pixels, valid), tile)
  return bytes
}

async function decode(blob: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { decodeLercBlob } = await loadDecoder()
    return await decodeLercBlob(blob)
  } catch (cause) {
    // It throws texts, and type errors where a blob holds what it does not read: some of uint32 among them.
    throw new RangeError(`this LERC blob is not read (${describeError(cause)})`, { cause })
  }
}

/** NaN where the mask has no bit. */
function leaveOut(
  bytes: Uint8Array<ArrayBuffer>,
  mask: Uint8Array,
  { format: { kind, bits }, interleaved }: LercTile,
): void {
  if (kind !== 'float') {
    throw new RangeError('LERC leaves out pixels of integers, which have no value for that')
  }
  const { buffer, byteOffset, byteLength } = bytes
  const samples =
    bits === 32
      ? new Float32Array(buffer, byteOffset, byteLength / 4)
      : new Float64Array(buffer, byteOffset, byteLength / 8)
  for (let pixel = 0; pixel * interleaved < samples.length; pixel++) {
    const isValid = ((mask[pixel >> 3]! << (pixel & 7)) & 0x80) !== 0
    if (!isValid) samples.fill(Number.NaN, pixel * interleaved, (pixel + 1) * interleaved)
  }
}

/** A bit a pixel, the highest first, packed in runs: a count of bytes that follow, or minus a count of one byte. */
function readMask(blob: Uint8Array, at: number, pixels: number, valid: number): Uint8Array {
  const mask = new Uint8Array(Math.ceil(pixels / 8))
  if (valid === 0) return mask
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  const end = at + 4 + view.getInt32(at, true)
  let from = at + 4
  for (let to = 0; to < mask.length && from + 2 <= end; ) {
    const count = view.getInt16(from, true)
    from += 2
    if (count > 0) mask.set(blob.subarray(from, from + Math.min(count, mask.length - to)), to)
    else mask.fill(blob[from] ?? 0, to, Math.min(mask.length, to - count))
    from += Math.max(count, 1)
    to += Math.abs(count)
    if (count === 0) break
  }
  return mask
}

/** A blob that was looked at. */
interface LercBlob {
  readonly blob: Uint8Array<ArrayBuffer>
  readonly pixels: number
  /** Pixels that have a value. */
  readonly valid: number
  /** Where its mask begins. */
  readonly maskAt: number
}

/** The one LERC2 blob of a tile, taken out of its additional compression. */
async function openLerc(packed: Uint8Array, tile: LercTile): Promise<LercBlob> {
  const unpack = unpackers[tile.packing]
  if (unpack === undefined) {
    throw new RangeError(`LERC has no additional compression numbered ${tile.packing}`)
  }
  const blob =
    unpack === null ? packed : await unpack(packed, { maxOutputLength: 2 * MAX_TILE_BYTES })
  const { length, ...rest } = checkedHeader(blob, tile)
  return { blob: Uint8Array.from(blob.subarray(0, length)), ...rest }
}

/** https://github.com/Esri/lerc: HeaderInfo of Lerc2, versions 2 to 6. */
function checkedHeader(
  blob: Uint8Array,
  { width, height, interleaved, format: { kind, bits } }: LercTile,
): { length: number } & Omit<LercBlob, 'blob'> {
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
  // Three doubles end the header, and the mask follows.
  const valid = view.getInt32(rest, true)
  return { length, pixels: rows * cols, valid, maskAt: rest + 16 + 24 }
}
