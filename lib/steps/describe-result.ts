// A finished computation as the reply and the record describe it.

import type { NdviResult, NdviStatistics } from '../model/result.ts'
import type { ResolvedName, Scene } from '../model/scene.ts'
import { unsignedJson, unsignedUrl, withoutSignatures } from '../model/unsigned-url.ts'
import type { PackedDirectory } from '../publish/directory.ts'
import { softwareLine } from '../software.ts'
import { explainEmpty } from './explain-empty.ts'
import { fileWarnings } from './open-bands.ts'
import type { Computed } from './output-files.ts'
import { layerPlace } from './picture-grids.ts'
import type { Provenance } from './provenance.ts'

/** @param chosen why this scene */
export function describeScene(
  { id, collection, datetime, href }: Pick<Scene, 'id' | 'collection' | 'datetime' | 'href'>,
  chosen: string,
): NdviResult['item'] {
  return {
    id,
    collection,
    datetime,
    href: href && unsignedUrl(href),
    chosen: withoutSignatures(chosen),
  }
}

/** A result with what the names of this very request stood for: it may have been computed for another. */
export function withNames<Result extends NdviStatistics>(
  result: Result,
  names: readonly ResolvedName[],
): Result {
  const { names: _others, ...proof } = result.proof
  return { ...result, proof: names.length > 0 ? { ...proof, names } : proof }
}

export function describeResult(
  computed: Computed,
  provenance: Provenance,
  { root, assets }: PackedDirectory,
  chosen: string,
): NdviResult {
  const numbers = describeNumbers(computed, provenance, chosen)
  return {
    ...numbers,
    ...layerPlace(computed.selected.pictures),
    ...unsignedJson({ root: root.toString(), assets, publications: [] }),
  }
}

/** The numbers of a computation, without its files. */
export function describeNumbers(
  computed: Computed,
  provenance: Provenance,
  chosen: string,
): NdviStatistics {
  const { recipe, scene, selected, rules, applied, pixels } = computed
  return unsignedJson({
    id: recipe.id,
    cached: false,
    item: describeScene(scene, chosen),
    statistics: pixels.statistics,
    grid: selected.window.grid,
    area: { covered_percent: selected.area.coveredPercent },
    radiometry: applied.radiometry,
    mask: applied.mask,
    proof: { software: softwareLine, trust: provenance.trust, bands: provenance.bands },
    warnings: [
      ...itemWarnings({ scene, recipe, rules }, selected.placeWarning),
      ...dataWarnings(computed),
      ...provenance.warnings,
    ],
  })
}

/** Those of the caller's item and request. */
export function itemWarnings(
  { scene, recipe, rules }: Pick<Computed, 'scene' | 'recipe' | 'rules'>,
  placeWarning: string | null,
): string[] {
  const placing = placeWarning === null ? [] : [placeWarning]
  return [...scene.warnings, ...recipe.warnings, ...rules.warnings, ...placing]
}

/** Those of the files and the grid: the same for whoever asks. */
export function dataWarnings({ bands, applied, selected, pixels }: Computed): string[] {
  return [
    ...fileWarnings(bands),
    ...applied.warnings,
    ...selected.warnings,
    ...explainEmpty(pixels.statistics, applied),
  ]
}
