// From the packed bytes of one tile to its samples.

import { describeError, GreenprintError } from '../errors.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { type GeoTIFFImage, type Geotiff, MAX_TILE_BYTES } from './geotiff.ts'
import { openLerc } from './lerc.ts'

export type Samples =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>

/** Samples of one tile, row by row; a last strip may be shorter. @throws {GreenprintError} `raster_unusable` */
export type TileDecoder = (packed: VerifiedBytes) => Promise<Samples>

/** TIFF tag 259, those that can be decoded here. */
const codecs: ReadonlyMap<number, string> = new Map([
  [1, 'none'],
  [5, 'LZW'],
  [8, 'Deflate'],
  [32946, 'Deflate'],
  [32773, 'PackBits'],
  [34887, 'LERC'],
  [50000, 'ZSTD'],
])

const LERC = 34887

/** TIFF tag 259, those that users meet and that are refused by name. */
const refused: ReadonlyMap<number, string> = new Map([
  [6, 'old JPEG'],
  [7, 'JPEG'],
  [34712, 'JPEG 2000'],
  [34925, 'LZMA'],
  [50001, 'WebP'],
  [50002, 'JPEG XL'],
])

export function createTileDecoder(
  image: GeoTIFFImage,
  geotiff: Geotiff,
  compression: number,
  predictor: number,
): TileDecoder {
  const bits = image.getBitsPerSample() || 1
  const format = image.getSampleFormat()
  const parameters = {
    tileWidth: image.getTileWidth(),
    tileHeight: image.getTileHeight(),
    planarConfiguration: image.planarConfiguration,
    bitsPerSample: [bits],
    // A version, and no packing around the blob: it is taken off before.
    LercParameters: [4, 0],
  }
  // A floating-point predictor stores bytes by significance: undoing it yields little-endian whatever the file is.
  const swaps = !image.littleEndian && bits > 8 && predictor !== 3
  const wanted = parameters.tileWidth * parameters.tileHeight * (bits / 8)

  async function blobOf(packed: VerifiedBytes): Promise<Uint8Array<ArrayBuffer>> {
    if (compression !== LERC) return packed
    const [, packing = 0] = image.fileDirectory.getValue('LercParameters') ?? []
    const { tileWidth: width, tileHeight: height } = parameters
    return openLerc(packed, packing, { width, height, bits })
  }

  return async (packed) => {
    if (!codecs.has(compression)) {
      const name = refused.get(compression) ?? `scheme ${compression}`
      throw unusable(
        `Its tiles are compressed with ${name}; ${[...new Set(codecs.values())].join(', ')} can be read.`,
      )
    }
    if (wanted > MAX_TILE_BYTES)
      throw unusable(`Its tiles unpack to ${wanted} bytes; at most ${MAX_TILE_BYTES} are read.`)
    try {
      const first = await geotiff.getDecoder(compression, {
        ...parameters,
        predictor: swaps ? 1 : predictor,
      })
      let plain = toArrayBuffer(await first.decode(toArrayBuffer(await blobOf(packed))))
      if (swaps) {
        swapBytes(plain, bits)
        const second = await geotiff.getDecoder(1, { ...parameters, predictor })
        plain = toArrayBuffer(await second.decode(plain))
      }
      return asSamples(plain, { sampleFormat: format, bitsPerSample: bits })
    } catch (cause) {
      if (cause instanceof GreenprintError) throw cause
      throw unusable(`A tile cannot be decoded: ${describeError(cause)}.`, cause)
    }
  }
}

function toArrayBuffer(bytes: ArrayBufferLike | Uint8Array<ArrayBuffer>): ArrayBuffer {
  if (bytes instanceof ArrayBuffer) return bytes
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)
  const whole = view.byteOffset === 0 && view.byteLength === view.buffer.byteLength
  return whole && view.buffer instanceof ArrayBuffer ? view.buffer : Uint8Array.from(view).buffer
}

function swapBytes(buffer: ArrayBuffer, bits: number): void {
  const bytes = Buffer.from(buffer)
  if (bits === 16) bytes.swap16()
  else if (bits === 32) bytes.swap32()
  else bytes.swap64()
}

/** A view of samples by TIFF's SampleFormat and BitsPerSample. @throws {GreenprintError} `raster_unusable` */
export function asSamples(
  buffer: ArrayBuffer,
  {
    sampleFormat: format,
    bitsPerSample: bits,
  }: { readonly sampleFormat: number; readonly bitsPerSample: number },
): Samples {
  switch (`${format}/${bits}`) {
    case '1/8':
      return new Uint8Array(buffer)
    case '2/8':
      return new Int8Array(buffer)
    case '1/16':
      return new Uint16Array(buffer)
    case '2/16':
      return new Int16Array(buffer)
    case '1/32':
      return new Uint32Array(buffer)
    case '2/32':
      return new Int32Array(buffer)
    case '3/32':
      return new Float32Array(buffer)
    case '3/64':
      return new Float64Array(buffer)
    default:
      throw unusable(`Its samples have format ${format} with ${bits} bits, which cannot be read.`)
  }
}

function unusable(message: string, cause?: unknown): GreenprintError {
  return new GreenprintError('raster_unusable', message, { cause })
}
