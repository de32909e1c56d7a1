// The door to PROJ: from degrees to a file's own coordinates and back.

import { GreenprintError } from '../errors.ts'
import type { Bbox } from '../model/grid.ts'

export interface Projection {
  /** Longitude and latitude (WGS84 degrees) to x and y in the CRS. */
  forward(lon: number, lat: number): [number, number]
  /** x and y in the CRS to longitude and latitude. */
  inverse(x: number, y: number): [number, number]
}

/**
 * @param geoKeys the GeoKeys of a GeoTIFF
 * @throws {GreenprintError} `raster_unusable` when the CRS is unknown here
 */
export async function openProjection(
  geoKeys: Readonly<Record<string, unknown>>,
): Promise<Projection> {
  const [{ default: proj4 }, { toProj4 }] = await Promise.all([
    import('proj4'),
    import('geotiff-geokeys-to-proj4'),
  ])
  // The package's type lists every GeoKey as present; a file has a few of them.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const definition = toProj4(geoKeys as unknown as Parameters<typeof toProj4>[0])
  if (Object.keys(definition.errors ?? {}).length > 0) throw unknownCrs(geoKeys)
  const { x: unitX, y: unitY } = definition.coordinatesConversionParameters
  const converter = proj4(mend(definition.proj4))
  return {
    forward(lon, lat) {
      const [x, y] = converter.forward([lon, lat])
      return [x / unitX, y / unitY]
    },
    inverse(x, y) {
      const [lon, lat] = converter.inverse([x * unitX, y * unitY])
      return [lon, lat]
    },
  }
}

/**
 * What proj4js needs and the table leaves out. Axes: a GeoTIFF's coordinates are always x, y.
 * Polar stereographic: without the pole (lat_0) proj4js projects from the equator.
 */
function mend(definition: string): string {
  const plain = definition.replace(/\+axis=\S+/, '').trim()
  const standardParallel = /\+lat_ts=(\S+)/.exec(plain)?.[1]
  const polar =
    plain.includes('+proj=stere') && !plain.includes('+lat_0=') && standardParallel !== undefined
  return polar ? `${plain} +lat_0=${Number(standardParallel) < 0 ? -90 : 90}` : plain
}

function unknownCrs(geoKeys: Readonly<Record<string, unknown>>): GreenprintError {
  const code = geoKeys['ProjectedCSTypeGeoKey'] ?? geoKeys['GeographicTypeGeoKey']
  const name = typeof code === 'number' ? `EPSG:${code}` : 'that its GeoKeys describe'
  return new GreenprintError(
    'raster_unusable',
    `The CRS ${name} is not known here, so no place can be found in it.`,
  )
}

/** Points added between the corners of each edge: what rasterio.warp.transform_bounds does by default. */
const DENSIFY = 21

/** The outline of a box, densified, clockwise from its top left corner, closed. */
export function outline([left, bottom, right, top]: Bbox): [number, number][] {
  const corners = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const
  const points = corners.flatMap(([x, y], at): [number, number][] => {
    const [toX, toY] = corners[(at + 1) % 4] ?? [x, y]
    return Array.from({ length: DENSIFY + 1 }, (_, step) => {
      const share = step / (DENSIFY + 1)
      return [x + (toX - x) * share, y + (toY - y) * share]
    })
  })
  return [...points, [left, top]]
}

/** The smallest box in the CRS around a WGS84 box; a box with west > east goes through the antimeridian. */
export function projectBounds([west, south, east, north]: Bbox, projection: Projection): Bbox {
  const box: Bbox = [west, south, west > east ? east + 360 : east, north]
  const points = outline(box).map(([lon, lat]) => projection.forward(lon, lat))
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}
