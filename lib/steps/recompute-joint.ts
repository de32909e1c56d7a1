// A published raster of several scenes, computed again from what its item says.

import { GreenprintError } from '../errors.ts'
import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { JsonObject } from '../model/json.ts'
import { leastOf } from '../model/scene.ts'
import type { VerifyRequest } from '../model/verify-request.ts'
import {
  type PublishedChange,
  type PublishedComposite,
  type PublishedJoint,
  type PublishedPart,
  readPublishedJoint,
} from '../stac/published-joint.ts'
import { computeChange } from './compute-change.ts'
import { computeComposite } from './compute-composite.ts'
import { describeChange } from './describe-change.ts'
import { describeComposite } from './describe-composite.ts'
import { MOST_SCENES } from './find-observations.ts'
import type { Joint } from './joint.ts'
import { drawJoint } from './joint-files.ts'
import type { JointSource } from './joint-source.ts'
import { type KeptRowsStore, openKeptRows } from './kept-rows.ts'
import { limitComposite } from './limit-composite.ts'
import { limitPair } from './limit-pixels.ts'
import { copiesByScene } from './named-copies.ts'
import { openPublished, withOutboards } from './open-published.ts'
import { type OpenScene, openEach, provenanceOfAll, readsOf } from './open-scenes.ts'
import { placeComposite } from './place-composite.ts'
import { placePair } from './place-pair.ts'
import { warmUp } from './preload.ts'
import type { Provenance } from './provenance.ts'
import { type JointRecipe, writeJointRecipe } from './recipe-of-joint.ts'
import type { Recomputed, RecomputingRun, RecomputingServices } from './recomputed.ts'
import { tellRows } from './tell-rows.ts'
import { nameOfInput } from './write-receipt.ts'

export interface JointServices extends RecomputingServices, KeptRowsStore {}

/**
 * @param item as it was published
 * @returns files that can be read as long as the scratch is open
 * @throws {GreenprintError} `item_invalid`, `invalid_request` for copies of another scene, and what opening, placing
 *   and computing throw
 */
export async function recomputeJoint(
  item: JsonObject,
  wish: VerifyRequest,
  services: JointServices,
  run: RecomputingRun,
  signal: AbortSignal,
): Promise<Recomputed> {
  const claim = readPublishedJoint(item)
  const { request, parts, software } = claim
  if (parts.length > MOST_SCENES) throw tooMany(parts)
  const copies = copiesByScene(
    wish,
    parts.map(({ role }) => role),
  )
  const sources = parts.map((part) => sourceOf(part))
  const recipe = writeJointRecipe(claim.kind, request, sources, software)
  warmUp(request)
  run.tell('bands')
  const from = await withOutboards(wish, services, signal)
  const known = parts.map((part, at) => ({ ...part, content: sources[at]!.content }))
  const scenes = await openEach(
    known,
    (part, stop) => {
      const own = copies.get(part.role) ?? {}
      return openPublished({ ...part, request }, own, from, run.isTrusted, stop)
    },
    signal,
  )
  await using reads = readsOf(scenes)
  const joint = await compute(claim, { recipe, sources, scenes }, services, run, signal)
  reads.succeeded()
  const used = joint.inputs.map(({ open }) => open)
  const provenances = await provenanceOfAll(used, signal)
  run.tell('figure')
  return {
    claim: { id: claim.id, software, scene: used.at(-1)!.content.scene },
    files: await drawJoint(joint, signal),
    provenance: together(joint, provenances),
  }
}

interface Opened {
  readonly recipe: JointRecipe
  readonly sources: readonly JointSource[]
  readonly scenes: readonly OpenScene[]
}

function compute(
  claim: PublishedJoint,
  opened: Opened,
  services: JointServices,
  run: RecomputingRun,
  signal: AbortSignal,
): Promise<Joint> {
  return claim.kind === 'change'
    ? changeAgain(claim, opened, services, run, signal)
    : compositeAgain(claim, opened, services, run, signal)
}

async function changeAgain(
  { request }: PublishedChange,
  opened: Opened,
  { maxPixels }: JointServices,
  { scratch, tell, mostPixels }: RecomputingRun,
  signal: AbortSignal,
): Promise<Joint> {
  const { scenes } = opened
  const pair = await placePair(scenes, request, maxPixels, signal)
  limitPair(pair, mostPixels)
  tell('ndvi')
  const bands = scenes.map((scene) => scene.bands)
  const sinks = { scratch, onRows: tellRows(tell, bands) }
  const computed = await computeChange(pair, request, sinks, signal)
  return describeChange({ ...opened, request, pair, ...computed })
}

async function compositeAgain(
  { request }: PublishedComposite,
  opened: Opened,
  services: JointServices,
  { scratch, tell, mostPixels }: RecomputingRun,
  signal: AbortSignal,
): Promise<Joint> {
  const placed = await placeComposite(opened.scenes, request, signal)
  const work = limitComposite(placed.stack, { ...services, mostPixels })
  // Rows of its own: those that the composite itself left are what is to be verified.
  const id = canonicalDigest({ kind: 'verify', of: opened.recipe.id })
  const rows = work > services.longWork ? await openKeptRows(id, services, signal) : null
  tell('ndvi')
  const bands = placed.stack.members.map(({ scene }) => scene.bands)
  const sinks = { scratch, onRows: tellRows(tell, bands) }
  const computed = await computeComposite(placed, request, rows, sinks, signal)
  await rows?.forget(signal)
  return describeComposite({ ...opened, request, placed, ...computed })
}

function sourceOf({ role, scene, radiometry, masking }: PublishedPart): JointSource {
  return {
    role,
    content: { scene, rules: { radiometry, masking, warnings: [] }, found: {} },
    chosen: 'The scene that the published item names.',
    names: [],
  }
}

/** Of all scenes, each band under the name that it has in the result. */
function together({ inputs, leftOut = [] }: Joint, provenances: readonly Provenance[]): Provenance {
  const bands = inputs.flatMap(({ role }, at) =>
    Object.entries(provenances[at]!.bands).map(
      ([band, proof]) => [nameOfInput(role, band), proof] as const,
    ),
  )
  return {
    trust: leastOf(provenances.map(({ trust }) => trust)),
    bands: Object.fromEntries(bands),
    warnings: [
      ...leftOut.map(({ id, reason }) => `${id}, which the item names, is left out: ${reason}`),
      ...provenances.flatMap(({ warnings }) => warnings),
    ],
  }
}

function tooMany({ length }: readonly unknown[]): GreenprintError {
  return new GreenprintError(
    'item_invalid',
    `The item names ${length} scenes, and at most ${MOST_SCENES} are composed.`,
  )
}
