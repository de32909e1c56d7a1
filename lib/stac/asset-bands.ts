// What an asset says of the bands of its file, in the words of every STAC version from 0.5 to 1.1.

import { isJsonObject, type JsonObject } from '../model/json.ts'
import { perObject } from '../model/per-object.ts'
import type { BandAsset } from '../model/scene.ts'

/** One band of a file, by each of the lists that may describe it; {} where a list does not. */
export interface BandFields {
  /** `bands` of STAC 1.1. */
  readonly common: JsonObject
  /** `eo:bands`. */
  readonly eo: JsonObject
  /** `raster:bands`. */
  readonly raster: JsonObject
}

const NONE: BandFields = { common: {}, eo: {}, raster: {} }

/**
 * The bands of an asset in the order of the file; [] where it describes none. Before STAC 0.9 the `eo:bands` of an
 * asset are indices into those of the item's properties, or names of them.
 */
export function bandsOfAsset(fields: JsonObject, properties: JsonObject): readonly BandFields[] {
  const listed = properties['eo:bands']
  const eo = listOf(fields['eo:bands']).map((band) => lookUp(band, listed))
  const [common, raster] = [listOf(fields.bands), listOf(fields['raster:bands'])]
  const count = Math.max(eo.length, common.length, raster.length)
  return Array.from({ length: count }, (_, at) => ({
    common: objectOf(common[at]),
    eo: objectOf(eo[at]),
    raster: objectOf(raster[at]),
  }))
}

/** A band by its number from 1; of one that is not described, or only in its file, nothing is known. */
export function bandFields(bands: readonly BandFields[], band: BandAsset['band']): BandFields {
  return (typeof band === 'string' ? undefined : bands[(band ?? 1) - 1]) ?? NONE
}

/** The numbers, from 1, of the first band of each name. */
export const numbersByName = perObject(
  (bands: readonly BandFields[]): ReadonlyMap<string, number> => {
    const numbers = new Map<string, number>()
    for (const [at, band] of bands.entries()) {
      for (const name of namesOfBand(band)) if (!numbers.has(name)) numbers.set(name, at + 1)
    }
    return numbers
  },
)

/** Own name and common name of a band, in lower case. */
export function namesOfBand({ common, eo }: BandFields): string[] {
  const names = [eo.name, eo.common_name, common.name, common['eo:common_name'], common.common_name]
  return names.flatMap((name) =>
    typeof name === 'string' && name !== '' ? name.toLowerCase() : [],
  )
}

function lookUp(band: unknown, listed: unknown): unknown {
  if (typeof band === 'number') return listOf(listed)[band]
  if (typeof band !== 'string') return band
  if (isJsonObject(listed)) return listed[band] ?? { name: band }
  const named = Array.isArray(listed) ? byName(listed).get(band) : undefined
  return named ?? { name: band }
}

/** The first of each name: an item may list as many bands as its assets name. */
const byName = perObject((listed: readonly unknown[]): ReadonlyMap<unknown, JsonObject> => {
  const objects = listed.filter(isJsonObject)
  return new Map(objects.toReversed().map((each) => [each.name, each]))
})

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}
