// From an order to the id that its result will have, by the kind of the order.
// Long: a few lines for each kind of order, one kind after the other.

import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { ChangeOrder } from '../model/change.ts'
import type { CompositeOrder } from '../model/composite.ts'
import type { FingerprintOrder } from '../model/fingerprint-request.ts'
import type { FingerprintResult } from '../model/fingerprint-result.ts'
import type { JointResult } from '../model/joint.ts'
import { type ByKind, dispatch, type Order } from '../model/order.ts'
import type { NdviOrder } from '../model/request.ts'
import type { PublishableResult } from '../model/result.ts'
import type { Trust } from '../model/scene.ts'
import { unsignedJson } from '../model/unsigned-url.ts'
import type { Verification } from '../model/verification.ts'
import type { VerifyOrder } from '../model/verify-request.ts'
import type { ZonesOrder, ZonesResult } from '../model/zones.ts'
import { isPublished, type NdviPublishing, recall } from '../publish/publish-result.ts'
import type { Results } from '../publish/results.ts'
import { softwareLine } from '../software.ts'
import { chooseFiles } from '../steps/choose-files.ts'
import { chooseRules } from '../steps/choose-rules.ts'
import { asComposed, findComposed } from '../steps/find-composed.ts'
import { type ContentServices, findKnownContent } from '../steps/find-content.ts'
import { findItem } from '../steps/find-item.ts'
import { asSources, findPair } from '../steps/find-pair.ts'
import { findPublishedItem, readResultReference } from '../steps/find-published.ts'
import { findScene, type SceneFinding } from '../steps/find-scene.ts'
import { printsId } from '../steps/fingerprint-outputs.ts'
import { type KeptInputs, keepItems, keptItems } from '../steps/keep-inputs.ts'
import { findKnownContents, leastTrustOf } from '../steps/open-scenes.ts'
import { readScenes } from '../steps/read-scenes.ts'
import { writeRecipe } from '../steps/recipe.ts'
import { writeJointRecipe } from '../steps/recipe-of-joint.ts'
import { writeZonesRecipe } from '../steps/recipe-of-zones.ts'

export interface OrderServices
  extends SceneFinding,
    Pick<ContentServices, 'catalogUrl' | 'openCopy' | 'fingerprints'>,
    KeptInputs,
    NdviPublishing {
  readonly fingerprintResults: Results<FingerprintResult>
  readonly verifications: Results<Verification>
  readonly zonesResults: Results<ZonesResult>
  readonly jointResults: Results<JointResult>
}

/** Whether the result is there as ordered, there but not published as ordered, or not there. */
export type Standing = 'done' | 'kept' | 'unknown'

export interface ResolvedOrder {
  /** Of the result. */
  readonly id: string
  /** With its item inlined. */
  readonly order: Order
  /** Of the zones of a series, where their files are known by now: others' words may have been better or less. */
  readonly trust?: Trust
}

const resolvers: ByKind<Promise<ResolvedOrder>, [services: OrderServices, signal: AbortSignal]> = {
  ndvi: resolveNdvi,
  fingerprint: resolveFingerprint,
  verify: resolveVerify,
  zones: resolveZones,
  change: resolveChange,
  composite: resolveComposite,
}

/** @throws {GreenprintError} what finding its scene or item throws */
export function resolveOrder(
  order: Order,
  services: OrderServices,
  signal: AbortSignal,
): Promise<ResolvedOrder> {
  return dispatch(resolvers, order, services, signal)
}

/**
 * A result's id follows from the contents of its bands. Where they are not known before the work is done, the job has
 * the hash of what is asked, and its record names the result in the end.
 */
async function resolveNdvi(
  order: NdviOrder,
  services: OrderServices,
  signal: AbortSignal,
): Promise<ResolvedOrder> {
  const { scene: asRead, chosen, source, names } = await findScene(order, services, signal)
  // Names are resolved once: the job goes by their CIDs.
  const { search: _search, names: _names, ...asked } = order.request
  const request = { ...asked, item: recordable(source) }
  const toldNames = names.length > 0 ? { names } : {}
  const resolved: NdviOrder = {
    ...order,
    request,
    resolved: recordable({ href: asRead.href, chosen, ...toldNames }),
  }
  const trust = order.trust ?? 'fingerprint'
  const rules = chooseRules(asRead, order.request)
  const content = await findKnownContent(asRead, rules, trust, services, signal)
  if (content === null) return { id: unresolvedId(resolved), order: resolved }
  const { id } = writeRecipe(order.request, content.scene, content.rules, softwareLine)
  return { id, order: resolved }
}

async function resolveFingerprint(
  order: FingerprintOrder,
  services: OrderServices,
  signal: AbortSignal,
): Promise<ResolvedOrder> {
  const { item, chosen } = await findItem(order.request, order.resolved, services, signal)
  const { search: _search, ...request } = order.request
  const files = chooseFiles(item, request.assets)
  const id = printsId({ request, item, files })
  const resolved = recordable({ href: item.href, chosen })
  const next = order.next === undefined ? {} : { next: recordable(order.next) }
  const asked = { ...request, item: recordable(item.source) }
  return { id, order: { ...order, request: asked, resolved, ...next } }
}

