// What says the CRS of a scene in a GeoTIFF that is made of it.

import { geoKeysOf } from '../cog/geokeys.ts'
import type { GeoTags } from '../cog/tiff.ts'
import { GreenprintError } from '../errors.ts'
import { crsOfDefinition } from '../geo/crs/crs.ts'
import { distanceBetween } from '../geo/same-place.ts'
import type { Grid } from '../model/grid.ts'
import type { BandsCrs, LocatedBand } from './open-crs.ts'

/** Metres. Another reading of a datum is no reason to go without words. */
const ANOTHER_PLACE = 10

/**
 * The source's own keys where everyone reads them alike, else a code or ESRI's words.
 *
 * @returns null where neither says it: ESRI's dialect leaves out what it has no word for (which way a satellite scans)
 */
export async function wordsOfCrs(
  { cog }: LocatedBand,
  { crs, isGiven }: BandsCrs,
  whole: Grid,
): Promise<Pick<GeoTags, 'keys' | 'raw'> | null> {
  if (crs.isCommon && !isGiven) return { keys: cog.geoKeys, raw: cog.rawGeoKeys }
  const words = geoKeysOf(crs)
  const isCode = words !== null && Object.keys(words.keys).length > 0
  if (words === null || isCode) return words
  const esri = crs.describe()?.esri ?? ''
  try {
    const { projection } = await crsOfDefinition(esri)
    return distanceBetween(crs.projection, projection, whole) > ANOTHER_PLACE ? null : words
  } catch (error) {
    // What is not opened here says nothing of how others read it.
    if (error instanceof GreenprintError) return words
    throw error
  }
}
