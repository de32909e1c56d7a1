// All scenes that a scheduled search finds: each becomes one job, once, however often it is found.

import type { Clock } from '../async/clock.ts'
import { createLimit } from '../async/limit.ts'
import { describeError, GreenprintError } from '../errors.ts'
import type { Submit } from '../jobs/submit.ts'
import type { Log } from '../log.ts'
import type { Documents } from '../stac/documents.ts'
import { readItem } from '../stac/item.ts'
import { itemPages } from '../stac/search-pages.ts'
import { type AdmissionRules, admit } from './admission.ts'
import { readSchedule, type Schedule } from './schedule.ts'
import { orderOf } from './tasks.ts'

export interface SweepServices extends Pick<AdmissionRules, 'fingerprints'> {
  readonly documents: Documents
  /** The STAC API of a search that has none of its own. */
  readonly stacApiUrl: string
  readonly clock: Clock
  readonly submit: Submit
  readonly log: Log
}

export interface SweepReply {
  /** The time that was swept, as STAC API writes it. */
  readonly datetime: string
  /** Different items. */
  readonly found: number
  /** Scenes that have an open job now, old or new. */
  readonly submitted: number
  /** Scenes whose result was there already. */
  readonly known: number
  readonly filtered: readonly NotSubmitted[]
  /** Whether the search found more scenes than one sweep reads. */
  readonly more: boolean
}

interface NotSubmitted {
  readonly id: string
  readonly reason: string
}

type Fate =
  | { readonly kind: 'submitted' | 'known' }
  | ({ readonly kind: 'filtered' } & NotSubmitted)
  | ({ readonly kind: 'failed'; readonly error: unknown } & NotSubmitted)

/** Scenes that are submitted at once. */
const AT_ONCE = 8
/** Scenes that the line of a sweep names, of each sort: CloudWatch cuts longer lines. */
const MOST_NAMED = 50
/** 5,000 items: a sweep must end within the time of a function. */
const MAX_PAGES = 100

/**
 * Sweeps that overlap are harmless: a scene is submitted twice, and is one job.
 *
 * @throws {GreenprintError} `invalid_request`, `search_failed`; where single scenes could not be submitted, the fault
 *   of the first, after all others were, one detail line each
 */
export async function sweep(
  event: unknown,
  services: SweepServices,
  signal: AbortSignal,
): Promise<SweepReply> {
  const schedule = readSchedule(event, services.clock)
  const { fates, more } = await sweepPages(schedule, services, signal)
  const count = (kind: Fate['kind']) => fates.filter((fate) => fate.kind === kind).length
  const reply: SweepReply = {
    datetime: schedule.search.datetime ?? '',
    found: fates.length,
    submitted: count('submitted'),
    known: count('known'),
    filtered: fates.flatMap((fate) =>
      fate.kind === 'filtered' ? { id: fate.id, reason: fate.reason } : [],
    ),
    more,
  }
  const failed = fates.filter((fate) => fate.kind === 'failed')
  const level = failed.length > 0 ? 'error' : more ? 'warn' : 'info'
  const failures = failed.map(({ id, reason }) => `${id}: ${reason}`)
  services.log(level, {
    event: 'schedule',
    ...reply,
    filtered: { count: reply.filtered.length, first: reply.filtered.slice(0, MOST_NAMED) },
    failed: { count: failures.length, first: failures.slice(0, MOST_NAMED) },
  })
  if (failed.length > 0) throw notSubmitted(failures, fates.length, failed[0]?.error)
  return reply
}

async function sweepPages(
  { search, fields, wanted }: Schedule,
  services: SweepServices,
  signal: AbortSignal,
): Promise<{ fates: Fate[]; more: boolean }> {
  const { documents, stacApiUrl, fingerprints } = services
  const rules = { watch: null, wanted, fingerprints }
  const line = createLimit(AT_ONCE)
  const submit: Submit = (order, signal) => line.run(() => services.submit(order, signal), signal)
  const seen = new Set<string>()
  const fates: Fate[] = []
  let pages = 0
  for await (const { features, more } of itemPages(search, stacApiUrl, documents, signal)) {
    const fresh = features.filter((feature) => isFirst(feature, seen))
    const settle = (feature: unknown) => settleItem(feature, fields, rules, submit, signal)
    fates.push(...(await Promise.all(fresh.map(settle))))
    if (++pages === MAX_PAGES) return { fates, more }
  }
  return { fates, more: false }
}

/** Each item once, however many pages it is on. Items without an id are always reported. */
function isFirst(feature: unknown, seen: Set<string>): boolean {
  const { id, collection } = Object(feature)
  const key = JSON.stringify([collection, id])
  if (id === undefined || !seen.has(key)) return Boolean(seen.add(key))
  return false
}

async function settleItem(
  feature: unknown,
  fields: Schedule['fields'],
  rules: AdmissionRules,
  submit: Submit,
  signal: AbortSignal,
): Promise<Fate> {
  let id = 'an item without id'
  try {
    const item = readItem(feature, null)
    id = item.id
    const admission = await admit(item, rules, signal)
    if ('filtered' in admission) return { kind: 'filtered', id, reason: admission.filtered }
    const { wanted } = rules
    const ordering = { wanted, isOwn: true, known: admission.known }
    const job = await submit(orderOf({ ...fields, item: feature }, ordering), signal)
    if (job.status === 'failed') return { kind: 'filtered', id, reason: `job ${job.id} failed` }
    return { kind: job.status === 'successful' ? 'known' : 'submitted' }
  } catch (error) {
    const reason = describeError(error)
    const isItsOwn = error instanceof GreenprintError && error.code === 'item_invalid'
    return isItsOwn ? { kind: 'filtered', id, reason } : { kind: 'failed', id, reason, error }
  }
}

function notSubmitted(failures: readonly string[], found: number, cause: unknown): GreenprintError {
  const code = cause instanceof GreenprintError ? cause.code : 'store_failed'
  const message = `${failures.length} of ${found} scenes could not be submitted; the next sweep will try again.`
  return new GreenprintError(code, message, { details: failures, cause })
}