/** A CID says all of what is verified; an item is inlined. */
async function resolveVerify(
  order: VerifyOrder,
  { documents }: OrderServices,
  signal: AbortSignal,
): Promise<ResolvedOrder> {
  const { cid, ...asked } = order.request
  const chosen = 'The result was given in the request.'
  if (cid !== undefined) {
    readResultReference(cid)
    const whole = { ...order, resolved: { href: null, chosen } }
    return { id: unresolvedId(whole), order: whole }
  }
  const { item, href } = await findPublishedItem(order, documents, signal)
  const request = { ...asked, item: recordable(item) }
  const resolved: VerifyOrder = { ...order, request, resolved: recordable({ href, chosen }) }
  return { id: unresolvedId(resolved), order: resolved }
}

async function resolveZones(
  order: ZonesOrder,
  services: OrderServices,
  signal: AbortSignal,
): Promise<ResolvedOrder> {
  const { request, trust = 'fingerprint' } = order
  const items = await keptItems(request.items, services, signal)
  const scenes = await readScenes(items, request, signal)
  const known = await findKnownContents(scenes, trust, services, signal)
  if (known === null) return { id: unresolvedId(order), order }
  return { id: writeZonesRecipe(request, known).id, order, trust: leastTrustOf(known) }
}

/** Both items are inlined. */
async function resolveChange(
  order: ChangeOrder,
  services: OrderServices,
  signal: AbortSignal,
): Promise<ResolvedOrder> {
  const { request, trust = 'fingerprint' } = order
  const found = await findPair(order, services, signal)
  const { names: _names, ...asked } = request
  const [before, after] = found.map(({ source }) => ({ item: recordable(source) }))
  const [first, last] = found.map(({ scene, chosen, names }) =>
    recordable({ href: scene.href, chosen, ...(names.length > 0 ? { names } : {}) }),
  )
  if (!before || !after || !first || !last) throw new TypeError('a pair has two scenes')
  const resolved: ChangeOrder = {
    ...order,
    request: { ...asked, before, after },
    resolved: { ...last, before: first, after: last },
  }
  const read = found.map((each) => each.read)
  const known = await findKnownContents(read, trust, services, signal)
  if (known === null) return { id: unresolvedId(resolved), order: resolved }
  return { id: writeJointRecipe('change', request, asSources(found, known)).id, order: resolved }
}

/** Its scenes are searched once: the record has the items by their hash. */
async function resolveComposite(
  order: CompositeOrder,
  services: OrderServices,
  signal: AbortSignal,
): Promise<ResolvedOrder> {
  const { trust = 'fingerprint' } = order
  const { items, scenes, leftOut } = await findComposed(order, services, signal)
  const { search: _search, ...asked } = order.request
  const request = { ...asked, items: await keepItems(items, services, signal) }
  const chosen = `${scenes.length} scenes were found.`
  const resolved: CompositeOrder = {
    ...order,
    request,
    resolved: recordable({ href: null, chosen, left_out: leftOut }),
  }
  const known = await findKnownContents(scenes, trust, services, signal)
  if (known === null) return { id: unresolvedId(resolved), order: resolved }
  return { id: writeJointRecipe('composite', request, asComposed(known)).id, order: resolved }
}

/** A record holds no signature: whoever works on the job signs for itself, where this deployment can. */
function recordable<T>(item: T): T {
  return unsignedJson(item)
}

/** Id of a job whose order was not resolved in time: the hash of what is asked. */
export function unresolvedId(order: Order): string {
  const { request } = order
  const { kind } = order
  const asked =
    kind === 'fingerprint' || kind === 'verify'
      ? { kind, ...request }
      : {
          ...(kind === undefined || kind === 'ndvi' ? {} : { kind }),
          ...request,
          // It decides which scene is chosen, and whether there is a result at all.
          ...((order.trust ?? 'fingerprint') === 'fingerprint' ? {} : { trust: order.trust }),
        }
  return canonicalDigest({ ...asked, software: softwareLine })
}

/** The result of an order's kind with this id, as it is kept here; null where it is not. */
export function recallResult(
  order: Order,
  id: string,
  services: OrderServices,
  signal: AbortSignal,
): Promise<PublishableResult | null> {
  return recall(id, { pin: false }, dispatch(keptOf, order, services), services, signal)
}

const keptOf: ByKind<Pick<Results<PublishableResult>, 'get'>, [services: OrderServices]> = {
  ndvi: (_order, { results }) => results,
  fingerprint: (_order, { fingerprintResults }) => fingerprintResults,
  verify: (_order, { verifications }) => verifications,
  zones: (_order, { zonesResults }) => zonesResults,
  change: (_order, { jointResults }) => jointResults,
  composite: (_order, { jointResults }) => jointResults,
}

export async function standingOf(
  order: Order,
  id: string,
  services: OrderServices,
  signal: AbortSignal,
): Promise<Standing> {
  // What was verified once is verified anew when it is asked: that is what is asked for.
  if (order.kind === 'verify') return 'unknown'
  const known = await recallResult(order, id, services, signal)
  if (known === null) return 'unknown'
  return !order.pin || isPublished(known, services) ? 'done' : 'kept'
}
