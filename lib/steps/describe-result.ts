// A finished computation as the reply and the record describe it.

import type { NdviResult } from '../model/result.ts'
import type { ResolvedName, Scene } from '../model/scene.ts'
import { unsignedJson, unsignedUrl, withoutSignatures } from '../model/unsigned-url.ts'
import type { PackedDirectory } from '../publish/directory.ts'
import { softwareLine } from '../software.ts'
import { explainEmpty } from './explain-empty.ts'
import { type FoundContent, leastTrust } from './find-content.ts'
import type { FoundScene } from './find-scene.ts'
import { fileWarnings } from './open-bands.ts'
import type { Computed } from './output-files.ts'
import type { Provenance } from './provenance.ts'

/** The result as it is for a caller now: how a band's content is known may have changed since. */
export function describeKnown(
  known: NdviResult,
  content: FoundContent,
  { chosen, names }: Pick<FoundScene, 'chosen' | 'names'>,
): NdviResult {
  const { scene, rules, found } = content
  const keys: Readonly<Record<string, string | undefined>> = {
    red: scene.red.key,
    nir: scene.nir.key,
    qa: rules.masking?.qa.key,
  }
  const bands = Object.entries(known.proof.bands).map(([name, band]) => {
    const trust = found[keys[name] ?? '']?.trust ?? band.trust
    return [name, { ...band, trust }] as const
  })
  const trust = leastTrust(content)
  const told = {
    ...known,
    item: describeScene(scene, chosen),
    proof: { ...known.proof, trust, bands: Object.fromEntries(bands) },
  }
  return withNames(told, names)
}

/** @param chosen why this scene */
export function describeScene(scene: Scene, chosen: string): NdviResult['item'] {
  const { id, collection, datetime, href } = scene
  return {
    id,
    collection,
    datetime,
    href: href && unsignedUrl(href),
    chosen: withoutSignatures(chosen),
  }
}

/** A result with what the names of this very request stood for: it may have been computed for another. */
export function withNames(result: NdviResult, names: readonly ResolvedName[]): NdviResult {
  const { names: _others, ...proof } = result.proof
  return { ...result, proof: names.length > 0 ? { ...proof, names } : proof }
}

export function describeResult(
  { recipe, scene, bands, selected, rules, applied, pixels }: Computed,
  provenance: Provenance,
  directory: PackedDirectory,
  chosen: string,
): NdviResult {
  return unsignedJson({
    id: recipe.id,
    cached: false,
    item: describeScene(scene, chosen),
    statistics: pixels.statistics,
    grid: selected.window.grid,
    area: { covered_percent: selected.area.coveredPercent },
    radiometry: applied.radiometry,
    mask: applied.mask,
    root: directory.root.toString(),
    assets: directory.assets,
    publications: [],
    proof: { software: softwareLine, trust: provenance.trust, bands: provenance.bands },
    warnings: [
      ...scene.warnings,
      ...recipe.warnings,
      ...rules.warnings,
      ...fileWarnings(bands),
      ...applied.warnings,
      ...selected.warnings,
      ...explainEmpty(pixels.statistics, applied),
      ...provenance.warnings,
    ],
  })
}
