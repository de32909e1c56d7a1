// A published change, computed again from what its item says.

import { type ChangeRole, changeRoles } from '../model/change.ts'
import type { JsonObject } from '../model/json.ts'
import type { Tell } from '../model/progress.ts'
import { leastOf } from '../model/scene.ts'
import { bandNames, type VerifyRequest } from '../model/verify-request.ts'
import { type PublishedChange, readPublishedChange } from '../stac/published-change.ts'
import type { Scratch } from '../store/disk/scratch.ts'
import type { FileContent } from '../store/file-content.ts'
import { applyRules } from './apply-rules.ts'
import { computeChange } from './compute-change.ts'
import { describeChange } from './describe-change.ts'
import type { PublishedClaim } from './describe-verification.ts'
import { drawJoint } from './joint-files.ts'
import type { JointSource } from './joint-source.ts'
import { limitPair } from './limit-pixels.ts'
import { openPublished, type SourceServices } from './open-published.ts'
import { type OpenScene, provenanceOfAll, readsOf } from './open-scenes.ts'
import { placePair } from './place-pair.ts'
import { warmUp } from './preload.ts'
import type { Provenance } from './provenance.ts'
import { writeChangeRecipe } from './recipe-of-change.ts'
import { tellRows } from './tell-rows.ts'
import { nameOfInput } from './write-receipt.ts'

export interface Recomputed {
  readonly claim: PublishedClaim
  readonly files: ReadonlyMap<string, FileContent>
  readonly provenance: Provenance
}

interface RecomputingRun {
  readonly scratch: Scratch
  readonly tell: Tell
  readonly isTrusted: boolean
  readonly mostPixels: number
}

/**
 * @param item as it was published
 * @returns files that can be read as long as the scratch is open
 * @throws {GreenprintError} `item_invalid`, and what openPublished, placePair and computeChange throw
 */
export async function recomputeChange(
  item: JsonObject,
  wish: VerifyRequest,
  services: SourceServices & { readonly maxPixels: number },
  { scratch, tell, isTrusted, mostPixels }: RecomputingRun,
  signal: AbortSignal,
): Promise<Recomputed> {
  const claim = readPublishedChange(item)
  const { request } = claim
  const sources = changeRoles.map((role) => sourceOf(claim, role))
  const recipe = writeChangeRecipe(request, sources, claim.software)
  warmUp(request)
  tell('bands')
  const scenes: OpenScene[] = []
  await using reads = readsOf(scenes)
  for (const [observation, { role, content }] of sources.entries()) {
    const part = { ...wish, copies: copiesOf(wish, role) }
    const bands = await openPublished(claim.parts[role], part, services, isTrusted, signal)
    const applied = applyRules(bands, content.rules, content.scene)
    scenes.push({ observation, content, bands, applied, warnings: [] })
  }
  const pair = await placePair(scenes, request, services.maxPixels, signal)
  limitPair(pair, mostPixels)
  tell('ndvi')
  const bands = scenes.map((scene) => scene.bands)
  const sinks = { scratch, onRows: tellRows(tell, bands) }
  const computed = await computeChange(pair, request, sinks, signal)
  reads.succeeded()
  const provenances = await provenanceOfAll(scenes, signal)
  tell('figure')
  const joint = describeChange({ request, recipe, sources, scenes, pair, ...computed })
  const { id, software, parts } = claim
  return {
    claim: { id, software, scene: parts.after.scene },
    files: await drawJoint(joint, signal),
    provenance: together(sources, provenances),
  }
}

function sourceOf({ parts }: PublishedChange, role: ChangeRole) {
  const { scene, radiometry, masking } = parts[role]
  const rules = { radiometry, masking, warnings: [] }
  const source: JointSource = {
    role,
    content: { scene, rules, found: {} },
    chosen: 'The scene that the published item names.',
    names: [],
  }
  return { ...source, role }
}

/** Those of one scene, by the names that its bands have alone. */
function copiesOf(
  { copies = {} }: VerifyRequest,
  role: ChangeRole,
): NonNullable<VerifyRequest['copies']> {
  const own = bandNames.flatMap((band) => {
    const addresses = copies[`${role}.${band}`]
    return addresses === undefined ? [] : [[band, addresses] as const]
  })
  return Object.fromEntries(own)
}

/** Of all scenes, each band under the name that it has in the result. */
function together(sources: readonly JointSource[], provenances: readonly Provenance[]): Provenance {
  const bands = sources.flatMap(({ role }, at) =>
    Object.entries(provenances[at]!.bands).map(
      ([band, proof]) => [nameOfInput(role, band), proof] as const,
    ),
  )
  return {
    trust: leastOf(provenances.map(({ trust }) => trust)),
    bands: Object.fromEntries(bands),
    warnings: provenances.flatMap(({ warnings }) => warnings),
  }
}
