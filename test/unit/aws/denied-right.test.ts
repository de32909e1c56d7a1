// What AWS refused, read from its own sentence and from what the SDK makes of it.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { adviceOnDenied, deniedRight } from '../../../lib/aws/denied-right.ts'

const refusal = (name: string, message: string, more = {}) =>
  Object.assign(new Error(message), { name, ...more })

const who = 'User: arn:aws:sts::123456789012:assumed-role/Api/api is'

it('the right and its resource are taken from the sentence, without the account', () => {
  for (const [name, sentence, action, resource] of [
    [
      'AccessDenied',
      `${who} not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:eu-central-1:123456789012:key/0a1b because no identity-based policy allows it`,
      'kms:GenerateDataKey',
      'arn:aws:kms:eu-central-1::key/0a1b',
    ],
    [
      'AccessDeniedException',
      `${who} not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-central-1:123456789012:jobs because no`,
      'sqs:sendmessage',
      'arn:aws:sqs:eu-central-1::jobs',
    ],
    [
      'AuthorizationErrorException',
      `${who} not authorized to perform: SNS:Publish on resource: arn:aws-cn:sns:cn-north-1:123456789012:results`,
      'SNS:Publish',
      'arn:aws-cn:sns:cn-north-1::results',
    ],
    [
      'AccessDenied',
      `${who} not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::maps/a/b" because`,
      's3:PutObject',
      'arn:aws:s3:::maps/a/b',
    ],
    ['AccessDenied', 'Access Denied', null, null],
  ] as const) {
    assert.deepEqual(deniedRight(refusal(name, sentence)), { action, resource })
  }
})

it('a refusal whose words cannot be read is one by its status', () => {
  const unread = refusal('SyntaxError', 'Unexpected token', { $response: { statusCode: 403 } })
  const wrapped = new Error('outer', { cause: unread })
  assert.equal(
    adviceOnDenied(wrapped, 'sqs:SendMessage', 'the queue jobs'),
    'allow sqs:SendMessage on the queue jobs to the role of this function',
  )
})

it('wrong credentials, other faults and what is no error are no missing right', () => {
  const metadata = { $metadata: { httpStatusCode: 403 } }
  for (const error of [
    refusal('ExpiredToken', 'expired', metadata),
    refusal('SignatureDoesNotMatch', 'no', metadata),
    refusal('InvalidAccessKeyId', 'no', metadata),
    refusal('RequestTimeTooSkewed', 'no', metadata),
    refusal('NotFound', 'no', { $metadata: { httpStatusCode: 404 } }),
    'AccessDenied',
    null,
  ]) {
    assert.equal(deniedRight(error), null)
  }
})
