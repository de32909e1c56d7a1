// From an order to a published NDVI, on one page. Each line is a step; lib/steps/ has one file for each.

import type { WholeFiles } from './ipfs/whole-files.ts'
import type { Tell } from './model/progress.ts'
import type { NdviOrder } from './model/request.ts'
import type { NdviResult } from './model/result.ts'
import { packDirectory } from './publish/directory.ts'
import { type Publishing, publishResult, recall } from './publish/publish-result.ts'
import { softwareLine } from './software.ts'
import { applyRules, chooseRules } from './steps/choose-rules.ts'
import { computePixels } from './steps/compute-pixels.ts'
import { describeResult, describeScene, withNames } from './steps/describe-result.ts'
import { findScene, type SceneFinding } from './steps/find-scene.ts'
import { openBands, type Sources } from './steps/open-bands.ts'
import { drawOutputs } from './steps/output-files.ts'
import { warmUp } from './steps/preload.ts'
import { provenanceOf } from './steps/provenance.ts'
import { writeRecipe } from './steps/recipe.ts'
import { selectWindow } from './steps/select-window.ts'
import { openScratch } from './store/disk/scratch.ts'

/** What this page needs from outside; lib/services.ts builds it. */
export interface Services extends SceneFinding, Sources, Publishing {
  readonly maxPixels: number
  /** For files that are too large for a reply of the API; null when they cannot be downloaded otherwise. */
  readonly wholeFiles: WholeFiles | null
  /** For unfinished outputs that are too large for memory. */
  readonly scratchFolder: string
}

export interface Run {
  /** Computes even a result that is known. */
  readonly fresh: boolean
  /** Called when a step begins, and with its progress (0 to 1) where that is known. */
  readonly tell: Tell
}

export async function computeNdvi(
  order: NdviOrder,
  services: Services,
  { fresh, tell }: Run,
  signal: AbortSignal,
): Promise<NdviResult> {
  const { request } = order
  tell('scene')
  const { scene, chosen, names, rules, recipe } = await planNdvi(order, services, signal)
  const known = fresh ? null : await recall(recipe.id, order, services, signal)
  if (known !== null) return withNames({ ...known, item: describeScene(scene, chosen) }, names)

  warmUp(request)
  tell('bands')
  const bands = await openBands(scene, rules.masking, request, services, signal)
  const { maxPixels } = services
  const selected = await selectWindow(bands, scene, request, rules.masking, maxPixels, signal)

  const applied = applyRules(bands, rules, scene)
  await using scratch = openScratch(services.scratchFolder)
  tell('ndvi')
  const onRows = (share: number) => tell('ndvi', share)
  const sinks = { request, scratch, onRows }
  const pixels = await computePixels(selected, applied.pixels, sinks, signal)

  const provenance = await provenanceOf(bands, signal)

  tell('figure')
  const computed = { request, recipe, scene, bands, selected, rules, applied, pixels }
  const files = await drawOutputs(computed, signal)
  const directory = await packDirectory(files, services, signal)
  const result = describeResult(computed, provenance, directory, chosen)
  await services.results.put(result, signal)
  if (!order.pin) return withNames(result, names)

  tell('publish')
  return withNames(await publishResult(result, order, services, signal), names)
}

/** The result of an order as it is kept; null where nothing is: then nothing is read or made. */
export async function recallNdvi(
  order: NdviOrder,
  services: Services,
  signal: AbortSignal,
): Promise<NdviResult | null> {
  const { scene, chosen, names, recipe } = await planNdvi(order, services, signal)
  const known = await recall(recipe.id, { pin: false }, services, signal)
  return known && withNames({ ...known, item: describeScene(scene, chosen) }, names)
}

async function planNdvi(order: NdviOrder, services: SceneFinding, signal: AbortSignal) {
  const found = await findScene(order, services, signal)
  const rules = chooseRules(found.scene, order.request)
  const recipe = writeRecipe(order.request, found.scene, rules, softwareLine)
  return { ...found, rules, recipe }
}
