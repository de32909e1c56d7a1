// Alarms of every failure: messages and events that were given up, faults and throttles of functions, jobs that failed,
// sweeps that left scenes behind, and functions that nearly time out.

import { METRICS_NAMESPACE } from '../lib/metrics.ts'
import { type Functions, timeouts } from './functions.ts'
import { logFilters } from './log-filters.ts'
import type { Places } from './places.ts'

type Metric = readonly [namespace: string, name: string, statistic: 'Sum' | 'Maximum']

export function createAlarms(functions: Functions, places: Places): void {
  const { alarms, gateway } = places
  const watch = (
    name: string,
    [namespace, metricName, statistic]: Metric,
    threshold: number,
    dimensions: Record<string, $util.Input<string>> = {},
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

  for (const [name, queue] of Object.entries(places.failed)) {
    const waiting: Metric = ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum']
    watch(`Failed${name}Waiting`, waiting, 0, { QueueName: queue.nodes.queue.name })
  }
  const { id: ApiId } = gateway.nodes.api
  watch('GatewayFaults', ['AWS/ApiGateway', '5xx', 'Sum'], 0, { ApiId })
  for (const name of ['Api', 'Worker', 'Notify', 'Schedule'] as const) {
    const FunctionName = functions[name].name
    watch(`${name}Errors`, ['AWS/Lambda', 'Errors', 'Sum'], 0, { FunctionName })
    watch(`${name}Throttles`, ['AWS/Lambda', 'Throttles', 'Sum'], 0, { FunctionName })
    // Milliseconds: 90 % of the function's time-out.
    const near = timeouts[name] * 900
    watch(`${name}Duration`, ['AWS/Lambda', 'Duration', 'Maximum'], near, { FunctionName })
  }
  for (const [name, filter] of Object.entries(logFilters)) {
    // Without dimensions: one metric for each stage.
    const metric = `${$app.stage}-${name}`
    new aws.cloudwatch.LogMetricFilter(name, {
      logGroupName: logGroupOf(functions[filter.in]),
      pattern: filter.pattern,
      metricTransformation: { namespace: METRICS_NAMESPACE, name: metric, value: '1' },
    })
    watch(name, [METRICS_NAMESPACE, metric, 'Sum'], 0)
  }
}

function logGroupOf(fn: sst.aws.Function): $util.Output<string> {
  return fn.nodes.logGroup.apply((group) => group?.name ?? $output(''))
}
