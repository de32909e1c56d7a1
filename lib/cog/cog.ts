// One band in a TIFF: its levels, from full resolution to the smallest overview, and their tiles.

import { allDone } from '../async/all-or-none.ts'
import { GreenprintError } from '../errors.ts'
import type { ByteRange, RandomAccess } from '../model/bytes.ts'
import type { Transform } from '../model/grid.ts'
import { readCrs, readTransform } from './georeference.ts'
import { MAX_TILE_BYTES } from './geotiff.ts'
import { type GeoKeyTags, HEAD_BYTES, openTiff, type TiffImage, type TileRanges } from './tiff.ts'
import { asSamples, type Samples } from './tile-decoder.ts'

export interface Level {
  /** Columns and rows. */
  readonly width: number
  readonly height: number
  readonly tileWidth: number
  readonly tileHeight: number
  /** Tiles per row of tiles. */
  readonly tilesAcross: number
  readonly transform: Transform
  /** Room for samples of this band, holding what an unwritten tile means: nodata, else 0. */
  allocate(length: number): Samples
  /** Bytes of tiles as they lie in the file. */
  packedBytes(indices: readonly number[]): Promise<number>
  /**
   * Reads tiles by index (row by row) in one request to the file, and hands each out when it is unpacked: only a few
   * are held unpacked at once. Those that were never written are not handed out.
   *
   * @param use takes samples `tileWidth` wide; a last strip has fewer rows
   * @throws {GreenprintError} `raster_unusable` for damaged tiles, `content_unavailable` when no source has them
   */
  readTiles(
    indices: readonly number[],
    use: (tile: Samples, index: number) => void,
    signal: AbortSignal,
  ): Promise<void>
}

export interface Cog {
  /** `uint16`, `float32`, … */
  readonly dtype: string
  /** Of the GDAL_NODATA tag; NaN is a value, null is none. */
  readonly nodata: number | null
  readonly crs: string | null
  /** GeoKeys of the file, for projecting. */
  readonly geoKeys: Readonly<Record<string, unknown>>
  /** The same as they stand in the file. */
  readonly rawGeoKeys: GeoKeyTags
  /** Full resolution first. */
  readonly levels: readonly [Level, ...Level[]]
}

export { HEAD_BYTES }

const REDUCED = 1
const MASK = 4
const MAX_TILES = 4_000_000
/** Tiles unpacked at once: what keeps the four threads of node's pool at work. */
const UNPACKING = 8
const kinds = ['', 'uint', 'int', 'float'] as const

/**
 * @throws {GreenprintError} `raster_unusable` when the file is not a single-band TIFF with a north-up georeference
 */
export async function openCog(file: RandomAccess, signal: AbortSignal): Promise<Cog> {
  const images = await openTiff(file, signal)
  const [full, ...rest] = images.filter((image) => (image.subfileType & MASK) === 0)
  if (full === undefined) throw unusable('The TIFF holds masks only.')
  if (full.samplesPerPixel !== 1) {
    throw unusable(
      `The TIFF holds ${full.samplesPerPixel} bands; an asset with one band is needed.`,
    )
  }
  const transform = readTransform(full.geo)
  const overviews = rest
    .filter((image) => (image.subfileType & REDUCED) !== 0 && image.samplesPerPixel === 1)
    .toSorted((one, other) => other.width - one.width)
  const nodata = readNodata(full.geo.nodata)
  const toLevel = (image: TiffImage) =>
    createLevel(image, reduce(transform, full, image), nodata, file)
  return {
    dtype: `${kinds[full.sampleFormat] ?? 'unknown'}${full.bitsPerSample}`,
    nodata,
    crs: readCrs(full.geo),
    geoKeys: full.geo.keys,
    rawGeoKeys: full.geo.raw,
    levels: [toLevel(full), ...overviews.map(toLevel)],
  }
}

/** GDAL's rule: an overview spans exactly what the full resolution spans, whatever its rounding. */
function reduce([a, , c, , e, f]: Transform, full: TiffImage, image: TiffImage): Transform {
  return [(a * full.width) / image.width, 0, c, 0, (e * full.height) / image.height, f]
}

