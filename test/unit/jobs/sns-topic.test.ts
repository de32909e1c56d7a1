// The SNS adapter against a stand-in on loopback: the notice on the wire, its types, and a refusal.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { createSnsTopic } from '../../../lib/jobs/sns-topic.ts'
import { type AwsAnswer, type AwsStub, startAwsStub } from './aws-stub.ts'

process.env['AWS_ACCESS_KEY_ID'] = 'STUBKEY'
process.env['AWS_SECRET_ACCESS_KEY'] = 'stub-secret'
const signal = new AbortController().signal
const ARN = 'arn:aws:sns:eu-west-9:123456789012:greenprint-results'
const xml = { 'content-type': 'text/xml' }
const published = {
  status: 200,
  headers: xml,
  body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId></PublishResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></PublishResponse>',
}

const closing: (() => Promise<void>)[] = []
after(() => Promise.all(closing.map((stop) => stop())))

/** The SDK's own variable leads its client to the stand-in. */
async function start(answer: () => AwsAnswer): Promise<AwsStub> {
  const stub = await startAwsStub(answer)
  closing.push(() => stub.stop())
  process.env['AWS_ENDPOINT_URL_SNS'] = stub.origin
  return stub
}

describe('a notice', () => {
  it('is the message with its attributes, numbers as numbers, signed for the topic’s region', async () => {
    const { arrived } = await start(() => published)
    const message = '{"id":"Solimões"}'
    const attributes = { collection: 'landsat-c2l2-sr', 'bbox.ll_lon': -60.5, status: 'created' }
    await createSnsTopic(ARN).publish({ message, attributes }, signal)
    const [request] = arrived
    assert.ok(request)
    assert.match(request.headers.authorization ?? '', /\/eu-west-9\/sns\/aws4_request/)
    const form = Object.fromEntries(new URLSearchParams(request.body))
    assert.deepEqual(form, {
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: ARN,
      Message: message,
      'MessageAttributes.entry.1.Name': 'collection',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'landsat-c2l2-sr',
      'MessageAttributes.entry.2.Name': 'bbox.ll_lon',
      'MessageAttributes.entry.2.Value.DataType': 'Number',
      'MessageAttributes.entry.2.Value.StringValue': '-60.5',
      'MessageAttributes.entry.3.Name': 'status',
      'MessageAttributes.entry.3.Value.DataType': 'String',
      'MessageAttributes.entry.3.Value.StringValue': 'created',
    })
  })

  it('that is refused says so, with the topic’s name and no account', async () => {
    await start(() => ({
      status: 404,
      headers: xml,
      body: '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>',
    }))
    const topic = createSnsTopic(ARN)
    await assert.rejects(topic.publish({ message: '{}', attributes: {} }, signal), (error) => {
      assert.ok(error instanceof GreenprintError)
      assert.equal(error.code, 'queue_failed')
      assert.equal(
        error.message,
        'The topic greenprint-results did not accept the notice: Topic does not exist.',
      )
      return true
    })
  })
})
