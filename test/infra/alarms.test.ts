// An alarm for each failure, on metrics as AWS names them, that tells the topic of alarms.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { logFilters } from '../../infra/log-filters.ts'
import { deployed, itProves, shorten } from './deployed.ts'

describe('the alarms', () => {
  const alarms = () => {
    const stage = deployed('plain')
    const all = Object.values(stage.all('aws:cloudwatch/metricAlarm:MetricAlarm'))
    return all.map((alarm) => {
      assert.equal(alarm.comparisonOperator, 'GreaterThanThreshold')
      assert.deepEqual(alarm.alarmActions, [stage.proof.outputs['alarms']])
      const [[dimension, of] = ['', ''], ...more] = Object.entries(alarm.dimensions ?? {})
      assert.deepEqual(more, [])
      const metric = [alarm.namespace, alarm.metricName, dimension, alarm.statistic].join(' ')
      return [alarm.metricName, shorten(of, stage), alarm.threshold, metric] as const
    })
  }
  const named = (metric: string) =>
    Object.fromEntries(
      alarms()
        .filter(([name]) => name === metric)
        .map(([, of, threshold]) => [of, threshold]),
    )

  itProves('look at metrics as AWS names them, each by the one dimension that it has', () => {
    const own = Object.keys(logFilters).map((name) => `Greenprint test-${name}  Sum`)
    const metrics = new Set(alarms().map(([, , , metric]) => metric))
    assert.deepEqual(
      metrics,
      new Set([
        ...own,
        // Of HTTP APIs; a REST API has 5XXError by ApiName.
        'AWS/ApiGateway 5xx ApiId Sum',
        'AWS/Lambda Errors FunctionName Sum',
        'AWS/Lambda Throttles FunctionName Sum',
        'AWS/Lambda Duration FunctionName Maximum',
        'AWS/SQS ApproximateNumberOfMessagesVisible QueueName Maximum',
      ]),
    )
  })

  itProves('ring for every message that was given up', () => {
    assert.deepEqual(named('ApproximateNumberOfMessagesVisible'), {
      FailedEventsQueue: 0,
      FailedJobsQueue: 0,
      FailedNoticesQueue: 0,
      FailedSubscriptionsQueue: 0,
      FailedSweepsQueue: 0,
    })
  })

  itProves('ring for every failure of a function', () => {
    assert.deepEqual(named('Errors'), {
      ApiFunction: 0,
      NotifyFunction: 0,
      ScheduleFunction: 0,
      WorkerFunction: 0,
    })
  })

  itProves('ring for every fault that the API answers with, however it came', () => {
    // As the stand-in for AWS calls the one API that there is.
    const { apiId } = deployed('plain').one('aws:apigatewayv2/route:Route')
    assert.deepEqual(named('5xx'), { [shorten(apiId, deployed('plain'))]: 0 })
  })

  itProves('ring when a function is throttled', () => {
    assert.deepEqual(Object.keys(named('Throttles')).toSorted(), [
      'ApiFunction',
      'NotifyFunction',
      'ScheduleFunction',
      'WorkerFunction',
    ])
  })

  itProves('ring for what only the log tells, by a metric that its filter makes', () => {
    const stage = deployed('plain')
    const filters = stage.all('aws:cloudwatch/logMetricFilter:LogMetricFilter')
    const alarms = Object.values(stage.all('aws:cloudwatch/metricAlarm:MetricAlarm'))
    assert.deepEqual(Object.keys(filters).toSorted(), Object.keys(logFilters).toSorted())
    for (const [name, filter] of Object.entries(logFilters)) {
      const made = filters[name]
      assert.equal(made?.pattern, filter.pattern)
      assert.match(made?.logGroupName ?? '', new RegExp(`-${filter.in}Function-`))
      const { namespace, name: metric, value } = made?.metricTransformation ?? {}
      assert.equal(value, '1')
      const watching = alarms.filter(
        (alarm) => alarm.metricName === metric && alarm.namespace === namespace,
      )
      assert.deepEqual(
        watching.map(({ threshold }) => threshold),
        [0],
      )
    }
  })

  itProves('ring when a function took nine tenths of its time, in milliseconds', () => {
    assert.deepEqual(named('Duration'), {
      ApiFunction: 26_100,
      NotifyFunction: 54_000,
      ScheduleFunction: 270_000,
      WorkerFunction: 810_000,
    })
  })
})
