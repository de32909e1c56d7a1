// One image of a TIFF: its size, its samples, and how its tiles lie and are packed.

import { GreenprintError } from '../errors.ts'
import { NO_COMPRESSION } from './codecs.ts'
import { NO_PREDICTOR } from './predictor.ts'
import { rowBytes, type SampleFormat, sampleFormat } from './samples.ts'
import type { TiffDirectory, TiffEntries } from './tiff-entries.ts'
import { createTileDecoder, type TileDecoder, type TilePacking } from './tile-decoder.ts'
import { TileTable } from './tile-table.ts'

export interface TiffImage {
  readonly width: number
  readonly height: number
  /** Strips are tiles as wide as the image. */
  readonly tileWidth: number
  readonly tileHeight: number
  readonly samplesPerPixel: number
  readonly format: SampleFormat
  /** TIFF tag 338, of the last samples of a pixel: 1 and 2 are alpha. */
  readonly extraSamples: readonly number[]
  /** Whether a tile holds all samples of its pixels, or those of one band. */
  readonly interleaved: boolean
  /** Tiles of a plane. */
  readonly tilesPerPlane: number
  /** Tiles row by row, plane by plane. */
  readonly table: TileTable
  /** @throws {GreenprintError} `raster_unusable` for tiles that are not read, by the reason */
  decoderOf(band: number): TileDecoder
}

const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripCounts: 279,
  planar: 284,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileCounts: 325,
  extraSamples: 338,
  format: 339,
  lerc: 50674,
} as const

/** Looked at before anything of the table is read: more is damage or an attack. */
const MAX_TILES = 4_000_000
const MAX_SIZE = 2 ** 31 - 1
const MAX_SAMPLES = 65_535
/** A single uncompressed strip is read as strips of about so many bytes, as libtiff does. */
const STRIP_BYTES = 256 * 1024
const SEPARATE = 2
/** LZW, Deflate, ZSTD: libtiff ignores the predictor of others. */
const predicted: ReadonlySet<number> = new Set([5, 8, 32946, 50000])

/** TIFF tag 262: pixels that are no numbers by themselves, but colours coded together. */
const coded: ReadonlyMap<number, string> = new Map([
  [6, 'YCbCr'],
  [8, 'CIE L*a*b*'],
  [32844, 'LogL'],
  [32845, 'LogLuv'],
])

/** @throws {GreenprintError} `raster_unusable` for sizes and sample formats that are not read */
export async function readLayout(
  entries: TiffEntries,
  directory: TiffDirectory,
  signal: AbortSignal,
): Promise<TiffImage> {
  const tags = await readTags(entries, directory, signal)
  const { all, one } = tags
  const samplesPerPixel = one(TAG.samples, 1)
  const separate = one(TAG.planar, 1) === SEPARATE && samplesPerPixel > 1
  const interleaved = separate ? 1 : samplesPerPixel
  const format = sampleFormat(
    same(all(TAG.format), 'formats') ?? 1,
    same(all(TAG.bits), 'sizes') ?? 1,
  )
  const compression = one(TAG.compression, NO_COMPRESSION)
  const tiling = readTiling(tags, directory.has(TAG.tileWidth), { format, interleaved })
  requirePlainColours(one(TAG.photometric, 1), samplesPerPixel)
  const { width, height, tileWidth, tileHeight, tilesPerPlane, bytesOfRow } = tiling
  const tiles = tilesPerPlane * (separate ? samplesPerPixel : 1)
  if (tiles > MAX_TILES)
    throw unusable(`The TIFF has ${tiles} tiles; at most ${MAX_TILES} are read.`)
  // Files that say TileWidth and list their tiles as strips are in use; libtiff takes either for either.
  const offsets = directory.get(TAG.tileOffsets) ?? directory.get(TAG.stripOffsets)
  if (offsets === undefined) throw unusable('The TIFF does not list where its tiles lie.')
  const packing: TilePacking = {
    format,
    width: tileWidth,
    height: tileHeight,
    interleaved,
    compression,
    predictor: predicted.has(compression) ? one(TAG.predictor, NO_PREDICTOR) : NO_PREDICTOR,
    littleEndian: entries.littleEndian,
    fillOrder: one(TAG.fillOrder, 1),
    lercPacking: all(TAG.lerc)[1] ?? 0,
  }
  return {
    width,
    height,
    tileWidth,
    tileHeight,
    samplesPerPixel,
    format,
    extraSamples: all(TAG.extraSamples),
    interleaved: !separate,
    tilesPerPlane,
    table: new TileTable({
      entries,
      offsets,
      counts: directory.get(TAG.tileCounts) ?? directory.get(TAG.stripCounts),
      tiles,
      plainBytes:
        compression === NO_COMPRESSION ? (index) => tiling.rowsOf(index) * bytesOfRow : null,
      cut: tiling.cut,
      cutBytes: tileHeight * bytesOfRow,
    }),
    decoderOf: (band) => createTileDecoder(packing, separate ? 0 : band),
  }
}

