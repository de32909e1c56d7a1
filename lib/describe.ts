// A finished computation as the reply and the record tell it.

import type { NdviResult } from './model/result.ts'
import type { Scene } from './model/scene.ts'
import type { Computed } from './outputs.ts'
import type { PackedDirectory } from './publish/directory.ts'
import type { Proof } from './prove.ts'
import { softwareLine } from './software.ts'

/** @param chosen why this scene */
export function describeScene(scene: Scene, chosen: string): NdviResult['item'] {
  const { id, collection, datetime, href } = scene
  return { id, collection, datetime, href, chosen }
}

/** @param warnings of the radiometry; those of the scene, the window and the proof are added */
export function describeResult(
  { recipe, scene, place, radiometry, mask, measured }: Computed,
  proof: Proof,
  directory: PackedDirectory,
  chosen: string,
  warnings: readonly string[],
): NdviResult {
  return {
    id: recipe.id,
    cached: false,
    item: describeScene(scene, chosen),
    statistics: measured.statistics,
    grid: place.window.grid,
    radiometry,
    mask,
    root: directory.root.toString(),
    assets: directory.assets,
    publications: [],
    proof: { software: softwareLine, bands: proof.bands },
    warnings: [...scene.warnings, ...warnings, ...place.window.warnings, ...proof.warnings],
  }
}
