// A finished computation as the reply and the record describe it.

import type { NdviResult } from '../model/result.ts'
import type { Scene } from '../model/scene.ts'
import type { Statistics } from '../model/statistics.ts'
import type { PackedDirectory } from '../publish/directory.ts'
import { softwareLine } from '../software.ts'
import type { Computed } from './output-files.ts'
import type { Provenance } from './provenance.ts'

/** @param chosen why this scene */
export function describeScene(scene: Scene, chosen: string): NdviResult['item'] {
  const { id, collection, datetime, href } = scene
  return { id, collection, datetime, href, chosen }
}

export function describeResult(
  { recipe, scene, selected, rules, mask, pixels }: Computed,
  provenance: Provenance,
  directory: PackedDirectory,
  chosen: string,
): NdviResult {
  return {
    id: recipe.id,
    cached: false,
    item: describeScene(scene, chosen),
    statistics: pixels.statistics,
    grid: selected.window.grid,
    radiometry: rules.radiometry,
    mask,
    root: directory.root.toString(),
    assets: directory.assets,
    publications: [],
    proof: { software: softwareLine, bands: provenance.bands },
    warnings: [
      ...scene.warnings,
      ...rules.warnings,
      ...selected.warnings,
      ...emptyArea(pixels.statistics),
      ...provenance.warnings,
    ],
  }
}

function emptyArea({ total_count }: Statistics): string[] {
  if (total_count > 0) return []
  return [
    'the geometry contains no pixel centre: nothing is counted; use a larger geometry or a finer grid',
  ]
}
