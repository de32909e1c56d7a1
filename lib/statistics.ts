// From an order to the numbers of a scene alone: as lib/pipeline.ts does it, and nothing is made, kept or published.

import type { NdviOrder } from './model/request.ts'
import type { NdviStatistics } from './model/result.ts'
import { softwareLine } from './software.ts'
import { applyRules } from './steps/apply-rules.ts'
import { chooseRules } from './steps/choose-rules.ts'
import { computePixels } from './steps/compute-pixels.ts'
import { describeNumbers, withNames } from './steps/describe-result.ts'
import { type ContentRun, type ContentServices, findContent } from './steps/find-content.ts'
import { findScene } from './steps/find-scene.ts'
import { limitPixels } from './steps/limit-pixels.ts'
import { openBands, type Sources } from './steps/open-bands.ts'
import { provenanceOf } from './steps/provenance.ts'
import { writeRecipe } from './steps/recipe.ts'
import { selectWindow } from './steps/select-window.ts'
import { tellRows } from './steps/tell-rows.ts'
import { openScratch } from './store/disk/scratch.ts'

/** What this page needs from outside. */
export interface StatisticsServices extends ContentServices, Sources {
  readonly maxPixels: number
  readonly scratchFolder: string
}

export interface StatisticsRun extends ContentRun {
  /** Pixels of the largest grid that this run may compute, within `maxPixels` of the deployment. */
  readonly mostPixels: number
}

/** @param order without outputs */
export async function computeStatistics(
  { request, resolved, trust = 'fingerprint' }: NdviOrder,
  services: StatisticsServices,
  run: StatisticsRun,
  signal: AbortSignal,
): Promise<NdviStatistics> {
  const { tell, isTrusted } = run
  tell('scene')
  const asked = await findScene({ request, ...(resolved && { resolved }) }, services, signal)
  const asRead = chooseRules(asked.scene, request)
  const content = await findContent(asked.scene, asRead, trust, services, run, signal)
  const { scene, rules } = content
  const recipe = writeRecipe(request, scene, rules, softwareLine)

  tell('bands')
  const bands = await openBands(content, request, services, isTrusted, signal)
  // Of a request that is refused, nothing that was read stays.
  await using reads = bands.reads
  const { maxPixels } = services
  const selected = await selectWindow(bands, scene, request, rules.masking, maxPixels, signal)
  limitPixels(selected, run.mostPixels)

  const applied = applyRules(bands, rules, scene)
  await using scratch = openScratch(services.scratchFolder)
  tell('ndvi')
  const sinks = { request, scratch, onRows: tellRows(tell, [bands]) }
  const pixels = await computePixels(selected, applied.pixels, sinks, signal)

  const provenance = await provenanceOf(bands, scene, signal)
  reads.succeeded()
  const computed = { request, recipe, scene, bands, selected, rules, applied, pixels }
  return withNames(describeNumbers(computed, provenance, asked.chosen), asked.names)
}
