// Alarms: messages in dead-letter queues, functions that fail, and functions that nearly time out.

import { type Functions, timeouts } from './functions.ts'
import type { Places } from './places.ts'

type Metric = readonly [namespace: string, name: string, statistic: 'Sum' | 'Maximum']

export function createAlarms(functions: Functions, places: Places): void {
  const { alarms, failedJobs, failedNotices } = places
  const watch = (
    name: string,
    [namespace, metricName, statistic]: Metric,
    threshold: number,
    dimensions: Record<string, $util.Input<string>>,
  ) =>
    new aws.cloudwatch.MetricAlarm(name, {
      namespace,
      metricName,
      statistic,
      dimensions,
      threshold,
      comparisonOperator: 'GreaterThanThreshold',
      period: 300,
      evaluationPeriods: 1,
      treatMissingData: 'notBreaching',
      alarmActions: [alarms.arn],
    })

  for (const [name, queue] of Object.entries({ failedJobs, failedNotices })) {
    const waiting: Metric = ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum']
    watch(`${name}Waiting`, waiting, 0, { QueueName: queue.nodes.queue.name })
  }
  for (const name of ['Api', 'Worker', 'Notify', 'Schedule'] as const) {
    const FunctionName = functions[name].name
    watch(`${name}Errors`, ['AWS/Lambda', 'Errors', 'Sum'], 0, { FunctionName })
    // Milliseconds: 90 % of the function's time-out.
    const near = timeouts[name] * 900
    watch(`${name}Duration`, ['AWS/Lambda', 'Duration', 'Maximum'], near, { FunctionName })
  }
}
