// The triggers of each function: the URL, the schedule, and the two queues.

import { isJsonObject, type JsonObject } from '../lib/model/json.ts'
import type { Functions } from './functions.ts'
import type { Places } from './places.ts'
import { count, setting } from './settings.ts'

export function connectTriggers(
  functions: Functions,
  { gateway, jobs, notices, failed }: Places,
): void {
  gateway.route('$default', functions.Api.arn)
  jobs.subscribe(functions.Worker.arn, {
    batch: { size: 1, partialResponses: true },
    transform: {
      eventSourceMapping: { scalingConfig: { maximumConcurrency: count('JOBS_AT_ONCE') } },
    },
  })
  notices.subscribe(functions.Notify.arn, {
    batch: { size: 10, partialResponses: true },
    transform: { eventSourceMapping: { scalingConfig: { maximumConcurrency: 2 } } },
  })
  const event = scheduledEvent()
  new sst.aws.CronV2('Sweep', {
    function: functions.Schedule.arn,
    schedule: schedule(),
    // The scheduled time, so that a retry sweeps the same scenes.
    event: { time: '<aws.scheduler.scheduled-time>', ...event },
    enabled: event !== null,
    retries: 2,
    dlq: failed.Sweeps.arn,
  })
}

type Schedule = 'rate(1 day)' | 'cron(0 0 * * ? *)'

/**
 * When; EventBridge Scheduler looks at what is in the brackets.
 *
 * @throws {RangeError} before anything is deployed
 */
export function schedule(): Schedule {
  const text = setting('SCHEDULE') ?? 'rate(1 day)'
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the form, of which SST knows more values
  if (/^(?:rate|cron)\(.+\)$/.test(text)) return text as Schedule
  throw new RangeError(`SCHEDULE must be rate(…) or cron(…), not "${text}".`)
}

/**
 * What a sweep is asked for; null = nothing is swept.
 *
 * @throws {RangeError} before anything is deployed
 */
export function scheduledEvent(): JsonObject | null {
  const text = setting('SCHEDULE_EVENT')
  if (text === undefined) return null
  const event = parsed(text)
  if (isJsonObject(event) && isJsonObject(event['search'])) return event
  throw new RangeError(
    `SCHEDULE_EVENT must be a JSON object with a search, {"search":{"collections":["…"],"bbox":[…]}}, not "${text.slice(0, 100)}".`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
