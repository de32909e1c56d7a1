// The jobs of a series: one for each group, submitted together, and what has become of each.

import { createLimit } from '../async/limit.ts'
import { GreenprintError } from '../errors.ts'
import { perObject } from '../model/per-object.ts'
import { remember } from '../model/remember.ts'
import type { Trust } from '../model/scene.ts'
import type { SeriesGroup, SeriesProblem } from '../model/series.ts'
import type { ZonesOrder, ZonesRequest } from '../model/zones.ts'
import { recall } from '../publish/publish-result.ts'
import type { ObservationGroup } from '../steps/group-observations.ts'
import { keepItems } from '../steps/keep-inputs.ts'
import type { GroupState } from '../steps/series-rows.ts'
import { isPassing } from './faults.ts'
import { isAbandoned, type Job } from './job.ts'
import type { Jobs } from './job-store.ts'
import { type JobServices, submitJob } from './submit.ts'

/** Records that are read or written at once. */
const AT_ONCE = 16

/** How each group is counted. */
export interface GroupWish extends Omit<ZonesRequest, 'items' | 'reduce'> {
  readonly reduce: NonNullable<ZonesRequest['reduce']>
  readonly trust: Trust
  readonly by?: string
}

/**
 * Makes sure that each group is, or will be, counted. A group of which no job can be made has its problem instead.
 *
 * @throws {GreenprintError} `store_failed`, `queue_failed`, `invalid_configuration` without a queue
 */
export function submitGroups(
  groups: readonly ObservationGroup[],
  wish: GroupWish,
  services: JobServices,
  signal: AbortSignal,
): Promise<SeriesGroup[]> {
  const withoutScene = ({ group, observations }: ObservationGroup): SeriesGroup | null =>
    observations.length === 0 ? { ...group, job: null } : null
  return together(groups, withoutScene, signal, async ({ group, observations }) => {
    try {
      const order = await orderOf(observations, wish, services, signal)
      const { id, trust } = await submitJob(order, services, signal)
      return { ...group, job: id, ...(trust === undefined ? {} : { trust }) }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof GreenprintError) || isPassing(error)) throw error
      return { ...group, job: null, problem: { code: error.code, detail: error.message } }
    }
  })
}

async function orderOf(
  observations: ObservationGroup['observations'],
  { reduce, trust, by, ...asked }: GroupWish,
  services: JobServices,
  signal: AbortSignal,
): Promise<ZonesOrder> {
  const sources = observations.map(({ scenes }) => scenes.map(({ item }) => item.source))
  const items = await keepItems(sources, services, signal)
  return {
    kind: 'zones',
    request: { ...asked, items, reduce: observations.length > 1 ? reduce : null },
    pin: false,
    trust,
    ...(by === undefined ? {} : { by }),
    resolved: { href: null, chosen: 'Found for a series.' },
  }
}

/** What has become of each group until now. */
export function groupStates(
  groups: readonly SeriesGroup[],
  services: JobServices,
  signal: AbortSignal,
): Promise<GroupState[]> {
  return together(groups, settledState, signal, (group) => stateOf(group, services, signal))
}

/** The same while a series runs, which is asked for every few seconds: what was counted a while ago is still. */
export async function recentStates(
  groups: readonly SeriesGroup[],
  services: JobServices,
  signal: AbortSignal,
): Promise<{ readonly states: GroupState[]; readonly isRemembered: boolean }> {
  const counted = countedOf(services.jobs)
  let isRemembered = false
  const states = await together(groups, settledState, signal, async (group) => {
    const key = group.job ?? ''
    const before = counted.get(key)
    if (before !== undefined && services.clock.now() < before.until) {
      isRemembered = true
      return before.state
    }
    const state = await stateOf(group, services, signal)
    if (state.status === 'done' && state.result.rows.length <= MOST_COUNTED_ROWS) {
      const until = services.clock.now() + COUNTED_MS
      remember(counted, key, { state, until }, MOST_COUNTED)
    }
    return state
  })
  return { states, isRemembered }
}

/** Groups that are remembered, of few zones each: some tens of megabytes at the most. */
const MOST_COUNTED = 2_000
const MOST_COUNTED_ROWS = 64
const COUNTED_MS = 10 * 60_000

/** By the id of their job. */
const countedOf = perObject<Jobs, [], Map<string, Counted>>(() => new Map())

interface Counted {
  readonly state: GroupState
  readonly until: number
}

/** Of a group without a job. */
function settledState({ job, problem }: SeriesGroup): GroupState | null {
  if (problem !== undefined) return { status: 'failed', problem, passes: false }
  return job === null ? { status: 'empty' } : null
}

async function stateOf(
  { job: id }: SeriesGroup,
  services: JobServices,
  signal: AbortSignal,
): Promise<GroupState> {
  const job = id === null ? null : await services.jobs.get(id, signal)
  if (job === null) return failedBy(lost)
  if (isAbandoned(job, services.clock.now())) return failedBy(abandoned)
  if (job.status === 'failed') return failedBy(job.reason ?? lost)
  if (job.status === 'dismissed') return failedBy(dismissed)
  if (job.status !== 'successful' || job.result === null) return { status: 'waiting' }
  const result = await recall(job.result, { pin: false }, services.zonesResults, services, signal)
  return result === null ? failedBy(lost) : { status: 'done', result }
}

const lost = {
  code: 'store_failed',
  message: 'What was counted is not kept any more. Send the request again.',
} as const

const dismissed = {
  code: 'deadline_exceeded',
  message: 'The job was ended by who asked for it. Send the request again.',
} as const

const abandoned = {
  code: 'deadline_exceeded',
  message: 'The job was started too often, or never. Send the request again.',
} as const

function failedBy({
  code,
  message,
}: Pick<NonNullable<Job['reason']>, 'code' | 'message'>): GroupState {
  const problem: SeriesProblem = { code, detail: message }
  const passes = code === 'internal' || isPassing(new GreenprintError(code, message))
  return { status: 'failed', problem, passes }
}

/** @param settled what is known of an input without waiting: thousands of intervals may be without a scene */
async function together<In, Out>(
  inputs: readonly In[],
  settled: (input: In) => Out | null,
  signal: AbortSignal,
  run: (input: In) => Promise<Out>,
): Promise<Out[]> {
  const limit = createLimit(AT_ONCE)
  return Promise.all(
    inputs.map(async (input) => settled(input) ?? limit.run(() => run(input), signal)),
  )
}
