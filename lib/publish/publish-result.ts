// Uploads a result's directory from our own store to the publishers, and finds known results by their records.

import { JointReads } from '../async/joint-reads.ts'
import { describeError, GreenprintError } from '../errors.ts'
import { parseCid } from '../ipld/cid.ts'
import type { ContentStore } from '../kept/content-store.ts'
import { perObject } from '../model/per-object.ts'
import type { NdviOrder } from '../model/request.ts'
import type { Publication, PublishableResult } from '../model/result.ts'
import type { CheckPlan } from './check-plan.ts'
import type { Publications } from './publications.ts'
import type { Published } from './published.ts'
import { isHeld, type Publisher, publishUpload } from './publisher.ts'
import type { Results } from './results.ts'
import { openUpload } from './upload.ts'

export interface Publishing {
  readonly store: ContentStore
  readonly publications: Publications
  /** When it is looked whether what was published can be retrieved; null = never. */
  readonly checkPlan: CheckPlan | null
  readonly published: Published
  readonly publishers: readonly Publisher[]
  readonly publishMinimum: number
}

/** With the results that `/ndvi` makes. */
export interface NdviPublishing extends Publishing {
  readonly results: Results
}

/** Whether to publish, and the name of the token that asked. */
export type Wish = Pick<NdviOrder, 'pin' | 'by'>

/**
 * The result with this id, published now if asked; null when it is unknown or its blocks are gone.
 *
 * @param results those of its kind
 */
export async function recall<Result extends PublishableResult>(
  id: string,
  wish: Wish,
  results: Pick<Results<Result>, 'get'>,
  services: Publishing,
  signal: AbortSignal,
): Promise<Result | null> {
  if (!wish.pin)
    return recallsOf(results).read(id, (stop) => look(id, results, services, stop), signal)
  const known = await results.get(id, signal)
  return known && publishKept(known, wish, services, signal)
}

/** As it is, with what became of it at publishers. */
async function look<Result extends PublishableResult>(
  id: string,
  results: Pick<Results<Result>, 'get'>,
  { store, publications }: Pick<Publishing, 'store' | 'publications'>,
  signal: AbortSignal,
): Promise<Result | null> {
  const known = await results.get(id, signal)
  if (known === null || !(await isKept(known, store, signal))) return null
  const record = await publications.get(known.root, signal)
  return { ...known, publications: record?.publications ?? [] }
}

/** Of results of a kind, those that are looked for now. */
const recallsOfAny = perObject((_results: object) => new JointReads<PublishableResult | null>())

function recallsOf<Result extends PublishableResult>(results: Pick<Results<Result>, 'get'>) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is read under them is theirs
  return recallsOfAny(results) as JointReads<Result | null>
}

/** Of each store, results that are looked for now. */
const looksOf = perObject((_store: object) => new JointReads<boolean>())

/** Looks at the beginning of each file: what is shared with an older result expires with that one. */
export function isKept(
  { root, assets }: Pick<PublishableResult, 'root' | 'assets'>,
  store: Pick<ContentStore, 'has'>,
  signal: AbortSignal,
): Promise<boolean> {
  const cids = [root, ...Object.values(assets).map(({ cid }) => cid)]
  const look = async (stop: AbortSignal) => {
    const found = await Promise.all(cids.map((cid) => store.has(parseCid(cid), stop)))
    return found.every(Boolean)
  }
  return looksOf(store).read(cids.join(), look, signal)
}

/** Whether enough publishers hold it, or none is configured. */
export function isPublished(
  { publications }: PublishableResult,
  { publishers, publishMinimum }: Pick<Publishing, 'publishers' | 'publishMinimum'>,
): boolean {
  const held = publications.filter(isHeld)
  return held.length >= publishMinimum || publishers.length === 0
}

/**
 * Uploads a result's directory from our store to the publishers until enough of them hold it.
 *
 * @throws {GreenprintError} `store_failed` when the store lost a block since it took it
 */
export async function publishResult<Result extends PublishableResult>(
  result: Result,
  wish: Pick<Wish, 'by'>,
  services: Publishing,
  signal: AbortSignal,
): Promise<Result> {
  const published = await publishKept(result, wish, services, signal)
  if (published !== null) return published
  const message = `The store lost a part of ${result.root} right after it was put there.`
  throw new GreenprintError('store_failed', message)
}

/** null when the store no longer has every block. Publishers that hold the result already are not asked again. */
async function publishKept<Result extends PublishableResult>(
  result: Result,
  { by }: Pick<Wish, 'by'>,
  services: Publishing,
  signal: AbortSignal,
): Promise<Result | null> {
  const earlier = await services.publications.get(result.root, signal)
  const held = (earlier?.publications ?? []).filter(isHeld)
  if (held.length >= services.publishMinimum) {
    // Nothing is to be done: no block is read, and nothing is written.
    const isThere = await isKept(result, services.store, signal)
    return isThere ? { ...result, publications: held } : null
  }
  const upload = await openUpload(parseCid(result.root), services.store, signal)
  if (upload === null) return null
  const holders = new Set(held.map((publication) => publication.service))
  const others = services.publishers.filter((publisher) => !holders.has(publisher.name))
  const minimum = services.publishMinimum - held.length
  const options = {
    minimum,
    isReachable: services.publishers.some(
      ({ name, makesReachable = false }) => makesReachable && holders.has(name),
    ),
    // At once: what one of them holds is known whatever becomes of the next.
    note: async (publication: Publication) => {
      await services.publications.merge(result.root, [publication], signal)
    },
  }
  const made = await publishUpload(upload, others, options, signal)
  const publications: readonly Publication[] = [...held, ...made]
  if (upload.isDamaged() && !made.some(isHeld)) return null
  const unplanned = made.some(isHeld) ? await planChecks(result.root, services, signal) : null
  if (by !== undefined && made.length > 0) await services.published.note(by, result, made, signal)
  const holding = publications.filter(isHeld).length
  const told = { ...result, publications }
  if (holding >= services.publishMinimum) {
    return unplanned === null ? told : withWarning(told, unplanned)
  }
  const warning = `published to ${holding} of the ${services.publishMinimum} services wanted; the result is kept here and can be published again`
  return withWarning(told, warning)
}

/** What is held is held, whether it is looked for later or not. @returns why it is not */
async function planChecks(
  root: string,
  { checkPlan }: Pick<Publishing, 'checkPlan'>,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    await checkPlan?.plan(root, signal)
    return null
  } catch (error) {
    signal.throwIfAborted()
    return `published, but nobody will look whether it can be retrieved: ${describeError(error)}`
  }
}

function withWarning<Result extends PublishableResult>(result: Result, warning: string): Result {
  return { ...result, warnings: [...result.warnings, warning] }
}
