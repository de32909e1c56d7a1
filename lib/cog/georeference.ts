// Where a TIFF lies on Earth: its CRS and its transform.

import { GreenprintError } from '../errors.ts'
import { isProjected } from '../geo/crs/geo-keys.ts'
import type { Transform } from '../model/grid.ts'
import type { ItemGeoreference } from '../model/scene.ts'
import type { GeoTags } from './tiff.ts'

/** GTRasterTypeGeoKey: coordinates name a pixel's centre, not its corner. */
const PIXEL_IS_POINT = 2
/** GeoKey value for "defined by the other keys". */
const USER_DEFINED = 32767

/** `EPSG:<code>` from the GeoKeys, or null when they name none. The code of a projection's base is not its own. */
export function readCrs({ keys }: Pick<GeoTags, 'keys'>): string | null {
  const code = keys[isProjected(keys) ? 'ProjectedCSTypeGeoKey' : 'GeographicTypeGeoKey']
  return typeof code === 'number' && code > 0 && code !== USER_DEFINED ? `EPSG:${code}` : null
}

/** Where the pixels of a file lie. */
export interface Placement {
  /** Of pixel corners, north-up. */
  readonly transform: Transform
  /** Whether the file has its rows from south to north. */
  readonly southUp: boolean
  readonly warnings: readonly string[]
}

/**
 * A grid drifts by less than this many pixels over its whole extent and still counts as what it is without the drift.
 */
const NO_DRIFT = 1e-3

/**
 * Where the full-resolution grid lies, as GDAL reads the tags; by what the item says where the file says nothing.
 *
 * @throws {GreenprintError} `raster_unusable` when nobody says it, or when the grid is rotated, sheared or mirrored
 */
export function readPlacement(
  geo: GeoTags,
  size: { readonly width: number; readonly height: number },
  given: ItemGeoreference | null = null,
): Placement {
  const own = fileTransform(geo)
  const transform = own ?? givenTransform(given, size)
  if (transform === null) throw unusable(missingWords(geo))
  const [a, b, c, d, e, f] = transform
  if (!transform.every(Number.isFinite)) {
    throw unusable(`Its georeference is not of finite numbers: ${transform.join(', ')}.`)
  }
  const { width, height } = size
  if (
    Math.abs(b) * height > NO_DRIFT * Math.abs(a) ||
    Math.abs(d) * width > NO_DRIFT * Math.abs(e)
  ) {
    throw unusable('The grid is rotated or sheared; warp it north-up first (gdalwarp).')
  }
  if (!(a > 0 && e !== 0)) {
    throw unusable(
      `The grid is not north-up: its pixel size is ${a} x ${e}. Warp it north-up first (gdalwarp).`,
    )
  }
  requireDistinct([c, f], [a, e])
  const southUp = e > 0
  return {
    transform: southUp ? [a, 0, c, 0, -e, f + e * height] : [a, 0, c, 0, e, f],
    southUp,
    warnings:
      own === null
        ? ['the file has no georeference: the transform is that of the item (proj:transform)']
        : [],
  }
}

/** Neighbouring pixels must have different coordinates, with some digits between them. */
function requireDistinct(origin: readonly number[], sizes: readonly number[]): void {
  const lost = origin.some(
    (at, i) => Math.abs(at) * Number.EPSILON > Math.abs(sizes[i]!) * NO_DRIFT,
  )
  if (!lost) return
  throw unusable(
    `Its georeference is damaged: pixels of ${sizes.join(' x ')} cannot be told apart at ${origin.join(', ')}.`,
  )
}

/** GDAL's order: a pixel size wins over a matrix, and its second number counts without its sign. */
function fileTransform({ tiepoint, pixelScale, transformation, keys }: GeoTags): Transform | null {
  const shift = keys['GTRasterTypeGeoKey'] === PIXEL_IS_POINT ? 0.5 : 0
  const [width = 0, height = 0] = pixelScale ?? []
  if (width !== 0 && height !== 0) {
    const [column, row, , x, y] = tiepoint ?? []
    if (column === undefined || row === undefined || x === undefined || y === undefined) return null
    const [a, e] = [width, -Math.abs(height)]
    return [a, 0, x - (column + shift) * a, 0, e, y - (row + shift) * e]
  }
  if (transformation?.length !== 16) return null
  const [a = 0, b = 0, , c = 0, d = 0, e = 0, , f = 0] = transformation
  return [a, b, c - shift * (a + b), d, e, f - shift * (d + e)]
}

/** @throws {GreenprintError} `raster_unusable` when the item describes a grid of another size */
function givenTransform(
  given: ItemGeoreference | null,
  { width, height }: { readonly width: number; readonly height: number },
): Transform | null {
  if (given === null || given.transform === null) return null
  const { shape, transform } = given
  const [, b, c, , e, f] = transform
  if (c === 0 && e === 0 && b * f !== 0) {
    throw unusable(
      `The TIFF has no georeference, and the item's proj:transform is in GDAL's order (${transform.join(', ')}): give it in rasterio's, pixel width, 0, west, 0, -pixel height, north.`,
    )
  }
  if (shape === null || (shape[0] === height && shape[1] === width)) return transform
  throw unusable(
    `The TIFF has no georeference, and the item's does not fit it: proj:shape is ${shape[0]} x ${shape[1]} rows and columns, the file has ${height} x ${width}.`,
  )
}

function missingWords({ tiepoint }: GeoTags): string {
  const points =
    (tiepoint?.length ?? 0) > 6 ? ' but ground control points (warp it first, gdalwarp)' : ''
  return `The TIFF has no georeference${points}: neither tie point and pixel scale nor a matrix, and the item gives no proj:transform.`
}

function unusable(message: string): GreenprintError {
  return new GreenprintError('raster_unusable', message)
}
