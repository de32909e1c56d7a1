// What starts the functions: the URL, the schedule, the notices of many, and the queue of jobs.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { type Deployed, deployed, itProves, shorten, statements } from './deployed.ts'
import { everything } from './settings.ts'

/** Name of the function that the handler behind this ARN is. */
const functionOf = (arn: string) => /greenprint-test-(\w+)Function-/.exec(arn)?.[1]

describe('the URL', () => {
  itProves('leads every path to one function, in payload format 2.0', () => {
    const stage = deployed('plain')
    assert.equal(stage.one('aws:apigatewayv2/route:Route').routeKey, '$default')
    const integration = stage.one('aws:apigatewayv2/integration:Integration')
    assert.equal(functionOf(integration.integrationUri), 'Api')
    assert.equal(integration.payloadFormatVersion, '2.0')
  })

  itProves('lets API Gateway alone call the function', () => {
    const { principal, sourceArn } = deployed('plain').one('aws:lambda/permission:Permission')
    assert.equal(principal, 'apigateway.amazonaws.com')
    assert.match(sourceArn, /^arn:aws:execute-api:us-west-2:123456789012:api\/\*$/)
  })

  itProves('is throttled', () => {
    const { defaultRouteSettings } = deployed('plain').one('aws:apigatewayv2/stage:Stage')
    const limits = { throttlingBurstLimit: 40, throttlingRateLimit: 10 }
    assert.deepEqual(defaultRouteSettings, limits)
  })

  itProves('answers pages of any origin, with the headers that they ask by and look at', () => {
    const { corsConfiguration } = deployed('plain').one('aws:apigatewayv2/api:Api')
    assert.deepEqual(corsConfiguration, {
      allowOrigins: ['*'],
      allowMethods: ['GET', 'HEAD', 'POST', 'DELETE'],
      allowHeaders: [
        'accept',
        'authorization',
        'cache-control',
        'content-type',
        'prefer',
        'range',
        'traceparent',
      ],
      exposeHeaders: [
        'content-range',
        'etag',
        'link',
        'location',
        'retry-after',
        'server-timing',
        'x-request-id',
      ],
      maxAge: 86_400,
    })
  })
})

describe('the schedule', () => {
  itProves('hands the operator’s search to its function, with the time that was planned', () => {
    const { scheduleExpression, state, target } = deployed('full').one(
      'aws:scheduler/schedule:Schedule',
    )
    assert.deepEqual([scheduleExpression, state], ['rate(6 hours)', 'ENABLED'])
    assert.equal(functionOf(target.arn), 'Schedule')
    assert.equal(target.retryPolicy.maximumRetryAttempts, 2)
    const { search } = JSON.parse(everything.SCHEDULE_EVENT)
    assert.deepEqual(JSON.parse(target.input), { time: '<aws.scheduler.scheduled-time>', search })
  })

  itProves('rests where no search is given', () => {
    assert.equal(deployed('plain').one('aws:scheduler/schedule:Schedule').state, 'DISABLED')
  })
})

describe('the queues', () => {
  const queue = (stage: Deployed, name: string) => stage.one('aws:sqs/queue:Queue', `${name}Queue`)

  for (const [name, handler, batchSize] of [
    ['Jobs', 'Worker', 1],
    ['Notices', 'Notify', 10],
  ] as const) {
    itProves(`of ${name} feeds ${handler}, whose failures go back one by one`, () => {
      const mappings = Object.values(
        deployed('plain').all('aws:lambda/eventSourceMapping:EventSourceMapping'),
      )
      const mapping = mappings.find(({ functionName }) => functionOf(functionName) === handler)
      assert.ok(mapping)
      assert.equal(shorten(mapping.eventSourceArn, deployed('plain')), `${name}Queue`)
      assert.equal(mapping.batchSize, batchSize)
      // Of a new account's 10 there is room left for the API.
      assert.deepEqual(mapping.scalingConfig, { maximumConcurrency: name === 'Jobs' ? 5 : 2 })
      assert.deepEqual(mapping.functionResponseTypes, ['ReportBatchItemFailures'])
    })

    itProves(`of ${name} hides a message six times as long as ${handler} may take`, () => {
      const stage = deployed('plain')
      const { visibilityTimeoutSeconds } = queue(stage, name)
      assert.equal(visibilityTimeoutSeconds, 6 * stage.lambda(handler).timeout)
    })

    itProves(`of ${name} gives up after five deliveries, and keeps that for two weeks`, () => {
      const stage = deployed('plain')
      const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(
        queue(stage, name).redrivePolicy ?? '{}',
      )
      assert.equal(shorten(deadLetterTargetArn, stage), `Failed${name}Queue`)
      assert.equal(maxReceiveCount, 5)
      assert.equal(queue(stage, `Failed${name}`).messageRetentionSeconds, 14 * 24 * 3600)
    })
  }
})

