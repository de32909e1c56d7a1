// The triggers of each function: the URL, the schedule, and the two queues.

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
      eventSourceMapping: { scalingConfig: { maximumConcurrency: count('JOBS_AT_ONCE', 5) } },
    },
  })
  notices.subscribe(functions.Notify.arn, {
    batch: { size: 10, partialResponses: true },
    transform: { eventSourceMapping: { scalingConfig: { maximumConcurrency: 2 } } },
  })
  const event = setting('SCHEDULE_EVENT')
  new sst.aws.CronV2('Sweep', {
    function: functions.Schedule.arn,
    // EventBridge Scheduler checks its format.
    schedule: (setting('SCHEDULE') ?? 'rate(1 day)') as 'rate(1 day)',
    // The scheduled time, so that a retry sweeps the same scenes.
    event: { time: '<aws.scheduler.scheduled-time>', ...JSON.parse(event ?? '{}') },
    enabled: event !== undefined,
    retries: 2,
    dlq: failed.Sweeps.arn,
  })
}
