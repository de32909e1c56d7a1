// The one CRS of a scene's bands: read from the files, compared by what it means, checked against the item.

import { isDeepStrictEqual } from 'node:util'
import { GreenprintError } from '../errors.ts'
import { boxGeometry, touches } from '../geo/antimeridian.ts'
import { type Crs, crsOfDefinition, crsOfKeys } from '../geo/crs/crs.ts'
import type { Footprint } from '../geo/footprint.ts'
import { eastEnd, normalizeLongitude } from '../geo/longitude.ts'
import { distanceBetween } from '../geo/same-place.ts'
import { type Grid, gridBounds } from '../model/grid.ts'
import type { Scene } from '../model/scene.ts'
import { naming, type OpenBand } from './open-bands.ts'

/** The parts of an open band that place it on Earth. */
export type LocatedBand = Pick<OpenBand, 'asset' | 'cog'>

export interface BandsCrs {
  readonly crs: Crs
  /** Whether the files say nothing, and the item does. */
  readonly isGiven: boolean
  readonly warnings: readonly string[]
}

/**
 * @returns the CRS of the red band, which is that of all
 * @throws {GreenprintError} `raster_unusable` when a band names no CRS that can be used, `grids_differ` when the
 *   bands lie in different ones, `mask_unavailable` when the quality band does
 */
export async function openCrs({
  red,
  nir,
  qa,
}: {
  readonly red: LocatedBand
  readonly nir: LocatedBand
  readonly qa: LocatedBand | null
}): Promise<BandsCrs> {
  const { crs, isGiven } = await crsOfBand(red)
  checkDegrees(red, crs)
  const others = [
    { band: nir, code: 'grids_differ', what: 'Red and NIR are not on one grid' },
    { band: qa, code: 'mask_unavailable', what: 'The quality band does not lie on the bands' },
  ] as const
  for (const { band, code, what } of others) {
    if (band === null || isSameSaid(band, red)) continue
    const { crs: other } = await crsOfBand(band)
    if (other.code !== null && other.code === crs.code) continue
    const apart = distanceBetween(crs.projection, other.projection, gridOf(red))
    if (apart > 0) throw new GreenprintError(code, differing(what, crs, other, apart))
  }
  const given = `the files name no CRS: that of the item is used (${titleOf(crs)})`
  return { crs, isGiven, warnings: [...(isGiven ? [given] : []), ...crs.warnings] }
}

function isSameSaid({ cog: one }: LocatedBand, { cog: other }: LocatedBand): boolean {
  return one.crs === other.crs && isDeepStrictEqual(one.geoKeys, other.geoKeys)
}

function differing(what: string, one: Crs, other: Crs, metres: number): string {
  const far = Number.isFinite(metres)
    ? `the same coordinates lie ${metres < 10_000 ? `${metres.toPrecision(3)} m` : `${Math.round(metres / 1000)} km`} apart`
    : 'the coordinates of one have no place in the other'
  return (
    `${what}: their CRSs are ${titleOf(one)} and ${titleOf(other)}; ${far}. ` +
    'Choose assets in one CRS, or warp one of them (gdalwarp).'
  )
}

function titleOf({ code, name }: Crs): string {
  return code === null ? `"${name}"` : code
}

async function crsOfBand({ asset, cog }: LocatedBand): Promise<{ crs: Crs; isGiven: boolean }> {
  return naming(asset, async () => {
    const crs = await crsOfKeys(cog.geoKeys)
    if (crs !== null) return { crs, isGiven: false }
    // What the item says, where the file says nothing.
    if (cog.crs !== null) return { crs: await crsOfDefinition(cog.crs), isGiven: true }
    throw new GreenprintError(
      'raster_unusable',
      'The TIFF names no CRS that can be read, and its item none either (proj:code): its place on Earth is unknown.',
    )
  })
}

function gridOf({ cog }: LocatedBand): Grid {
  const { transform, width, height } = cog.levels[0]
  return { crs: cog.crs, transform, shape: [height, width], level: 0 }
}

/** What is to be said of the datum, in the middle of a ground. */
export function datumWarnings(crs: Crs, { bbox }: Pick<Footprint, 'bbox'>): string[] {
  const middle = normalizeLongitude((bbox[0] + eastEnd(bbox)) / 2)
  const warning = crs.datumWarning([middle, (bbox[1] + bbox[3]) / 2])
  return warning === null ? [] : [warning]
}

/** A map's coordinates under the code of longitudes and latitudes are not a place. */
function checkDegrees(band: LocatedBand, { degrees, code, name }: Crs): void {
  if (degrees === null) return
  const grid = gridOf(band)
  const [left, bottom, right, top] = gridBounds(grid)
  // Grids of the whole globe hang over its edges by half a pixel.
  const [a, , , , e] = grid.transform
  const [lons, lats] = [
    [left + a, right - a],
    [bottom - e, top + e],
  ]
  const fits =
    lons?.every((lon) => Math.abs(lon * degrees) <= 360) &&
    lats?.every((lat) => Math.abs(lat * degrees) <= 90)
  if (fits) return
  const box = [left, bottom, right, top].map((value) => Number(value.toPrecision(9))).join(', ')
  throw new GreenprintError(
    'raster_unusable',
    `Asset "${band.asset.key}": the TIFF counts in degrees (${code ?? name}), but its bounds are [${box}].`,
  )
}

/**
 * Whether the raster lies where its item says: a wrong place is the worst answer of all.
 *
 * @returns a warning where the item's own place cannot be right
 * @throws {GreenprintError} `raster_unusable` when the raster lies elsewhere
 */
export function checkPlace(
  { bbox, geometry }: Pick<Scene, 'bbox' | 'geometry'>,
  raster: Footprint,
): string | null {
  const box = bbox === null ? null : boxGeometry(bbox)
  const places = [geometry, box].filter((place) => place !== null)
  if (places.length === 0 || places.some((place) => touches(place, raster.geometry))) return null
  const seen = `raster covers [${raster.bbox.join(', ')}]`
  const said = bbox === null ? 'the geometry of its item' : `its item's bbox [${bbox.join(', ')}]`
  const isDoubtful =
    bbox !== null &&
    (isEmptyBox(bbox) || (geometry !== null && box !== null && !touches(geometry, box)))
  if (isDoubtful) return `the ${seen}, away from ${said}, which cannot be right`
  throw new GreenprintError(
    'raster_unusable',
    `The ${seen}, away from ${said}: its CRS or its transform is wrong, or the item is another scene's.`,
  )
}

function isEmptyBox([west, south, east, north]: readonly [
  number,
  number,
  number,
  number,
]): boolean {
  const isOnGlobe = [south, north].every((lat) => Math.abs(lat) <= 90)
  return !isOnGlobe || !(north > south) || west === east
}
