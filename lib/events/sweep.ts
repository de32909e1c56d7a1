// All scenes that a scheduled search finds: each becomes one job, once, however often it is found.

import type { Clock } from '../async/clock.ts'
import { timeLeft } from '../async/deadline.ts'
import { createLimit } from '../async/limit.ts'
import { nextTurn, turnIsOver } from '../async/turns.ts'
import { describeError, GreenprintError } from '../errors.ts'
import { canonicalJson } from '../ipld/canonical-json.ts'
import type { Submit } from '../jobs/submit.ts'
import type { Log } from '../log.ts'
import type { Documents } from '../stac/documents.ts'
import { readItem } from '../stac/item.ts'
import { type FoundPage, itemPages } from '../stac/search-pages.ts'
import { type AdmissionRules, admit } from './admission.ts'
import type { Backlogs, Leftover } from './backlog.ts'
import { readSchedule, type Schedule } from './schedule.ts'
import { orderOf } from './tasks.ts'

export interface SweepServices extends Pick<AdmissionRules, 'fingerprints'> {
  readonly documents: Documents
  /** The STAC API of a search that has none of its own. */
  readonly stacApiUrl: string
  readonly backlogs: Backlogs
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
  /** Whether there are more scenes than one sweep reads: the next goes on with them. */
  readonly more: boolean
  /** Sweeps in a row, with this one, that left some. */
  readonly behind: number
}

interface NotSubmitted {
  readonly id: string
  readonly reason: string
}

type Fate =
  | { readonly kind: 'submitted' | 'known' }
  | ({ readonly kind: 'filtered' } & NotSubmitted)
  | ({ readonly kind: 'failed'; readonly error: unknown } & NotSubmitted)

/** Scenes that are read and submitted at once. */
const AT_ONCE = 8
/** Scenes that the line of a sweep names, of each sort: CloudWatch cuts longer lines. */
const MOST_NAMED = 50
/** 5,000 items: a sweep must end within the time of a function. */
const MAX_PAGES = 100
/** What is left of that time when a sweep begins no further page. */
const ENDING_MS = 30_000
/** Sweeps in a row that left scenes: it does not catch up by itself. */
const TOO_OFTEN = 3
/** Searches that are remembered: of those of a month of days the oldest are given up. */
const MOST_LEFTOVERS = 30

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
  const before = await services.backlogs.get(schedule.id, signal)
  const { fates, leftovers } = await sweepPages(schedule, before.leftovers, services, signal)
  const more = leftovers.length > 0
  const behind = more ? before.behind + 1 : 0
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
    behind,
  }
  const failed = fates.filter((fate) => fate.kind === 'failed')
  const fallsBehind = behind >= TOO_OFTEN
  const level = failed.length > 0 || fallsBehind ? 'error' : more ? 'warn' : 'info'
  const failures = failed.map(({ id, reason }) => `${id}: ${reason}`)
  services.log(level, {
    event: 'schedule',
    ...reply,
    falls_behind: fallsBehind,
    filtered: { count: reply.filtered.length, first: reply.filtered.slice(0, MOST_NAMED) },
    failed: { count: failures.length, first: failures.slice(0, MOST_NAMED) },
  })
  // The backlog stays as it was: a retry sweeps the same scenes.
  if (failed.length > 0) throw notSubmitted(failures, fates.length, failed[0]?.error)
  if (more || before.behind > 0)
    await services.backlogs.put(schedule.id, { leftovers, behind }, signal)
  return reply
}

/** What earlier sweeps left, then the time of this one; a search that was not read to its end is not begun again. */
async function sweepPages(
  { search, fields, wanted }: Schedule,
  earlier: readonly Leftover[],
  services: SweepServices,
  signal: AbortSignal,
): Promise<{ fates: Fate[]; leftovers: readonly Leftover[] }> {
  const { fingerprints } = services
  const isLeft = earlier.some((each) => canonicalJson(each.search) === canonicalJson(search))
  const todo: readonly Leftover[] = isLeft ? earlier : [...earlier, { search, next: null }]
  const rules = { watch: null, wanted, fingerprints }
  const { submit } = services
  const line = createLimit(AT_ONCE)
  const seen = new Set<string>()
  const fates: Fate[] = []
  const settle = (feature: unknown) =>
    line
      .run(() => settleItem(feature, fields, rules, submit, signal), signal)
      .catch((error: unknown) => unsettled(feature, error))
  let pages = 0
  for (const [at, leftover] of todo.entries()) {
    for await (const { features, next } of pagesOf(leftover, services, signal)) {
      const fresh = features.filter((feature) => isFirst(feature, seen))
      fates.push(...(await Promise.all(fresh.map(settle))))
      if (++pages < MAX_PAGES && (timeLeft(signal) ?? Infinity) > ENDING_MS) continue
      const begun = next === null ? [] : [{ ...leftover, next }]
      return { fates, leftovers: [...begun, ...todo.slice(at + 1)].slice(-MOST_LEFTOVERS) }
    }
  }
  return { fates, leftovers: [] }
}

/** From where it was left; from its beginning where the API does not know the way on any more. */
async function* pagesOf(
  { search, next }: Leftover,
  { documents, stacApiUrl }: SweepServices,
  signal: AbortSignal,
): AsyncGenerator<FoundPage, void, void> {
  if (next !== null) {
    const pages = itemPages(search, stacApiUrl, documents, signal, next)
    const first = await pages.next().catch((error: unknown) => {
      if (error instanceof GreenprintError && error.code === 'search_failed') return null
      throw error
    })
    if (first !== null) {
      if (first.done === true) return
      yield first.value
      yield* pages
      return
    }
  }
  yield* itemPages(search, stacApiUrl, documents, signal)
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
  // An item has up to a megabyte, and others may be asking this process.
  if (turnIsOver()) await nextTurn(signal)
  const item = readItem(feature, null)
  const { id } = item
  const admission = await admit(item, rules, signal)
  if ('filtered' in admission) return { kind: 'filtered', id, reason: admission.filtered }
  const { wanted } = rules
  const ordering = { wanted, isOwn: true, known: admission.known }
  const job = await submit(orderOf({ ...fields, item: feature }, ordering), signal)
  if (job.status === 'failed') return { kind: 'filtered', id, reason: `job ${job.id} failed` }
  return { kind: job.status === 'successful' ? 'known' : 'submitted' }
}

/** Of an item that is not one, or that nothing could be done with, be it that the time was over. */
function unsettled(feature: unknown, error: unknown): Fate {
  const { id: named } = Object(feature)
  const id = typeof named === 'string' ? named : 'an item without id'
  const reason = describeError(error)
  const isItsOwn = error instanceof GreenprintError && error.code === 'item_invalid'
  return isItsOwn ? { kind: 'filtered', id, reason } : { kind: 'failed', id, reason, error }
}

function notSubmitted(failures: readonly string[], found: number, cause: unknown): GreenprintError {
  const code = cause instanceof GreenprintError ? cause.code : 'store_failed'
  const message = `${failures.length} of ${found} scenes could not be submitted; the next sweep will try again.`
  return new GreenprintError(code, message, { details: failures, cause })
}
