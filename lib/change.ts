// From an order to the difference of two scenes, on one page. Each line is a step; lib/steps/ has one file for each.

import type { ChangeOrder } from './model/change.ts'
import type { JointResult } from './model/joint.ts'
import { type Publishing, publishResult, recall } from './publish/publish-result.ts'
import { shelfFor } from './publish/publisher.ts'
import { computeChange } from './steps/compute-change.ts'
import { describeChange } from './steps/describe-change.ts'
import { describeKnownJoint } from './steps/describe-joint.ts'
import type { ContentRun, ContentServices } from './steps/find-content.ts'
import { asSources, findPair } from './steps/find-pair.ts'
import { type KeptJoints, keepJoint } from './steps/keep-joint.ts'
import { isCacheable } from './steps/known-result.ts'
import { limitPair } from './steps/limit-pixels.ts'
import type { Sources } from './steps/open-bands.ts'
import { findContents, openScenes, provenanceOfAll, readsOf } from './steps/open-scenes.ts'
import { placePair } from './steps/place-pair.ts'
import { warmUp } from './steps/preload.ts'
import { writeJointRecipe } from './steps/recipe-of-joint.ts'
import { tellRows } from './steps/tell-rows.ts'
import { openScratch } from './store/disk/scratch.ts'

/** What this page needs from outside; lib/services.ts builds it. */
export interface ChangeServices
  extends ContentServices,
    Sources,
    Publishing,
    Omit<KeptJoints, keyof Publishing> {
  readonly maxPixels: number
  readonly scratchFolder: string
}

export interface ChangeRun extends ContentRun {
  /** Pixels of both scenes together that this run may compute, within `maxPixels` of the deployment. */
  readonly mostPixels: number
}

export async function measureChange(
  order: ChangeOrder,
  services: ChangeServices,
  run: ChangeRun,
  signal: AbortSignal,
): Promise<JointResult> {
  const { request, trust = 'fingerprint' } = order
  const { fresh, tell, isTrusted } = run
  const { clock, jointResults } = services
  const started = clock.now()
  tell('scene')
  const found = await findPair(order, services, signal)
  const read = found.map((each) => each.read)
  const contents = await findContents(read, trust, services, run, signal)
  const sources = asSources(found, contents)
  const recipe = writeJointRecipe('change', request, sources)
  const isRecalled = !fresh && sources.every(({ content }) => isCacheable(content))
  const known = isRecalled ? await recall(recipe.id, order, jointResults, services, signal) : null
  if (known !== null) return describeKnownJoint(known, { recipe, sources })
  warmUp(request)
  tell('bands')
  const scenes = await openScenes(contents, request, services, isTrusted, signal)
  // Of a request that is refused, nothing that was read stays.
  await using reads = readsOf(scenes)
  const pair = await placePair(scenes, request, services.maxPixels, signal)
  limitPair(pair, run.mostPixels)
  await using scratch = openScratch(services.scratchFolder)
  tell('ndvi')
  const bands = scenes.map((scene) => scene.bands)
  const sinks = { scratch, onRows: tellRows(tell, bands) }
  const computed = await computeChange(pair, request, sinks, signal)
  const provenances = await provenanceOfAll(scenes, signal)
  reads.succeeded()
  tell('figure')
  const joint = describeChange({ request, recipe, sources, scenes, pair, ...computed })
  // What is known already is replaced for those alone who may publish.
  const shelf = shelfFor(order.pin, services.publishers)
  const made = { started, isTrusted, isOffered: fresh && !isTrusted, shelf }
  const result = await keepJoint(joint, provenances, made, services, signal)
  if (!order.pin) return result
  tell('publish')
  return publishResult(result, order, services, signal)
}
