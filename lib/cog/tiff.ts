// The images of a TIFF and where it lies on Earth, by the tags of its directories.

import { GreenprintError } from '../errors.ts'
import type { RandomAccess } from '../model/bytes.ts'
import { type GeoKeyTags, nameGeoKeys } from './geokey-names.ts'
import { type TiffDirectory, TiffEntries } from './tiff-entries.ts'
import { readLayout, type TiffImage } from './tiff-image.ts'

export interface Tiff {
  readonly entries: TiffEntries
  /** In the order of the file. */
  readonly directories: readonly TiffDirectory[]
}

export interface GeoTags {
  /** The first six numbers of ModelTiepoint. */
  readonly tiepoint: readonly number[] | null
  readonly pixelScale: readonly number[] | null
  readonly transformation: readonly number[] | null
  /** GeoKeys by name. */
  readonly keys: Readonly<Record<string, unknown>>
  /** The same as they stand in the file. */
  readonly raw: GeoKeyTags
  /** Text of the GDAL_NODATA tag. */
  readonly nodata: string | null
}

const TAGS = {
  pixelScale: 33550,
  tiepoint: 33922,
  transformation: 34264,
  geoKeys: 34735,
  geoDoubles: 34736,
  geoAscii: 34737,
  metadata: 42112,
  nodata: 42113,
} as const

/** GeoKeys of real files take some hundred bytes. */
const MAX_GEO_BYTES = 64 * 1024
const MAX_NODATA_BYTES = 1024
/** GDAL's own metadata: bands' descriptions, statistics, whatever somebody adds. */
const MAX_METADATA_BYTES = 1024 * 1024

/** @throws {GreenprintError} `raster_unusable` when the file is not a TIFF or its directories are damaged */
export async function openTiff(file: RandomAccess, signal: AbortSignal): Promise<Tiff> {
  const entries = await TiffEntries.open(file, signal)
  return { entries, directories: await entries.directories(signal) }
}

/** The images of one picture: what else a TIFF holds (pages, thumbnails) is left alone. */
export interface TiffImages {
  readonly full: TiffImage
  /** Of `full`. */
  readonly directory: TiffDirectory
  /** Reduced resolutions, the largest first. */
  readonly overviews: readonly TiffImage[]
  /** Of the full resolution. */
  readonly mask: TiffImage | null
  readonly overviewMasks: readonly TiffImage[]
}

/** TIFF tag 254. */
const SUBFILE_TYPE = 254
const REDUCED = 1
const MASK = 4

/**
 * @throws {GreenprintError} `raster_unusable` for images without pixels, and for sizes and samples that are not read
 */
export async function readImages(
  { entries, directories }: Tiff,
  signal: AbortSignal,
): Promise<TiffImages> {
  const types = await entries.numbers(
    directories.map((directory) => directory.get(SUBFILE_TYPE)),
    1,
    signal,
  )
  const typed = directories.map((directory, i) => ({ directory, type: types[i]?.[0] ?? 0 }))
  const main = typed.find(({ type }) => (type & MASK) === 0)
  if (main === undefined) throw unusable('The TIFF holds masks only.')
  const read = async (wanted: number): Promise<TiffImage[]> => {
    const some = typed.filter((one) => one !== main && (one.type & (REDUCED | MASK)) === wanted)
    return Promise.all(some.map(({ directory }) => readLayout(entries, directory, signal)))
  }
  const full = await readLayout(entries, main.directory, signal)
  const [mask = null] = await read(MASK)
  if (mask !== null && (mask.width !== full.width || mask.height !== full.height)) {
    throw unusable(
      `Its mask measures ${mask.width} x ${mask.height} px, its image ${full.width} x ${full.height}.`,
    )
  }
  const overviews = (await read(REDUCED))
    .filter(
      (image) => isAlike(image, full) && image.width <= full.width && image.height <= full.height,
    )
    .toSorted((one, other) => other.width - one.width)
  return {
    full,
    directory: main.directory,
    overviews,
    mask,
    overviewMasks: await read(REDUCED | MASK),
  }
}

/** Whether an image holds the same bands. */
function isAlike(image: TiffImage, full: TiffImage): boolean {
  const { kind, bits } = image.format
  return (
    image.samplesPerPixel === full.samplesPerPixel &&
    kind === full.format.kind &&
    bits === full.format.bits
  )
}

/** @throws {GreenprintError} `raster_unusable` when the tags are damaged or larger than any file has them */
export async function readGeoTags(
  { entries }: Tiff,
  directory: TiffDirectory,
  signal: AbortSignal,
): Promise<GeoTags> {
  const { tiepoint, pixelScale, transformation, geoKeys, geoDoubles, geoAscii } = TAGS
  for (const tag of [geoKeys, geoDoubles, geoAscii]) {
    const bytes = directory.get(tag)?.bytes ?? 0
    if (bytes <= MAX_GEO_BYTES) continue
    throw unusable(
      `The TIFF has ${bytes} bytes of GeoKeys under tag ${tag}; at most ${MAX_GEO_BYTES} are read.`,
    )
  }
  const get = (tag: number) => directory.get(tag)
  const [tie = null, scale = null, matrix = null, keys, doubles] = await entries.numbers(
    [tiepoint, pixelScale, transformation, geoKeys, geoDoubles].map(get),
    MAX_GEO_BYTES / 2,
    signal,
  )
  const ascii = (await entries.latin1(get(geoAscii), MAX_GEO_BYTES, signal)) ?? ''
  const nodata = await entries.latin1(get(TAGS.nodata), MAX_NODATA_BYTES, signal)
  const raw = { directory: keys ?? [], doubles: doubles ?? [], ascii: withoutEnd(ascii) }
  return {
    tiepoint: tie,
    pixelScale: scale,
    transformation: matrix,
    keys: await nameGeoKeys(raw),
    raw,
    nodata: nodata === null ? null : upToNul(nodata),
  }
}

/** XML of the GDAL_METADATA tag; null where there is none or more than is read. */
export async function readMetadataText(
  { entries }: Tiff,
  directory: TiffDirectory,
  signal: AbortSignal,
): Promise<string | null> {
  const entry = directory.get(TAGS.metadata)
  if (entry === undefined || entry.bytes > MAX_METADATA_BYTES) return null
  const text = await entries.latin1(entry, MAX_METADATA_BYTES, signal)
  return text === null ? null : Buffer.from(upToNul(text), 'latin1').toString('utf8')
}

function upToNul(text: string): string {
  const end = text.indexOf('\0')
  return end === -1 ? text : text.slice(0, end)
}

/** Without the NULs at its end. */
function withoutEnd(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--
  return text.slice(0, end)
}

function unusable(message: string): GreenprintError {
  return new GreenprintError('raster_unusable', message)
}
