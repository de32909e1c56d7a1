// One band of a TIFF: its levels, from full resolution to the smallest overview, with the masks that belong to it.

import { GreenprintError } from '../errors.ts'
import type { RandomAccess } from '../model/bytes.ts'
import type { Transform } from '../model/grid.ts'
import type { LinearScale } from '../model/radiometry.ts'
import type { ItemGeoreference } from '../model/scene.ts'
import { alphaBands, chooseBand } from './bands.ts'
import { bandDescriptions, bandScale, readMetadataItems } from './gdal-metadata.ts'
import type { GeoKeyTags } from './geokey-names.ts'
import { readCrs, readPlacement } from './georeference.ts'
import { createLevel, type Level, type LevelOptions } from './level.ts'
import { readNodata, unwrittenValue } from './nodata.ts'
import { dtypeOf } from './samples.ts'
import { openTiff, readGeoTags, readImages, readMetadataText } from './tiff.ts'
import type { TiffImage } from './tiff-image.ts'

export interface Cog {
  /** `uint16`, `float32`, …: numpy's name of what the samples are in the file, odd sizes by the next larger type. */
  /** The one that is read, from 0. */
  readonly band: number
  readonly dtype: string
  /** Of the GDAL_NODATA tag, in the band's own type; NaN is a value, null is none. */
  readonly nodata: number | null
  /** What the file says of the scale of its numbers; null where it says nothing. */
  readonly scale: LinearScale | null
  readonly crs: string | null
  /** GeoKeys of the file, for projecting. */
  readonly geoKeys: Readonly<Record<string, unknown>>
  /** The same as they stand in the file. */
  readonly rawGeoKeys: GeoKeyTags
  /** Full resolution first. */
  readonly levels: readonly [Level, ...Level[]]
  /** What was not taken from the file, in one sentence each. */
  readonly warnings: readonly string[]
}

export interface CogOptions {
  /** Number from 1 or description of the band; null for the only one that is not alpha. */
  readonly band?: number | string | null
  /** Where an item says that its file lies, for files that do not say it themselves. */
  readonly georeference?: ItemGeoreference | undefined
}

export type { Level } from './level.ts'
export { HEAD_BYTES } from './tiff-entries.ts'

/**
 * @throws {GreenprintError} `raster_unusable` when the file is not a TIFF with such a band and a georeference that is
 *   neither rotated nor sheared, or when its samples, tiles or masks are of a kind that is not read
 */
export async function openCog(
  file: RandomAccess,
  signal: AbortSignal,
  { band: asked = null, georeference }: CogOptions = {},
): Promise<Cog> {
  const tiff = await openTiff(file, signal)
  const { directory, full, overviews, mask, overviewMasks } = await readImages(tiff, signal)
  const geo = await readGeoTags(tiff, directory, signal)
  const xml = await readMetadataText(tiff, directory, signal)
  const items = xml === null ? [] : readMetadataItems(xml)
  if (items.some(({ name, sample }) => name === 'NODATA_VALUES' && sample === null)) {
    throw unusable(
      'Its nodata is listed for all bands together (NODATA_VALUES), which is not read.',
    )
  }
  const band = chooseBand(full, asked, bandDescriptions(items))
  const { transform, southUp, warnings } = readPlacement(geo, full, georeference ?? null)
  const dtype = dtypeOf(full.format)
  const nodata = readNodata(geo.nodata, dtype)
  const unwritten = unwrittenValue(geo.nodata, dtype)
  const place = (image: TiffImage) => ({ transform: reduce(transform, full, image), southUp, file })
  const fullMask = mask === null ? null : maskLevel(mask, full, band, place(mask))
  const levelOf = (image: TiffImage, own: TiffImage | null): Level => {
    const options = { ...place(image), unwritten }
    const internal = own === null ? fullMask : maskLevel(own, full, band, place(own))
    const alpha = alphaBands(image).map((opacity) =>
      createLevel(image, { ...options, band: opacity, masks: [] }),
    )
    return createLevel(image, {
      ...options,
      band,
      masks: [...(internal === null ? [] : [internal]), ...alpha],
    })
  }
  return {
    band,
    dtype,
    nodata,
    scale: bandScale(items, band),
    crs: readCrs(geo) ?? georeference?.crs ?? null,
    geoKeys: geo.keys,
    rawGeoKeys: geo.raw,
    levels: [
      levelOf(full, mask),
      ...overviews.map((image) => levelOf(image, maskFor(image, overviewMasks))),
    ],
    warnings,
  }
}

/** GDAL's rule: an overview spans exactly what the full resolution spans, whatever its rounding. */
function reduce([a, , c, , e, f]: Transform, full: TiffImage, image: TiffImage): Transform {
  return [(a * full.width) / image.width, 0, c, 0, (e * full.height) / image.height, f]
}

/** Without one of its own size an overview is masked by the full resolution's. */
function maskFor({ width, height }: TiffImage, masks: readonly TiffImage[]): TiffImage | null {
  return masks.find((mask) => mask.width === width && mask.height === height) ?? null
}

function maskLevel(
  mask: TiffImage,
  full: TiffImage,
  band: number,
  place: Pick<LevelOptions, 'file' | 'transform' | 'southUp'>,
): Level {
  const { samplesPerPixel: samples } = mask
  if (samples !== 1 && samples !== full.samplesPerPixel) {
    throw unusable(`Its mask has ${samples} bands, its image ${full.samplesPerPixel}.`)
  }
  try {
    return createLevel(mask, { ...place, band: samples === 1 ? 0 : band, unwritten: 0, masks: [] })
  } catch (cause) {
    if (!(cause instanceof GreenprintError)) throw cause
    throw new GreenprintError(cause.code, `Its mask cannot be read. ${cause.message}`, { cause })
  }
}

function unusable(message: string): GreenprintError {
  return new GreenprintError('raster_unusable', message)
}
