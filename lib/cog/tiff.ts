// The image file directories of a TIFF, read through verified bytes.

import { describeError, GreenprintError } from '../errors.ts'
import type { RandomAccess } from '../model/bytes.ts'
import { type GeoTIFFImage, type Geotiff, type ImageFileDirectory, loadGeotiff } from './geotiff.ts'
import { createTileDecoder, type TileDecoder } from './tile-decoder.ts'

/** One image of a TIFF: its tags as read, and where its tiles or strips lie. */
export interface TiffImage {
  readonly width: number
  readonly height: number
  /** Strips are tiles as wide as the image. */
  readonly tileWidth: number
  readonly tileHeight: number
  readonly samplesPerPixel: number
  readonly bitsPerSample: number
  /** TIFF tag 339: 1 unsigned, 2 signed, 3 float. */
  readonly sampleFormat: number
  /** TIFF tag 259. */
  readonly compression: number
  /** TIFF tag 254: bit 0 a reduced resolution, bit 2 a mask. */
  readonly subfileType: number
  readonly geo: GeoTags
  /** Offsets and byte counts of all tiles, row by row; a tile of 0 bytes was never written. */
  tileRanges(): Promise<TileRanges>
  readonly decode: TileDecoder
}

export interface TileRanges {
  readonly offsets: readonly number[]
  readonly counts: readonly number[]
}

export interface GeoTags {
  readonly tiepoint: readonly number[] | null
  readonly pixelScale: readonly number[] | null
  readonly transformation: readonly number[] | null
  readonly keys: Readonly<Record<string, unknown>>
  /** The same as they stand in the file. */
  readonly raw: GeoKeyTags
  /** Text of the GDAL_NODATA tag. */
  readonly nodata: string | null
}

/** The three tags that hold GeoKeys. */
export interface GeoKeyTags {
  /** Four numbers as a header, then four per key: id, tag of its value or 0, count, value or index. */
  readonly directory: readonly number[]
  readonly doubles: readonly number[]
  readonly ascii: string
}

const NEW_SUBFILE_TYPE = 254
const COMPRESSION = 259
const PREDICTOR = 317
/** A chain of directories longer than this is damage, not overviews. */
const MAX_IMAGES = 64
/** Header and directories of a COG lie at its front; this much is read first. */
export const HEAD_BYTES = 64 * 1024
/** Values under one tag: offsets of four million tiles. More is damage or an attack on our memory. */
const MAX_VALUE_BYTES = 32 * 1024 * 1024

/**
 * @throws {GreenprintError} `raster_unusable` when the file is not a TIFF or its directories are damaged
 */
export async function openTiff(file: RandomAccess, signal: AbortSignal): Promise<TiffImage[]> {
  const geotiff = await loadGeotiff()
  const length = Math.min(HEAD_BYTES, file.size)
  const [head = new Uint8Array(0)] = await file.readAll([{ offset: 0, length }], signal)
  if (!startsLikeTiff(head)) {
    throw new GreenprintError(
      'raster_unusable',
      `The file is not a TIFF: it starts with ${preview(head)}.`,
    )
  }
  try {
    return await readImages(geotiff, file, head, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof GreenprintError) throw error
    const message = `The TIFF's directories cannot be read: ${describeError(error)}.`
    throw new GreenprintError('raster_unusable', message, { cause: error })
  }
}

function startsLikeTiff(head: Uint8Array): boolean {
  const order = String.fromCharCode(...head.subarray(0, 2))
  const magic = order === 'MM' ? head[3] : head[2]
  return (order === 'II' || order === 'MM') && (magic === 42 || magic === 43)
}

function preview(head: Uint8Array): string {
  if (head.length === 0) return 'nothing, it is empty'
  const printable = [...head.subarray(0, 16)].map((byte) =>
    byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·',
  )
  return `"${printable.join('')}"`
}

