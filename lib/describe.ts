// A finished computation as the reply and the record tell it.

import { proofOf } from './inputs.ts'
import type { NdviResult } from './model/result.ts'
import type { Scene } from './model/scene.ts'
import type { Computed } from './outputs.ts'
import type { PackedDirectory } from './publish/directory.ts'
import { softwareLine } from './software.ts'

/** @param chosen why this scene */
export function describeScene(scene: Scene, chosen: string): NdviResult['item'] {
  const { id, collection, datetime, href } = scene
  return { id, collection, datetime, href, chosen }
}

/** @param warnings of the radiometry; those of the scene and the window are added */
export function describeResult(
  { recipe, scene, bands, place, radiometry, mask, measured }: Computed,
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
    proof: {
      software: softwareLine,
      bands: { red: proofOf(bands.red), nir: proofOf(bands.nir) },
    },
    warnings: [...scene.warnings, ...warnings, ...place.window.warnings],
  }
}
