// From a request to a published NDVI, on one page. Each line is a room; open the room you doubt.

import { findScene, type SceneFinding } from './find.ts'
import { describeResult, describeScene } from './describe.ts'
import { openBands, type Sources } from './inputs.ts'
import { maskOf, measure, ndviRules } from './measure.ts'
import type { Step } from './model/progress.ts'
import type { NdviRequest } from './model/request.ts'
import type { NdviResult } from './model/result.ts'
import { drawOutputs } from './outputs.ts'
import { placeWindow } from './place.ts'
import { packDirectory } from './publish/directory.ts'
import { proveBands } from './prove.ts'
import { keepDirectory, type Publishing, publishResult, recall } from './publish-result.ts'
import { writeRecipe } from './recipe.ts'
import { softwareLine } from './software.ts'
import { chooseRadiometry } from './stac/radiometry.ts'

/** What this page needs from the world; lib/services.ts builds it. */
export interface Services extends SceneFinding, Sources, Publishing {
  readonly maxPixels: number
}

export interface Run {
  /** Computes even what is known. */
  readonly fresh: boolean
  /** Told what begins, and how far it is (0 to 1) where that can be said. */
  readonly tell: (step: Step, share?: number) => void
}

export async function computeNdvi(
  request: NdviRequest,
  services: Services,
  { fresh, tell }: Run,
  signal: AbortSignal,
): Promise<NdviResult> {
  tell('scene')
  const { scene, chosen } = await findScene(request, services, signal)
  const { radiometry, warnings } = chooseRadiometry(scene, request.scale)
  const recipe = writeRecipe(request, scene, radiometry, softwareLine)
  const known = fresh ? null : await recall(recipe.id, request.pin, services, signal)
  if (known !== null) return { ...known, item: describeScene(scene, chosen) }

  tell('bands')
  const bands = await openBands(scene, request, services, signal)
  const place = await placeWindow(bands, request, services.maxPixels)

  const rules = ndviRules(bands, radiometry, scene.product)
  const onRows = (share: number) => tell('ndvi', share)
  const measured = await measure(place.window, rules, request.rescale, onRows, signal)

  const proof = await proveBands(bands, signal)

  tell('figure')
  const mask = maskOf(rules)
  const computed = { request, recipe, scene, bands, place, radiometry, mask, measured }
  const directory = await packDirectory(await drawOutputs(computed))
  await keepDirectory(directory, services.store, signal)
  const result = describeResult(computed, proof, directory, chosen, warnings)
  await services.results.put(result, signal)
  if (!request.pin) return result

  tell('publish')
  return publishResult(result, directory, services, signal)
}