async function readImages(
  geotiff: Geotiff,
  file: RandomAccess,
  head: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<TiffImage[]> {
  const tiff = await geotiff.GeoTIFF.fromSource(sourceOf(file, head, signal), {}, signal)
  const images: TiffImage[] = []
  for (let index = 0; index < MAX_IMAGES; index++) {
    const image = await tiff.getImage(index)
    images.push(readImage(image, geotiff, file, signal))
    if (image.fileDirectory.nextIFDByteOffset === 0) return images
  }
  throw new GreenprintError('raster_unusable', `The TIFF has more than ${MAX_IMAGES} directories.`)
}

/** geotiff's face of a file: ranges are clipped at its end, as the fixed look-ahead of geotiff expects. */
function sourceOf(file: RandomAccess, head: Uint8Array<ArrayBuffer>, signal: AbortSignal) {
  type Slice = { offset: number; length: number }
  const readSlice = async ({ offset, length }: Slice): Promise<ArrayBuffer> => {
    const end = Math.min(offset + length, file.size)
    if (end <= head.length) return head.slice(offset, end).buffer
    return (await readValues(file, offset, Math.max(0, end - offset), signal)).buffer
  }
  return {
    fetch: (slices: Slice[]) => Promise.all(slices.map(readSlice)),
    fetchSlice: async (slice: Slice) => ({ ...slice, data: await readSlice(slice) }),
    fileSize: file.size,
    close: async () => undefined,
  }
}

async function readValues(
  file: RandomAccess,
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  if (length > MAX_VALUE_BYTES) {
    const message = `The TIFF names ${length} bytes of values under one tag; at most ${MAX_VALUE_BYTES} are read.`
    throw new GreenprintError('raster_unusable', message)
  }
  const [bytes = new Uint8Array(0)] = await file.readAll([{ offset, length }], signal)
  return bytes
}

function readImage(
  image: GeoTIFFImage,
  geotiff: Geotiff,
  file: RandomAccess,
  signal: AbortSignal,
): TiffImage {
  const tags = image.fileDirectory
  // A damaged file may hold anything under a tag, whatever geotiff's types promise.
  const number = (tag: number, fallback: number): number => {
    const value: unknown = tags.actualizedFields.get(tag)
    return typeof value === 'number' ? value : fallback
  }
  const compression = number(COMPRESSION, 1)
  const numbers = (tag: number) => readNumbers(tags, tag, image.littleEndian, file, signal)
  return {
    width: image.getWidth(),
    height: image.getHeight(),
    tileWidth: image.getTileWidth(),
    tileHeight: image.getTileHeight(),
    samplesPerPixel: image.getSamplesPerPixel(),
    bitsPerSample: image.getBitsPerSample() || 1,
    sampleFormat: image.getSampleFormat(),
    compression,
    subfileType: number(NEW_SUBFILE_TYPE, 0),
    geo: readGeoTags(image),
    tileRanges: async () => {
      const [offsets = [], counts = []] = await Promise.all(
        (image.isTiled ? [324, 325] : [273, 279]).map(numbers),
      )
      return { offsets, counts }
    },
    decode: createTileDecoder(image, geotiff, compression, number(PREDICTOR, 1)),
  }
}

type NumbersTag =
  | 'ModelTiepoint'
  | 'ModelPixelScale'
  | 'ModelTransformation'
  | 'GeoKeyDirectory'
  | 'GeoDoubleParams'

function readGeoTags(image: GeoTIFFImage): GeoTags {
  const tags = image.fileDirectory
  const numbers = (name: NumbersTag) => {
    const values = tags.getValue(name)
    return values === undefined ? null : Array.from(values, Number)
  }
  const ascii: unknown = tags.getValue('GeoAsciiParams')
  const nodata: unknown = tags.getValue('GDAL_NODATA')
  return {
    tiepoint: numbers('ModelTiepoint'),
    pixelScale: numbers('ModelPixelScale'),
    transformation: numbers('ModelTransformation'),
    keys: image.getGeoKeys() ?? {},
    raw: {
      directory: numbers('GeoKeyDirectory') ?? [],
      doubles: numbers('GeoDoubleParams') ?? [],
      ascii: typeof ascii === 'string' ? ascii.replace(/\0+$/, '') : '',
    },
    nodata: typeof nodata === 'string' ? nodata.split('\0', 1)[0]?.trim() || null : null,
  }
}

/**
 * The numbers of an array tag. geotiff 3.0.5 defers arrays that lie outside a directory's first kilobyte
 * and then reads those of big-endian files as little-endian, so they are read here.
 */
async function readNumbers(
  tags: ImageFileDirectory,
  tag: number,
  littleEndian: boolean,
  file: RandomAccess,
  signal: AbortSignal,
): Promise<number[]> {
  const deferred = tags.deferredArrays.get(tag)
  if (deferred === undefined) {
    const value: unknown = tags.actualizedFields.get(tag)
    return ArrayBuffer.isView(value) || Array.isArray(value)
      ? Array.from(Object.values(value), Number)
      : []
  }
  const { arrayOffset: offset, itemSize, length } = deferred
  if (![2, 4, 8].includes(itemSize)) {
    const message = `The TIFF lists numbers of ${itemSize} bytes under tag ${tag}; 2, 4 or 8 are read.`
    throw new GreenprintError('raster_unusable', message)
  }
  const bytes = await readValues(file, offset, itemSize * length, signal)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length }, (_, index) => {
    const at = index * itemSize
    if (itemSize === 8) return Number(view.getBigUint64(at, littleEndian))
    return itemSize === 4 ? view.getUint32(at, littleEndian) : view.getUint16(at, littleEndian)
  })
}
