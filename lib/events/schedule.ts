// The event of a schedule: which scenes, of which period, computed how.

import type { Clock } from '../async/clock.ts'
import { GreenprintError } from '../errors.ts'
import { canonicalDigest } from '../ipld/canonical-json.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { SceneSearch } from '../model/request.ts'
import type { Task } from '../model/tasks.ts'
import { searchOver } from '../steps/find-scene.ts'
import { parsePeriod } from './period.ts'
import { orderOf, readTasks } from './tasks.ts'

export interface Schedule {
  /** With the time that is swept. */
  readonly search: SceneSearch
  /** What else each scene's request says, as POST /ndvi and POST /fingerprint take it. */
  readonly fields: JsonObject
  readonly wanted: readonly Task[]
  /** Hash of what it says, whatever time is swept. */
  readonly id: string
}

const DEFAULT_PERIOD = 'P1D'

/**
 * Reads `{search, period, time, …}`, by itself (EventBridge Scheduler) or as the detail of an event of EventBridge.
 * The period ends at the event's own time, so that a retry sweeps the same scenes; without one, it ends now.
 * A search with a `datetime` of its own has no period.
 *
 * @throws {GreenprintError} `invalid_request`
 */
export function readSchedule(event: unknown, clock: Clock): Schedule {
  const { payload, time } = openEvent(event)
  const { search, period, do: named, ...fields } = payload
  if (!isJsonObject(search)) {
    throw invalid('A schedule needs a search: {"search": {"collections": […], "bbox": […]}}.')
  }
  // Every request of the sweep has these fields and another item: checked here, a fault is reported once.
  const wanted = readTasks(named)
  const order = orderOf({ ...fields, search }, { wanted, isOwn: true })
  const ndvi = order.kind === 'fingerprint' ? order.next?.[0] : order
  const sought = searchOver(order.request.search ?? {}, ndvi?.request ?? {})
  const said = { fields, wanted, id: canonicalDigest({ search: { ...sought }, fields, wanted }) }
  if (sought.datetime === undefined) {
    const end = time === undefined ? clock.now() : readTime(time)
    return { ...said, search: { ...sought, datetime: span(end, period ?? DEFAULT_PERIOD) } }
  }
  if (period === undefined) return { ...said, search: sought }
  throw invalid('Give a period or a datetime in the search, not both.')
}

function openEvent(event: unknown): { payload: JsonObject; time: unknown } {
  if (!isJsonObject(event)) throw invalid('A schedule must be a JSON object with a search.')
  const { detail, time, ...payload } = event
  if (typeof event['detail-type'] !== 'string') return { payload, time }
  if (!isJsonObject(detail)) throw invalid('The scheduled event has no detail with a search in it.')
  const { time: own, ...inner } = detail
  return { payload: inner, time: own ?? time }
}

function readTime(time: unknown): number {
  const end = typeof time === 'string' ? Date.parse(time) : Number.NaN
  if (!Number.isNaN(end)) return end
  throw invalid(
    `The time ${JSON.stringify(time)?.slice(0, 60)} of the schedule is not a time: give RFC 3339, or <aws.scheduler.scheduled-time> for EventBridge Scheduler to fill in.`,
  )
}

function span(end: number, period: unknown): string {
  const write = (ms: number) => new Date(ms).toISOString()
  return `${write(end - parsePeriod(period))}/${write(end)}`
}

function invalid(message: string): GreenprintError {
  return new GreenprintError('invalid_request', message)
}
