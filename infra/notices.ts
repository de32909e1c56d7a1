// All notices go to one queue: from our own topic, the topics of others, the bucket, and the bus.
// Plain AWS resources: the policies of SST's own subscriptions would accept any topic, bucket and bus of any account.

import type { Places } from './places.ts'
import { listed, stageRegion } from './settings.ts'

/** Without the real-time scenes of USGS; messages that are not from USGS pass. */
const filterPolicy = JSON.stringify({
  landsat_product_id: [{ suffix: '_T1' }, { suffix: '_T2' }, { exists: false }],
})

export function collectNotices({ notices, failed, inbox, bucket, bus }: Places): void {
  const others = noticeTopics()
  const rule = new aws.cloudwatch.EventRule('Notice', {
    eventBusName: bus.name,
    eventPattern: JSON.stringify({ source: [{ prefix: '' }] }),
  })
  const arns = others.map(({ arn }) => arn)
  const all = [inbox.arn, ...arns, bucket.arn, rule.arn]
  const after = {
    dependsOn: [
      letIn('Notices', notices, ['sns', 's3', 'events'], all),
      letIn('FailedSubscriptions', failed.Subscriptions, ['sns'], [inbox.arn, ...arns]),
      letIn('FailedEvents', failed.Events, ['events'], [rule.arn]),
    ],
  }

  const target = {
    rule: rule.name,
    eventBusName: bus.name,
    arn: notices.arn,
    deadLetterConfig: { arn: failed.Events.arn },
  }
  new aws.cloudwatch.EventTarget('NoticeTarget', target, after)

  const created = { events: ['s3:ObjectCreated:*'], filterPrefix: 'incoming/' }
  const queues = [{ queueArn: notices.arn, ...created }]
  new aws.s3.BucketNotification('Incoming', { bucket: bucket.name, queues }, after)

  const toQueue = {
    protocol: 'sqs',
    endpoint: notices.arn,
    filterPolicyScope: 'MessageBody',
    filterPolicy,
  }
  const kept = {
    redrivePolicy: failed.Subscriptions.arn.apply((deadLetterTargetArn) =>
      JSON.stringify({ deadLetterTargetArn }),
    ),
  }
  new aws.sns.TopicSubscription('InboxNotices', { topic: inbox.arn, ...toQueue, ...kept }, after)
  for (const { arn: topic, region, name } of others) {
    // A subscription is created in the region of its topic, and its dead letters cannot lie in another:
    // https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
    const args = { topic, region, ...toQueue, ...(region === stageRegion() ? kept : {}) }
    new aws.sns.TopicSubscription(`${name}Notices`, args, after)
  }
}

/**
 * Topics of others.
 *
 * @throws {RangeError} before anything is deployed
 */
export function noticeTopics(): { arn: string; region: string; name: string }[] {
  return listed('NOTICE_TOPICS').map((arn) => {
    const [, region, name] = /^arn:aws[\w-]*:sns:([\w-]+):\d{12}:([\w-]+)$/.exec(arn) ?? []
    if (region !== undefined && name !== undefined) return { arn, region, name }
    throw new RangeError(
      `NOTICE_TOPICS must be ARNs of SNS topics (arn:…:sns:<region>:<account>:<name>), not "${arn}".`,
    )
  })
}

function letIn(
  name: string,
  { arn, url }: sst.aws.Queue,
  services: readonly string[],
  sources: $util.Input<string>[],
) {
  const statement = {
    actions: ['sqs:SendMessage'],
    resources: [arn],
    principals: [
      { type: 'Service', identifiers: services.map((service) => `${service}.amazonaws.com`) },
    ],
    conditions: [{ test: 'ArnEquals', variable: 'aws:SourceArn', values: sources }],
  }
  const policy = aws.iam.getPolicyDocumentOutput({ statements: [statement] }).json
  return new aws.sqs.QueuePolicy(`${name}Policy`, { queueUrl: url, policy })
}
