// From a published result to the same result computed again, on one page, and what of the two differs.

import type { Tell } from './model/progress.ts'
import type { Verification } from './model/verification.ts'
import type { VerifyOrder } from './model/verify-request.ts'
import { packDirectory } from './publish/directory.ts'
import type { Publishing } from './publish/publish-result.ts'
import type { Results } from './publish/results.ts'
import { isChangeItem } from './stac/published-change.ts'
import { readPublishedItem } from './stac/published-item.ts'
import { applyRules } from './steps/apply-rules.ts'
import { comparePublished } from './steps/compare-published.ts'
import { computePixels } from './steps/compute-pixels.ts'
import { describeVerification } from './steps/describe-verification.ts'
import { type FoundPublished, findPublished } from './steps/find-published.ts'
import { limitPixels } from './steps/limit-pixels.ts'
import { openPublished, type SourceServices } from './steps/open-published.ts'
import { drawOutputs, readItemOf } from './steps/output-files.ts'
import { warmUp } from './steps/preload.ts'
import { provenanceOf } from './steps/provenance.ts'
import { writeRecipe } from './steps/recipe.ts'
import { type Recomputed, recomputeChange } from './steps/recompute-change.ts'
import { selectWindow } from './steps/select-window.ts'
import { tellRows } from './steps/tell-rows.ts'
import { openScratch } from './store/disk/scratch.ts'

/** What this page needs from outside; lib/services.ts builds it. */
export interface VerifyServices extends SourceServices, Pick<Publishing, 'store'> {
  readonly verifications: Results<Verification>
  readonly maxPixels: number
  readonly scratchFolder: string
}

export interface VerifyRun {
  readonly tell: Tell
  /** Whether who asks may spend this deployment's credentials. */
  readonly isTrusted: boolean
  /** Pixels of the largest grid that this run may compute, within `maxPixels` of the deployment. */
  readonly mostPixels: number
}

export async function verifyResult(
  order: VerifyOrder,
  services: VerifyServices,
  { tell, isTrusted, mostPixels }: VerifyRun,
  signal: AbortSignal,
): Promise<Verification> {
  tell('scene')
  const published = await findPublished(order, services, signal)
  await using scratch = openScratch(services.scratchFolder)
  if (isChangeItem(published.item)) {
    const run = { scratch, tell, isTrusted, mostPixels }
    const wish = order.request
    const again = await recomputeChange(published.item, wish, services, run, signal)
    return await judge(published, again, services, signal)
  }
  const claim = readPublishedItem(published.item)
  const { request, scene, radiometry, masking } = claim
  const rules = { radiometry, masking, warnings: [] }
  const recipe = writeRecipe(request, scene, rules, claim.software)

  warmUp(request)
  tell('bands')
  const bands = await openPublished(claim, order.request, services, isTrusted, signal)
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
  const files = await drawOutputs(computed, signal)
  return await judge(published, { claim, files, provenance }, services, signal)
}

/** What came out, beside what was published. */
async function judge(
  published: FoundPublished,
  { claim, files, provenance }: Recomputed,
  services: VerifyServices,
  signal: AbortSignal,
): Promise<Verification> {
  const directory = await packDirectory(files, services.store, 'made', signal)
  const differs = comparePublished(published, directory, await readItemOf(files, signal))
  const found = describeVerification(published, claim, directory, differs, provenance)
  await services.verifications.put(found, signal)
  return found
}
