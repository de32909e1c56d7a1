// From an order to one raster of all scenes of a search, on one page. Each line is a step; lib/steps/ has one file for
// each.

import type { CompositeOrder } from './model/composite.ts'
import type { JointResult } from './model/joint.ts'
import { type Publishing, publishResult, recall } from './publish/publish-result.ts'
import { shelfFor } from './publish/publisher.ts'
import { computeComposite } from './steps/compute-composite.ts'
import { describeComposite, withLeftOut } from './steps/describe-composite.ts'
import { describeKnownJoint } from './steps/describe-joint.ts'
import { asComposed, findComposed } from './steps/find-composed.ts'
import type { ContentRun, ContentServices } from './steps/find-content.ts'
import type { KeptInputs } from './steps/keep-inputs.ts'
import { type KeptJoints, keepJoint } from './steps/keep-joint.ts'
import { type KeptRowsStore, openKeptRows } from './steps/kept-rows.ts'
import { isCacheable } from './steps/known-result.ts'
import { limitComposite } from './steps/limit-composite.ts'
import type { Sources } from './steps/open-bands.ts'
import { findContents, openScenes, provenanceOfAll, readsOf } from './steps/open-scenes.ts'
import { placeComposite } from './steps/place-composite.ts'
import { warmUp } from './steps/preload.ts'
import { writeJointRecipe } from './steps/recipe-of-joint.ts'
import { tellRows } from './steps/tell-rows.ts'
import { openScratch } from './store/disk/scratch.ts'

/** What this page needs from outside; lib/services.ts builds it. */
export interface CompositeServices
  extends ContentServices,
    Sources,
    KeptInputs,
    KeptRowsStore,
    Publishing,
    Omit<KeptJoints, keyof Publishing> {
  readonly maxPixels: number
  readonly scratchFolder: string
}

export interface CompositeRun extends ContentRun {
  /** Pixels of all scenes together that this run may compose. */
  readonly mostPixels: number
}

export async function composeScenes(
  order: CompositeOrder,
  services: CompositeServices,
  run: CompositeRun,
  signal: AbortSignal,
): Promise<JointResult> {
  const { request, trust = 'fingerprint', pin } = order
  const { fresh, tell, isTrusted, mostPixels } = run
  const { clock, jointResults } = services
  const started = clock.now()
  tell('scene')
  const found = await findComposed(order, services, signal)
  const contents = await findContents(found.scenes, trust, services, run, signal)
  const sources = asComposed(contents)
  const recipe = writeJointRecipe('composite', request, sources)
  const isLasting = sources.every(({ content }) => isCacheable(content))
  const known =
    !fresh && isLasting ? await recall(recipe.id, order, jointResults, services, signal) : null
  if (known !== null)
    return withLeftOut(describeKnownJoint(known, { recipe, sources }), found.leftOut)
  warmUp(request)
  tell('bands')
  const scenes = await openScenes(contents, request, services, isTrusted, signal)
  // Of a request that is refused, nothing that was read stays.
  await using reads = readsOf(scenes)
  const placed = await placeComposite(scenes, request, signal)
  const work = limitComposite(placed.stack, { ...services, mostPixels })
  const isKept = isLasting && work > services.longWork
  const rows = isKept ? await openKeptRows(recipe.id, services, signal) : null
  await using scratch = openScratch(services.scratchFolder)
  tell('ndvi')
  const bands = placed.stack.members.map(({ scene }) => scene.bands)
  const sinks = { scratch, onRows: tellRows(tell, bands) }
  const computed = await computeComposite(placed, request, rows, sinks, signal)
  const used = placed.stack.members.map(({ scene }) => scene)
  const provenances = await provenanceOfAll(used, signal)
  reads.succeeded()
  tell('figure')
  const joint = describeComposite({ request, recipe, sources, placed, ...computed })
  // What is known already is replaced for those alone who may publish.
  const shelf = shelfFor(pin, services.publishers)
  const made = { started, isTrusted, isOffered: fresh && !isTrusted, shelf }
  const kept = await keepJoint(joint, provenances, made, services, signal)
  await rows?.forget(signal)
  const result = withLeftOut(kept, found.leftOut)
  if (!pin) return result
  tell('publish')
  return publishResult(result, order, services, signal)
}