describe('notices', () => {
  const subscriptions = (stage: Deployed) =>
    Object.values(stage.all('aws:sns/topicSubscription:TopicSubscription'))

  itProves('come from the own topic, and from those of others in the region of each', () => {
    const stage = deployed('full')
    const found = subscriptions(stage).map(({ topic, region, protocol, endpoint }) => {
      assert.deepEqual([protocol, shorten(endpoint, stage)], ['sqs', 'NoticesQueue'])
      return [shorten(topic, stage), region]
    })
    assert.deepEqual(Object.fromEntries(found), {
      InboxTopic: undefined,
      'arn:aws:sns:us-west-2:608149789419:cirrus-es-prod-publish': 'us-west-2',
      'arn:aws:sns:us-west-2:673253540267:public-c2-notify-v2': 'us-west-2',
    })
    assert.equal(subscriptions(deployed('plain')).length, 1)
  })

  itProves(
    'of USGS count only where the scene is final; what names no scene of USGS passes',
    () => {
      for (const { filterPolicyScope, filterPolicy } of subscriptions(deployed('full'))) {
        assert.equal(filterPolicyScope, 'MessageBody')
        const landsat_product_id = [{ suffix: '_T1' }, { suffix: '_T2' }, { exists: false }]
        assert.deepEqual(JSON.parse(filterPolicy), { landsat_product_id })
      }
    },
  )

  itProves('come from items put under incoming/, and from all events of the own bus', () => {
    const stage = deployed('plain')
    const { queues } = stage.one('aws:s3/bucketNotification:BucketNotification')
    const { arn, rule } = stage.one('aws:cloudwatch/eventTarget:EventTarget')
    const events = ['s3:ObjectCreated:*']
    assert.deepEqual(queues, [{ queueArn: arn, events, filterPrefix: 'incoming/' }])
    assert.equal(shorten(arn, stage), 'NoticesQueue')
    assert.equal(rule, 'Notice')
    const { eventPattern } = stage.one('aws:cloudwatch/eventRule:EventRule')
    assert.deepEqual(JSON.parse(eventPattern), { source: [{ prefix: '' }] })
  })

  itProves('of anybody else are kept out of the queue', () => {
    const stage = deployed('full')
    const { policy } = stage.one('aws:sqs/queuePolicy:QueuePolicy', 'NoticesPolicy')
    const [statement, ...others] = statements(policy)
    assert.deepEqual(others, [])
    assert.deepEqual(statement?.actions, ['sqs:SendMessage'])
    const values = [
      stage.proof.outputs['inbox'],
      'arn:aws:sns:us-west-2:673253540267:public-c2-notify-v2',
      'arn:aws:sns:us-west-2:608149789419:cirrus-es-prod-publish',
      `arn:aws:s3:::${String(stage.proof.outputs['bucket'])}`,
      'arn:aws:events:eu-central-1:123456789012:rule/Notice',
    ]
    const condition = { test: 'ArnEquals', variable: 'aws:SourceArn', values }
    assert.deepEqual(statement?.conditions, [condition])
  })
})
