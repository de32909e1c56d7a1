// From an order to a published NDVI, on one page. Each line is a step; lib/steps/ has one file for each.

import type { NdviOrder } from './model/request.ts'
import type { NdviResult } from './model/result.ts'
import type { Run } from './model/run.ts'
import { packDirectory } from './publish/directory.ts'
import { type NdviPublishing, publishResult, recall } from './publish/publish-result.ts'
import { shelfFor } from './publish/publisher.ts'
import { softwareLine } from './software.ts'
import { applyRules } from './steps/apply-rules.ts'
import { chooseRules } from './steps/choose-rules.ts'
import { computePixels } from './steps/compute-pixels.ts'
import { describeResult, withNames } from './steps/describe-result.ts'
import { type ContentServices, findContent } from './steps/find-content.ts'
import { findScene } from './steps/find-scene.ts'
import { type KeptBeside, keepBeside, madeOf } from './steps/keep-beside.ts'
import { describeKnown, isCacheable, recordOf } from './steps/known-result.ts'
import { limitPixels } from './steps/limit-pixels.ts'
import { openBands, type Sources } from './steps/open-bands.ts'
import { drawOutputs } from './steps/output-files.ts'
import { warmUp } from './steps/preload.ts'
import { provenanceOf } from './steps/provenance.ts'
import { writeRecipe } from './steps/recipe.ts'
import { selectWindow } from './steps/select-window.ts'
import { tellRows } from './steps/tell-rows.ts'
import { wantedLeaves } from './steps/wanted-leaves.ts'
import { openScratch } from './store/disk/scratch.ts'

/** What this page needs from outside; lib/services.ts builds it. */
export interface Services extends ContentServices, Sources, NdviPublishing, KeptBeside {
  readonly maxPixels: number
  /** For unfinished outputs that are too large for memory. */
  readonly scratchFolder: string
}

export async function computeNdvi(
  order: NdviOrder,
  services: Services,
  run: Run,
  signal: AbortSignal,
): Promise<NdviResult> {
  const { request, trust = 'fingerprint' } = order
  const { fresh, tell, isTrusted } = run
  const { clock, results, maxPixels } = services
  const started = clock.now()
  tell('scene')
  const asked = await findScene(order, services, signal)
  const asRead = chooseRules(asked.scene, request)
  const wants = wantedLeaves(request, asked.scene, services.blocks, signal)
  const content = await findContent(asked.scene, asRead, trust, services, { ...run, wants }, signal)
  const { scene, rules } = content
  const recipe = writeRecipe(request, scene, rules, softwareLine)
  const isRecalled = !fresh && isCacheable(content)
  const known = isRecalled ? await recall(recipe.id, order, results, services, signal) : null
  if (known !== null) return describeKnown(known, { ...asked, ...content, recipe })
  warmUp(request)
  tell('bands')
  const bands = await openBands(content, request, services, isTrusted, signal)
  // Of a request that is refused, nothing that was read stays.
  await using reads = bands.reads
  const selected = await selectWindow(bands, scene, request, rules.masking, maxPixels, signal)
  limitPixels(selected, run.mostPixels)
  const applied = applyRules(bands, rules, scene)
  await using scratch = openScratch(services.scratchFolder)
  tell('ndvi')
  const sinks = { request, scratch, onRows: tellRows(tell, [bands]) }
  const pixels = await computePixels(selected, applied.pixels, sinks, signal)
  const provenance = await provenanceOf(bands, scene, signal)
  reads.succeeded()
  tell('figure')
  const computed = { request, recipe, scene, bands, selected, rules, applied, pixels }
  const files = await drawOutputs(computed, signal)
  const shelf = shelfFor(order.pin, services.publishers)
  const directory = await packDirectory(files, services.store, shelf, signal)
  const result = describeResult(computed, provenance, directory, asked.chosen)
  const record = recordOf(result, computed)
  // What is known already is replaced for those alone who may publish.
  const keepRecord = (stop: AbortSignal) =>
    results[fresh && !isTrusted ? 'offer' : 'put'](record, stop)
  const by = { started, isTrusted, keepRecord }
  await keepBeside(madeOf(computed, result), files, by, services, signal)
  if (!order.pin) return withNames(result, asked.names)
  tell('publish')
  return withNames(await publishResult(result, order, services, signal), asked.names)
}
