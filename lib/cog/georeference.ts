// Where a TIFF lies on Earth: its CRS and its transform.

import { GreenprintError } from '../errors.ts'
import type { Transform } from '../model/grid.ts'
import type { GeoTags } from './tiff.ts'

/** GTRasterTypeGeoKey: coordinates name a pixel's centre, not its corner. */
const PIXEL_IS_POINT = 2
/** GeoKey value for "defined by the other keys". */
const USER_DEFINED = 32767

/** GTModelTypeGeoKey: coordinates are those of a projection. */
const PROJECTED = 1

/** Whether the coordinates are those of a projection, by what the GeoKeys say or name. */
export function isProjected(keys: GeoTags['keys']): boolean {
  return keys['GTModelTypeGeoKey'] === PROJECTED || 'ProjectedCSTypeGeoKey' in keys
}

/** `EPSG:<code>` from the GeoKeys, or null when they name none. The code of a projection's base is not its own. */
export function readCrs({ keys }: GeoTags): string | null {
  const code = keys[isProjected(keys) ? 'ProjectedCSTypeGeoKey' : 'GeographicTypeGeoKey']
  return typeof code === 'number' && code > 0 && code !== USER_DEFINED ? `EPSG:${code}` : null
}

/**
 * The transform of the full-resolution grid, of pixel corners as GDAL has it.
 *
 * @throws {GreenprintError} `raster_unusable` when there is none, or when the grid is rotated or sheared
 */
export function readTransform(geo: GeoTags): Transform {
  const [a, b, c, d, e, f] = rawTransform(geo)
  if (b !== 0 || d !== 0) {
    throw new GreenprintError(
      'raster_unusable',
      'The grid is rotated or sheared; warp it north-up first (gdalwarp).',
    )
  }
  if (!(a > 0 && e < 0)) {
    throw new GreenprintError(
      'raster_unusable',
      `The grid is not north-up: its pixel size is ${a} x ${e}.`,
    )
  }
  const shift = geo.keys['GTRasterTypeGeoKey'] === PIXEL_IS_POINT ? 0.5 : 0
  return [a, 0, c - a * shift, 0, e, f - e * shift]
}

function rawTransform({ tiepoint, pixelScale, transformation }: GeoTags): Transform {
  if (transformation !== null && transformation.length >= 8) {
    const [a = 0, b = 0, , c = 0, d = 0, e = 0, , f = 0] = transformation
    return [a, b, c, d, e, f]
  }
  const [column, row, , x, y] = tiepoint ?? []
  const [width, height] = pixelScale ?? []
  if ([column, row, x, y, width, height].some((value) => value === undefined)) {
    throw new GreenprintError(
      'raster_unusable',
      'The TIFF has no georeference (no tie point and pixel scale).',
    )
  }
  const [a, e] = [Number(width), -Number(height)]
  return [a, 0, Number(x) - Number(column) * a, 0, e, Number(y) - Number(row) * e]
}