function readNodata(text: string | null): number | null {
  if (text === null) return null
  const value = /^[+-]?nan$/i.test(text) ? Number.NaN : Number(text)
  return Number.isNaN(value) && !/nan/i.test(text) ? null : value
}

function createLevel(
  image: TiffImage,
  transform: Transform,
  nodata: number | null,
  file: RandomAccess,
): Level {
  const { width, height, tileWidth, tileHeight } = image
  if (!(width > 0 && height > 0 && tileWidth > 0 && tileHeight > 0)) {
    throw unusable(
      `The TIFF has an image of ${width} x ${height} px in tiles of ${tileWidth} x ${tileHeight}.`,
    )
  }
  const tilesAcross = Math.ceil(width / tileWidth)
  const count = tilesAcross * Math.ceil(height / tileHeight)
  let ranges: Promise<TileRanges> | undefined

  async function knownRanges(): Promise<TileRanges> {
    if (count > MAX_TILES)
      throw unusable(`The TIFF has ${count} tiles; at most ${MAX_TILES} are read.`)
    ranges ??= image.tileRanges()
    const known = await ranges
    if (known.offsets.length < count || known.counts.length < count) {
      throw unusable(`The TIFF lists ${known.offsets.length} tiles where ${count} are needed.`)
    }
    return known
  }

  /** A last strip ends with the image, a tile never does: only what lies on the image must be there. */
  function checkWhole(tile: Samples, index: number): void {
    const rows = Math.min(tileHeight, height - Math.floor(index / tilesAcross) * tileHeight)
    if (tile.length >= rows * tileWidth) return
    throw unusable(
      `Its tile ${index} holds ${tile.length} samples where ${rows * tileWidth} belong.`,
    )
  }

  return {
    width,
    height,
    tileWidth,
    tileHeight,
    tilesAcross,
    transform,
    allocate(length) {
      // Refuses a sample format without a typed array before asking for the array's element size.
      const { BYTES_PER_ELEMENT } = asSamples(new ArrayBuffer(0), image)
      return asSamples(new ArrayBuffer(length * BYTES_PER_ELEMENT), image).fill(nodata ?? 0)
    },
    async packedBytes(indices) {
      const { counts } = await knownRanges()
      return indices.reduce((sum, index) => sum + (counts[index] ?? 0), 0)
    },
    async readTiles(indices, use, signal) {
      const { offsets, counts } = await knownRanges()
      const written = indices.filter((index) => (counts[index] ?? 0) > 0)
      const places = written.map((index) => ({
        offset: offsets[index] ?? 0,
        length: counts[index] ?? 0,
      }))
      checkPacked(places)
      const over = new AbortController()
      const both = AbortSignal.any([signal, over.signal])
      // All are asked for at once, so that the file plans them together; each is unpacked when it is there.
      const reads = places.map((place) => file.readAll([place], both))
      // A failure is reported when the queue reaches it, or not at all when another failed first.
      for (const read of reads) read.catch(() => undefined)
      const queue = reads.entries()
      const unpack = async (stop: AbortSignal): Promise<void> => {
        for (const [at, read] of queue) {
          const [bytes] = await read
          stop.throwIfAborted()
          const index = written[at] ?? 0
          if (bytes === undefined) throw new RangeError('one range was read')
          const tile = await image.decode(bytes)
          checkWhole(tile, index)
          use(tile, index)
        }
      }
      try {
        await allDone(
          Array.from({ length: UNPACKING }, () => unpack),
          both,
        )
      } finally {
        over.abort(new Error('no more tiles are wanted'))
        await Promise.allSettled(reads)
      }
    },
  }
}

/** Before anything is fetched: a length is only a number in the file. */
function checkPacked(places: readonly ByteRange[]): void {
  const largest = Math.max(0, ...places.map(({ length }) => length))
  if (largest <= MAX_TILE_BYTES) return
  throw unusable(`Its tiles are packed in ${largest} bytes; at most ${MAX_TILE_BYTES} are read.`)
}

function unusable(message: string): GreenprintError {
  return new GreenprintError('raster_unusable', message)
}
