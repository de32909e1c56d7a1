// What says the CRS of a scene in a GeoTIFF that is made of it.

import { geoKeysNaming, geoKeysOf } from '../cog/geokeys.ts'
import type { GeoTags } from '../cog/tiff.ts'
import { GreenprintError } from '../errors.ts'
import { type Crs, crsOfDefinition } from '../geo/crs/crs.ts'
import { distanceBetween } from '../geo/same-place.ts'
import type { Grid } from '../model/grid.ts'
import type { NdviRequest } from '../model/request.ts'
import type { BandsCrs, LocatedBand } from './open-crs.ts'

/** Metres. Another reading of a datum is no reason to go without words. */
const ANOTHER_PLACE = 10

type Words = Pick<GeoTags, 'keys' | 'raw'>

export interface WordsOfCrs {
  readonly geoKeys: Words
  /** What is to be said of a GeoTIFF that only names its CRS; null where it defines it. */
  readonly unsaid: string | null
}

/** The source's own keys where everyone reads them alike, else a code or ESRI's words; where neither says it, its name. */
export async function wordsOfCrs(
  band: LocatedBand,
  opened: BandsCrs,
  whole: Grid,
): Promise<WordsOfCrs> {
  const { crs } = opened
  const words = await defining(band, opened, whole)
  if (words !== null) return { geoKeys: words, unsaid: null }
  return { geoKeys: geoKeysNaming(crs), unsaid: onlyNamed(crs) }
}

/** What is to be said of a raster in these words. */
export function wordsWarnings(
  { unsaid }: Pick<WordsOfCrs, 'unsaid'>,
  { outputs }: Pick<NdviRequest, 'outputs'>,
): string[] {
  return unsaid !== null && outputs.includes('cog') ? [unsaid] : []
}

function onlyNamed({ name }: Crs): string {
  return `a GeoTIFF has no words for the CRS "${name}": the published one only names it, the item defines it`
}

/** null where ESRI's dialect leaves out what it has no word for (which way a satellite scans). */
async function defining(
  { cog }: LocatedBand,
  { crs, isGiven }: BandsCrs,
  whole: Grid,
): Promise<Words | null> {
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
