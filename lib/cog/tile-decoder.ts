// From the packed bytes of one tile to the samples of one band.

import { inTurns } from '../async/turns.ts'
import { describeError, GreenprintError } from '../errors.ts'
import type { RasterBytes } from '../model/bytes.ts'
import { LERC, MAX_TILE_BYTES, NO_COMPRESSION, requireCodec, unpackTile } from './codecs.ts'
import { decodeLerc, MAX_LERC_BYTES } from './lerc.ts'
import { FLOATING_POINT, NO_PREDICTOR, predictorFault, undoPredictor } from './predictor.ts'
import {
  bytesPerSample,
  decodeSamples,
  rowBytes,
  type SampleLayout,
  type Samples,
} from './samples.ts'

/** How the tiles of an image are packed. */
export interface TilePacking extends Omit<SampleLayout, 'band'> {
  /** Rows of a tile. */
  readonly height: number
  /** TIFF tag 259. */
  readonly compression: number
  /** TIFF tag 317. */
  readonly predictor: number
  readonly littleEndian: boolean
  /** TIFF tag 266: 2 where the lowest bit of each byte comes first. */
  readonly fillOrder: number
  /** Second number of the LercParameters tag. */
  readonly lercPacking: number
}

export interface TileDecoder {
  /** Bytes of a whole tile, unpacked. */
  readonly plainBytes: number
  /** Bytes that are held while a tile is decoded, its packed ones left out. */
  readonly workBytes: number
  /**
   * Samples of one band of a tile, row by row; a last strip may have fewer rows.
   *
   * @param packed stays as it is: it may be a view of what others read, too
   * @throws {GreenprintError} `raster_unusable` when they are damaged
   */
  decode(packed: RasterBytes, signal: AbortSignal): Promise<Samples<ArrayBuffer>>
}

/**
 * @param band which of the interleaved samples is read, from 0
 * @throws {GreenprintError} `raster_unusable` for a compression, predictor or size that is not read, by its name
 */
export function createTileDecoder(packing: TilePacking, band: number): TileDecoder {
  const { format, width, height, compression, predictor } = packing
  requireCodec(compression)
  const fault = predictorFault(predictor, format)
  if (fault !== null) throw unusable(`Its tiles cannot be read: ${fault}.`)
  const plainBytes = rowBytes(packing) * height
  const sampleBytes = width * height * bytesPerSample(format)
  const most = compression === LERC ? MAX_LERC_BYTES : MAX_TILE_BYTES
  if (!(plainBytes <= most && sampleBytes <= MAX_TILE_BYTES)) {
    const bytes = Math.max(plainBytes, sampleBytes)
    throw unusable(
      `Its tiles of ${width} x ${height} px unpack to ${bytes} bytes; at most ${most} are read.`,
    )
  }

  const predicted = predictor !== NO_PREDICTOR && compression !== LERC
  // A floating-point predictor stores bytes by significance: undoing it yields little-endian in any file.
  const swaps = !packing.littleEndian && !(predicted && predictor === FLOATING_POINT)
  const reverses = packing.fillOrder === 2
  const writesOver = reverses || (compression === NO_COMPRESSION && (predicted || swaps))

  async function unpack(given: Uint8Array<ArrayBuffer>, signal: AbortSignal) {
    const packed = writesOver ? given.slice() : given
    if (reverses) reverseBits(packed)
    if (compression === LERC) {
      return decodeLerc(packed, { ...packing, packing: packing.lercPacking })
    }
    return unpackTile(packed, compression, plainBytes, signal)
  }

  return {
    plainBytes,
    // zlib joins its chunks into one more copy, and samples are one more where they are not the bytes themselves.
    workBytes: (compression === NO_COMPRESSION && !writesOver ? 1 : 2) * plainBytes + sampleBytes,
    async decode(packed, signal) {
      try {
        const plain = await unpack(packed, signal)
        const little = swaps ? swapBytes(plain, format.bits) : plain
        const samples = predicted
          ? await inTurns(undoPredictor(little, predictor, packing), signal)
          : little
        return await inTurns(decodeSamples(samples, { ...packing, band }), signal)
      } catch (cause) {
        signal.throwIfAborted()
        if (cause instanceof GreenprintError) throw cause
        throw unusable(`A tile cannot be decoded: ${describeError(cause)}.`, cause)
      }
    },
  }
}

/** In place where the bytes lie so that it is possible. Samples of other sizes have no byte order. */
function swapBytes(bytes: Uint8Array<ArrayBuffer>, bits: number): Uint8Array<ArrayBuffer> {
  const size = bits / 8
  if (![2, 3, 4, 8].includes(size)) return bytes
  const whole = bytes.subarray(0, bytes.length - (bytes.length % size))
  const view = Buffer.from(whole.buffer, whole.byteOffset, whole.length)
  if (size === 2) view.swap16()
  else if (size === 4) view.swap32()
  else if (size === 8) view.swap64()
  else swap24(view)
  return whole
}

function swap24(bytes: Uint8Array): void {
  for (let at = 0; at + 2 < bytes.length; at += 3) {
    const first = bytes[at]!
    bytes[at] = bytes[at + 2]!
    bytes[at + 2] = first
  }
}

function reverseBits(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at]!
    byte = ((byte & 0xf0) >> 4) | ((byte & 0x0f) << 4)
    byte = ((byte & 0xcc) >> 2) | ((byte & 0x33) << 2)
    bytes[at] = ((byte & 0xaa) >> 1) | ((byte & 0x55) << 1)
  }
}

function unusable(message: string, cause?: unknown): GreenprintError {
  return new GreenprintError('raster_unusable', message, { cause })
}
