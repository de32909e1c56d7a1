// Where everything lies in a Cloud Optimized GeoTIFF that is written: directories first, then the overviews from the
// smallest, then full resolution.

import type { Transform } from '../model/grid.ts'
import type { GeoKeyTags } from './geokey-names.ts'
import { encodeDirectories, type TiffField } from './tiff-directory.ts'

/** Pixels along each side of a tile. */
export const TILE = 512

/** One resolution, its tiles packed. */
export interface PackedLevel {
  /** Columns and rows. */
  readonly width: number
  readonly height: number
  /** Of each band, bytes of each packed tile, row by row. */
  readonly bands: readonly (readonly number[])[]
}

export interface SampleTags {
  /** TIFF 6.0, tag 339: signed integers, or IEEE floats. */
  readonly format: 2 | 3
  /** TIFF 6.0, tag 317. */
  readonly predictor: 2 | 3
  /** GDAL_NODATA. */
  readonly nodata: string
}

export interface CogPlace {
  readonly transform: Transform
  readonly geoKeys: GeoKeyTags
  /** XML of GDAL: what the bands are. */
  readonly metadata: string
  /** Of its numbers, all of 32 bits. */
  readonly samples: SampleTags
}

/** Each tile is preceded by its size and followed by a copy of its last four bytes. */
export const LEADER = 4
export const TRAILER = 4

/** Offsets of a classic TIFF have 32 bits. */
const CLASSIC_LIMIT = 2 ** 32

/**
 * GDAL's promises about the order of the tiles (https://gdal.org/drivers/raster/cog.html): with them a reader
 * needs no offsets to know where a tile ends. The blank leaves room for "YES", for software that edits the file in
 * place.
 */
function preambleOf(bands: number): Uint8Array {
  const promises = [
    'LAYOUT=IFDS_BEFORE_DATA',
    'BLOCK_ORDER=ROW_MAJOR',
    'BLOCK_LEADER=SIZE_AS_UINT4',
    'BLOCK_TRAILER=LAST_4_BYTES_REPEATED',
    'KNOWN_INCOMPATIBLE_EDITION=NO',
    ...(bands > 1 ? ['INTERLEAVE=BAND'] : []),
    ' ',
  ].join('\n')
  return new TextEncoder().encode(
    `GDAL_STRUCTURAL_METADATA_SIZE=${String(promises.length).padStart(6, '0')} bytes\n${promises}`,
  )
}

/**
 * The front of the file, up to the first tile.
 *
 * @param levels full resolution first, each smaller than the one before
 * @param classicLimit files of this size and more are BigTIFF
 */
export function encodeFront(
  levels: readonly PackedLevel[],
  place: CogPlace,
  classicLimit = CLASSIC_LIMIT,
): Uint8Array<ArrayBuffer> {
  const preamble = preambleOf(levels[0]?.bands.length ?? 1)
  const tiles = levels.flatMap(({ bands }) => bands.flat())
  const bytes = tiles.reduce((sum, count) => sum + LEADER + count + TRAILER, 0)
  const encode = (start: number, bigTiff: boolean) => {
    const offsets = placeTiles(levels, start)
    const directories = levels.map((level, at) =>
      describeLevel(level, offsets[at] ?? [], at === 0 ? place : null, place.samples, bigTiff),
    )
    return encodeDirectories(directories, preamble, bigTiff)
  }
  const bigTiff = encode(0, false).length + bytes >= classicLimit
  return encode(encode(0, bigTiff).length, bigTiff)
}

/** The offset of every tile of every level, those of a band after those of the one before. */
function placeTiles(levels: readonly PackedLevel[], start: number): number[][] {
  let end = start
  const smallestFirst = levels.toReversed().map(({ bands }) =>
    bands.flat().map((count) => {
      const offset = end + LEADER
      end = offset + count + TRAILER
      return offset
    }),
  )
  return smallestFirst.toReversed()
}

/** @param place of full resolution alone; overviews have theirs from it */
function describeLevel(
  { width, height, bands }: PackedLevel,
  offsets: readonly number[],
  place: CogPlace | null,
  { format, predictor, nodata }: CogPlace['samples'],
  bigTiff: boolean,
): TiffField[] {
  const long = (tag: number, value: number): TiffField => ({ tag, type: 'long', values: [value] })
  const short = (tag: number, value: number): TiffField => ({ tag, type: 'short', values: [value] })
  const each = (tag: number, value: number): TiffField => ({
    tag,
    type: 'short',
    values: bands.map(() => value),
  })
  const extra: TiffField = { tag: 338, type: 'short', values: bands.slice(1).map(() => 0) }
  return [
    // NewSubfileType: an overview is a reduced resolution.
    long(254, place === null ? 1 : 0),
    long(256, width),
    long(257, height),
    // BitsPerSample, SampleFormat.
    each(258, 32),
    each(339, format),
    // Compression: Deflate. Predictor.
    short(259, 8),
    short(317, predictor),
    // PhotometricInterpretation: the least is black. SamplesPerPixel, each in a plane of its own.
    short(262, 1),
    short(277, bands.length),
    short(284, bands.length > 1 ? 2 : 1),
    // ExtraSamples: no colours, and no alpha.
    ...(bands.length > 1 ? [extra] : []),
    short(322, TILE),
    short(323, TILE),
    { tag: 324, type: bigTiff ? 'long8' : 'long', values: offsets },
    { tag: 325, type: 'long', values: bands.flat() },
    // GDAL_NODATA
    { tag: 42113, type: 'ascii', values: nodata },
    ...(place === null ? [] : describePlace(place)),
  ]
}

function describePlace({ transform, geoKeys, metadata }: CogPlace): TiffField[] {
  const [a, , c, , e, f] = transform
  const { directory, doubles, ascii } = geoKeys
  return [
    // ModelPixelScale and ModelTiepoint: the upper left corner of the first pixel.
    { tag: 33550, type: 'double', values: [a, -e, 0] },
    { tag: 33922, type: 'double', values: [0, 0, 0, c, f, 0] },
    { tag: 34735, type: 'short', values: directory },
    ...(doubles.length === 0
      ? []
      : [{ tag: 34736, type: 'double', values: doubles } satisfies TiffField]),
    ...(ascii === '' ? [] : [{ tag: 34737, type: 'ascii', values: ascii } satisfies TiffField]),
    // GDAL_METADATA
    { tag: 42112, type: 'ascii', values: metadata },
  ]
}