interface Tags {
  readonly all: (tag: number) => readonly number[]
  readonly one: (tag: number, otherwise: number) => number
}

/** All but the tables of tiles. */
async function readTags(
  entries: TiffEntries,
  directory: TiffDirectory,
  signal: AbortSignal,
): Promise<Tags> {
  const names = Object.values(TAG).filter((tag) => !isTable(tag))
  const values = await entries.numbers(
    names.map((tag) => directory.get(tag)),
    MAX_SAMPLES,
    signal,
  )
  const all = (tag: number): readonly number[] =>
    values[names.findIndex((name) => name === tag)] ?? []
  return { all, one: (tag, otherwise) => all(tag)[0] ?? otherwise }
}

interface Tiling
  extends Pick<TiffImage, 'width' | 'height' | 'tileWidth' | 'tileHeight' | 'tilesPerPlane'> {
  /** Of a row of a tile, unpacked. */
  readonly bytesOfRow: number
  /** Strips that the only one of the file is read as. */
  readonly cut: number
  /** Rows of a tile: a last strip ends with the image; a tile is whole, whatever of it lies outside. */
  rowsOf(index: number): number
}

function readTiling(
  { one }: Tags,
  isTiled: boolean,
  { format, interleaved }: Pick<TilePacking, 'format' | 'interleaved'>,
): Tiling {
  const [width, height] = [one(TAG.width, 0), one(TAG.height, 0)]
  const strip = Math.min(one(TAG.rowsPerStrip, height), height)
  const tileWidth = isTiled ? one(TAG.tileWidth, 0) : width
  const listedHeight = isTiled ? one(TAG.tileHeight, 0) : strip
  requireSizes(width, height, tileWidth, listedHeight, one(TAG.samples, 1))
  const bytesOfRow = rowBytes({ format, width: tileWidth, interleaved })
  const isPlain = one(TAG.compression, NO_COMPRESSION) === NO_COMPRESSION
  const isOneStrip = !isTiled && strip === height && isPlain
  const tileHeight = isOneStrip
    ? Math.min(height, Math.max(1, Math.floor(STRIP_BYTES / bytesOfRow)))
    : listedHeight
  const [across, down] = [Math.ceil(width / tileWidth), Math.ceil(height / tileHeight)]
  const tilesPerPlane = across * down
  return {
    width,
    height,
    tileWidth,
    tileHeight,
    tilesPerPlane,
    bytesOfRow,
    cut: isOneStrip ? down : 1,
    rowsOf: (index) => {
      const row = Math.floor((index % tilesPerPlane) / across)
      return isTiled ? tileHeight : Math.min(tileHeight, height - row * tileHeight)
    },
  }
}

/** Arrays with an entry a tile, of which parts are read when they are needed. */
function isTable(tag: number): boolean {
  const tables: readonly number[] = [
    TAG.tileOffsets,
    TAG.tileCounts,
    TAG.stripOffsets,
    TAG.stripCounts,
  ]
  return tables.includes(tag)
}

/** The one value that all bands share. */
function same(values: readonly number[], what: string): number | undefined {
  const [first] = values
  if (values.every((value) => value === first)) return first
  throw unusable(
    `Its bands have samples of different ${what} (${[...new Set(values)].join(', ')}).`,
  )
}

function requireSizes(
  width: number,
  height: number,
  tileWidth: number,
  tileHeight: number,
  samples: number,
): void {
  const isSize = (value: number) => Number.isInteger(value) && value > 0 && value <= MAX_SIZE
  if (![width, height, tileWidth, tileHeight].every(isSize)) {
    throw unusable(
      `The TIFF has an image of ${width} x ${height} px in tiles of ${tileWidth} x ${tileHeight}.`,
    )
  }
  if (samples >= 1 && samples <= MAX_SAMPLES) return
  throw unusable(`The TIFF has an image of ${samples} bands.`)
}

function requirePlainColours(photometric: number, samples: number): void {
  const name = coded.get(photometric)
  if (name === undefined || (photometric === 8 && samples === 1)) return
  throw unusable(`Its pixels are ${name} colours, which are not read.`)
}

function unusable(message: string): GreenprintError {
  return new GreenprintError('raster_unusable', message)
}
