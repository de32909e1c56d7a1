// What surrounds the functions: the bucket, the alarms, the outputs, and what `sst remove` may do.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { type Deployed, deployed, itProves, shorten, statements } from './deployed.ts'
import { everything } from './settings.ts'

describe('the bucket', () => {
  itProves('refuses whoever comes without TLS, and allows nobody anything', () => {
    const { policy } = deployed('plain').one('aws:s3/bucketPolicy:BucketPolicy')
    const [statement, ...others] = statements(policy)
    assert.deepEqual(others, [])
    assert.deepEqual([statement?.effect, statement?.actions], ['Deny', ['s3:*']])
    const condition = { test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }
    assert.deepEqual(statement?.conditions, [condition])
  })

  itProves('is encrypted by the operator’s own key where one is named', () => {
    const kind =
      'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration'
    assert.deepEqual(deployed('plain').all(kind), {})
    const { rules } = deployed('full').one(kind)
    const named = { sseAlgorithm: 'aws:kms', kmsMasterKeyId: everything.KMS_KEY_ARN }
    const rule = { applyServerSideEncryptionByDefault: named, bucketKeyEnabled: true }
    assert.deepEqual(rules, [rule])
  })

  itProves('cannot be made public', () => {
    const { bucket: _bucket, ...block } = deployed('plain').one(
      'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
    )
    assert.deepEqual(block, {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    })
  })

  itProves(
    'forgets records after 30 days, their blocks a day later, and nothing that is published',
    () => {
      const { rules } = deployed('plain').one(
        'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
      )
      assert.ok(rules.every(({ status }) => status === 'Enabled'))
      const days = rules.map(({ filter, expiration }) => [filter.prefix, expiration?.days])
      assert.deepEqual(days, [
        ['incoming/', 7],
        ['blocks/', 31],
        ['read/', 7],
        ['visitors/', 7],
        ['files/', 31],
        ['results/', 30],
        ['publications/', 30],
        ['beside/', 30],
        ['catalogue/', 30],
        ['sweeps/', 60],
        ['jobs/', 30],
        ['series/', 31],
        ['composites/', 7],
        ['', undefined],
      ])
      assert.deepEqual(rules.at(-1)?.abortIncompleteMultipartUpload, { daysAfterInitiation: 1 })
    },
  )
})

describe('a page that is redirected to the bucket', () => {
  itProves('reads there whole and in ranges, of whatever origin it is, and writes nothing', () => {
    const { corsRules } = deployed('plain').one(
      'aws:s3/bucketCorsConfiguration:BucketCorsConfiguration',
    )
    const rule = {
      allowedOrigins: ['*'],
      allowedMethods: ['GET', 'HEAD'],
      allowedHeaders: ['*'],
      exposeHeaders: ['Accept-Ranges', 'Content-Length', 'Content-Range', 'ETag'],
      maxAgeSeconds: 86_400,
    }
    assert.deepEqual(corsRules, [rule])
  })
})

describe('the dashboard', () => {
  itProves('shows the functions of this stage, and its sources by operator', () => {
    const stage = deployed('plain')
    const { dashboardName, dashboardBody } = stage.one('aws:cloudwatch/dashboard:Dashboard')
    assert.match(dashboardName, /^[\w-]+$/)
    const { widgets } = JSON.parse(dashboardBody)
    assert.ok(widgets.length >= 10)
    for (const { properties } of widgets) {
      assert.equal(properties.region, 'us-west-2')
      assert.ok(properties.title.length > 0 && properties.metrics.length > 0)
    }
    assert.match(dashboardBody, /greenprint-test-ApiFunction-/)
    assert.match(dashboardBody, /greenprint-test-WorkerFunction-/)
    assert.match(dashboardBody, /Operator/)
  })
})

describe('what it may cost', () => {
  itProves('is watched where the operator names a budget, and told to the topic of alarms', () => {
    assert.deepEqual(deployed('plain').all('aws:budgets/budget:Budget'), {})
    const stage = deployed('full')
    const { limitAmount, notifications } = stage.one('aws:budgets/budget:Budget')
    assert.equal(limitAmount, '50')
    for (const { subscriberSnsTopicArns } of notifications) {
      assert.deepEqual(subscriberSnsTopicArns, [stage.proof.outputs['alarms']])
    }
    const { policy } = stage.one('aws:sns/topicPolicy:TopicPolicy', 'AlarmsPolicy')
    assert.match(policy, /budgets\.amazonaws\.com.*cloudwatch\.amazonaws\.com/)
  })

  itProves('takes no concurrency from the account unless the operator says so', () => {
    const reserved = (stage: Deployed) => stage.lambda('Api').reservedConcurrentExecutions
    assert.deepEqual([reserved(deployed('plain')), reserved(deployed('full'))], [undefined, 20])
  })
})

describe('what cannot be delivered', () => {
  itProves('waits in a queue of its way in: subscriptions, the bus, and the schedule', () => {
    const stage = deployed('full')
    const { InboxNotices, ...others } = stage.all('aws:sns/topicSubscription:TopicSubscription')
    const { deadLetterTargetArn } = JSON.parse(InboxNotices?.redrivePolicy ?? '{}')
    assert.equal(shorten(deadLetterTargetArn, stage), 'FailedSubscriptionsQueue')
    // SNS refuses a queue of another region, and these topics are of us-west-2.
    assert.match(deadLetterTargetArn, /^arn:aws:sqs:eu-central-1:/)
    assert.equal(Object.keys(others).length, 2)
    for (const { redrivePolicy } of Object.values(others)) assert.equal(redrivePolicy, undefined)
    const { deadLetterConfig } = stage.one('aws:cloudwatch/eventTarget:EventTarget')
    assert.equal(shorten(deadLetterConfig.arn, stage), 'FailedEventsQueue')
    const { target } = stage.one('aws:scheduler/schedule:Schedule')
    assert.equal(shorten(target.deadLetterConfig.arn, stage), 'FailedSweepsQueue')
  })

  itProves('is let into it by those who send it alone', () => {
    const stage = deployed('plain')
    const sendersOf = (name: string) => {
      const { policy } = stage.one('aws:sqs/queuePolicy:QueuePolicy', name)
      const [statement] = statements(policy)
      return JSON.stringify([statement?.principals, statement?.conditions])
    }
    assert.match(sendersOf('FailedSubscriptionsPolicy'), /sns\.amazonaws\.com.*InboxTopic/)
    assert.match(sendersOf('FailedEventsPolicy'), /events\.amazonaws\.com.*rule/)
  })
})

describe('the stage', () => {
  itProves('tells its address, its bucket, its topics and its bus', () => {
    const { url, bucket, results, inbox, events, alarms } = deployed('plain').proof.outputs
    assert.equal(url, 'https://api.execute-api.us-west-2.amazonaws.com')
    assert.match(String(bucket), /^greenprint-test-storebucket-[a-z]+$/)
    assert.match(String(results), /^arn:aws:sns:us-west-2:\d+:greenprint-test-ResultsTopic-/)
    assert.match(String(inbox), /:greenprint-test-InboxTopic-/)
    assert.match(String(events), /:event-bus\/greenprint-test-EventsBus-/)
    assert.match(String(alarms), /:greenprint-test-AlarmsTopic-/)
  })

  itProves('lies in the region that the operator’s shell names', () => {
    assert.match(String(deployed('full').proof.outputs['results']), /^arn:aws:sns:eu-central-1:/)
  })
})
