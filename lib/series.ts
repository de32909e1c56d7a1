// From a search to the NDVI of zones over time, on one page: each observation is a job of its own (lib/zones.ts), and a
// series is the list of them. Each line is a step.

import { groupStates, recentStates, submitGroups } from './jobs/series-jobs.ts'
import type { JobServices } from './jobs/submit.ts'
import type { Trust } from './model/scene.ts'
import type { Series, SeriesRecord, SeriesRequest } from './model/series.ts'
import { describeSeries, isComplete, recordOfSeries } from './steps/describe-series.ts'
import { findObservations } from './steps/find-observations.ts'
import { groupObservations } from './steps/group-observations.ts'
import { keepZones } from './steps/keep-inputs.ts'
import { type PackingServices, packSeries } from './steps/pack-series.ts'
import { publishSeries, tellPublished } from './steps/publish-series.ts'
import { seriesRows } from './steps/series-rows.ts'

/** What this page needs from outside; lib/services.ts builds it. */
export interface SeriesServices extends JobServices, PackingServices {}

export interface SeriesOrder {
  readonly request: SeriesRequest
  /** The least that is accepted. */
  readonly trust: Trust
  /** Whether the finished series is to be published. */
  readonly pin: boolean
  /** Name of the caller's token. */
  readonly by?: string
}

/** Asked again, it goes on where it is; scenes that were found since make another series of it. */
export async function startSeries(
  order: SeriesOrder,
  services: SeriesServices,
  signal: AbortSignal,
): Promise<Series> {
  const { request, trust } = order
  const found = await findObservations(request, services, signal)
  const groups = groupObservations(found.observations, request)
  const zones = await keepZones(request.zones, services, signal)
  const asked = { ...request, zones, trust }
  const record = recordOfSeries(asked, request.zones, found, groups)
  const by = order.by === undefined ? {} : { by: order.by }
  const known = await services.series.finished(record.id, signal)
  if (known !== null) {
    return order.pin
      ? publishSeries(known, by, services, signal)
      : tellPublished(known, services, signal)
  }
  const { assets, scale, mask, reduce } = request
  const wish = { zones, scale, mask, reduce, trust, ...(assets === undefined ? {} : { assets }) }
  const submitted = await submitGroups(groups, { ...wish, ...by }, services, signal)
  // Whoever asked for the publication before is not forgotten.
  const earlier = await services.series.get(record.id, signal)
  const publish = order.pin ? by : earlier?.publish
  const whole = { ...record, groups: submitted, ...(publish === undefined ? {} : { publish }) }
  await services.series.put(whole, signal)
  return followSeries(whole, services, signal)
}

/** null where there is none with this id. */
export async function recallSeries(
  id: string,
  services: SeriesServices,
  signal: AbortSignal,
): Promise<Series | null> {
  const known = await services.series.finished(id, signal)
  if (known !== null) return tellPublished(known, services, signal)
  const record = await services.series.get(id, signal)
  return record && followSeries(record, services, signal)
}

async function followSeries(
  record: SeriesRecord,
  services: SeriesServices,
  signal: AbortSignal,
): Promise<Series> {
  const { states: seen, isRemembered } = await recentStates(record.groups, services, signal)
  // What is packed is there now.
  const isStale = isRemembered && isComplete(seen)
  const states = isStale ? await groupStates(record.groups, services, signal) : seen
  const rows = seriesRows(record, states)
  const series = describeSeries(record, states, rows)
  if (!isComplete(states)) return series
  const whole = await packSeries(series, states, services, signal)
  const { publish } = record
  return publish === undefined
    ? tellPublished(whole, services, signal)
    : publishSeries(whole, publish, services, signal)
}
