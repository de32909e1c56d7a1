// A published NDVI, computed again from what its item says.

import type { JsonObject } from '../model/json.ts'
import type { VerifyRequest } from '../model/verify-request.ts'
import { readPublishedItem } from '../stac/published-item.ts'
import { applyRules } from './apply-rules.ts'
import { computePixels } from './compute-pixels.ts'
import { limitPixels } from './limit-pixels.ts'
import { copiesByScene } from './named-copies.ts'
import { openPublished, withOutboards } from './open-published.ts'
import { drawOutputs } from './output-files.ts'
import { warmUp } from './preload.ts'
import { provenanceOf } from './provenance.ts'
import { writeRecipe } from './recipe.ts'
import type { Recomputed, RecomputingRun, RecomputingServices } from './recomputed.ts'
import { selectWindow } from './select-window.ts'
import { tellRows } from './tell-rows.ts'

/**
 * @param item as it was published
 * @returns files that can be read as long as the scratch is open
 * @throws {GreenprintError} `item_invalid`, `invalid_request` for copies of what it is not made of, and what opening,
 *   selecting and computing throw
 */
export async function recomputeNdvi(
  item: JsonObject,
  wish: VerifyRequest,
  services: RecomputingServices,
  { scratch, tell, isTrusted, mostPixels }: RecomputingRun,
  signal: AbortSignal,
): Promise<Recomputed> {
  const claim = readPublishedItem(item)
  const { request, scene, radiometry, masking } = claim
  const copies = copiesByScene(wish, [null]).get(null) ?? {}
  const rules = { radiometry, masking, warnings: [] }
  const recipe = writeRecipe(request, scene, rules, claim.software)
  warmUp(request)
  tell('bands')
  const sources = await withOutboards(wish, services, signal)
  const bands = await openPublished(claim, copies, sources, isTrusted, signal)
  await using reads = bands.reads
  const { maxPixels } = services
  const selected = await selectWindow(bands, scene, request, masking, maxPixels, signal)
  limitPixels(selected, mostPixels)
  const applied = applyRules(bands, rules, scene)
  tell('ndvi')
  const sinks = { request, scratch, onRows: tellRows(tell, [bands]) }
  const pixels = await computePixels(selected, applied.pixels, sinks, signal)
  reads.succeeded()
  const provenance = await provenanceOf(bands, scene, signal)
  tell('figure')
  const computed = { request, recipe, scene, bands, selected, rules, applied, pixels }
  return { claim, files: await drawOutputs(computed, signal), provenance }
}
