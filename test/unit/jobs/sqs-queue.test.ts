// The SQS adapter against a stand-in on loopback: what goes over the wire, and what is said of a refusal.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { createSqsQueue } from '../../../lib/jobs/sqs-queue.ts'
import { type Arrived, type AwsAnswer, startAwsStub } from './aws-stub.ts'

// The role of the function, as Lambda gives it.
process.env['AWS_ACCESS_KEY_ID'] = 'STUBKEY'
process.env['AWS_SECRET_ACCESS_KEY'] = 'stub-secret'
const signal = new AbortController().signal
const ID = 'ab'.repeat(32)

const closing: (() => Promise<void>)[] = []
after(() => Promise.all(closing.map((stop) => stop())))

/** A queue whose URL leads to a stand-in. */
async function start(answer: (arrived: Arrived, count: number) => AwsAnswer | null) {
  const stub = await startAwsStub(answer)
  closing.push(() => stub.stop())
  const queue = createSqsQueue(`${stub.origin}/123456789012/greenprint-jobs`, 'eu-west-9')
  return { queue, arrived: stub.arrived, url: `${stub.origin}/123456789012/greenprint-jobs` }
}

const json = { 'content-type': 'application/x-amz-json-1.0' }
function sent({ body }: Arrived): AwsAnswer {
  const MD5OfMessageBody = createHash('md5').update(JSON.parse(body).MessageBody).digest('hex')
  return {
    status: 200,
    headers: json,
    body: JSON.stringify({ MessageId: 'm-1', MD5OfMessageBody }),
  }
}

describe('a message', () => {
  it('is the job’s id and nothing else, signed for the queue’s region', async () => {
    const { queue, arrived, url } = await start(sent)
    await queue.send({ id: ID }, signal)
    const [request] = arrived
    assert.ok(request)
    assert.equal(request.method, 'POST')
    assert.equal(request.headers['x-amz-target'], 'AmazonSQS.SendMessage')
    assert.equal(request.headers['content-type'], 'application/x-amz-json-1.0')
    assert.match(
      request.headers.authorization ?? '',
      /^AWS4-HMAC-SHA256 Credential=STUBKEY\/\d{8}\/eu-west-9\/sqs\/aws4_request/,
    )
    assert.deepEqual(JSON.parse(request.body), { QueueUrl: url, MessageBody: `{"id":"${ID}"}` })
  })

  it('is sent again when the service was busy', async () => {
    const { queue, arrived } = await start((request, count) =>
      count < 2 ? { status: 503, headers: json, body: '{}' } : sent(request),
    )
    await queue.send({ id: ID }, signal)
    assert.equal(arrived.length, 2)
  })

  it('that the queue has altered is not one that was sent', async () => {
    const { queue } = await start(() => ({
      status: 200,
      headers: json,
      body: JSON.stringify({ MessageId: 'm-1', MD5OfMessageBody: '0'.repeat(32) }),
    }))
    await assert.rejects(queue.send({ id: ID }, signal), { code: 'queue_failed' })
  })
})

describe('a message that goes back', () => {
  it('is made visible again after so many seconds, rounded up', async () => {
    const { queue, arrived, url } = await start(() => ({ status: 200, headers: json, body: '{}' }))
    await queue.postpone('receipt-handle', 60_001, signal)
    assert.equal(arrived[0]?.headers['x-amz-target'], 'AmazonSQS.ChangeMessageVisibility')
    assert.deepEqual(JSON.parse(arrived[0]?.body ?? ''), {
      QueueUrl: url,
      ReceiptHandle: 'receipt-handle',
      VisibilityTimeout: 61,
    })
  })
})

describe('a message that is asked for', () => {
  it('comes as Lambda hands it on, and is taken off by the receipt of its delivery', async () => {
    const body = `{"id":"${ID}"}`
    const message = {
      MessageId: 'm-1',
      ReceiptHandle: 'receipt-handle',
      Body: body,
      MD5OfBody: createHash('md5').update(body).digest('hex'),
      Attributes: { ApproximateReceiveCount: '3', AWSTraceHeader: 'Root=1-2' },
    }
    const { queue, arrived, url } = await start((_, count) => ({
      status: 200,
      headers: json,
      body: JSON.stringify(count === 1 ? { Messages: [message] } : {}),
    }))
    assert.deepEqual(await queue.receive(signal), {
      messageId: 'm-1',
      receiptHandle: 'receipt-handle',
      body,
      attributes: { ApproximateReceiveCount: '3', AWSTraceHeader: 'Root=1-2' },
    })
    assert.equal(await queue.receive(signal), null)
    await queue.remove('receipt-handle', signal)
    const asked = arrived.map(({ headers, body: text }) => [
      headers['x-amz-target'],
      JSON.parse(text),
    ])
    const receive = {
      QueueUrl: url,
      WaitTimeSeconds: 8,
      VisibilityTimeout: 120,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'AWSTraceHeader'],
    }
    assert.deepEqual(asked, [
      ['AmazonSQS.ReceiveMessage', receive],
      ['AmazonSQS.ReceiveMessage', receive],
      ['AmazonSQS.DeleteMessage', { QueueUrl: url, ReceiptHandle: 'receipt-handle' }],
    ])
  })
})

describe('a refusal', () => {
  it('names the queue without its account, and what the service said', async () => {
    const { queue } = await start(() => ({
      status: 400,
      headers: { ...json, 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
      body: JSON.stringify({
        __type: 'com.amazonaws.sqs#QueueDoesNotExist',
        message: 'The specified queue does not exist.',
      }),
    }))
    await assert.rejects(queue.send({ id: ID }, signal), (error) => {
      assert.ok(error instanceof GreenprintError)
      assert.equal(error.code, 'queue_failed')
      assert.match(
        error.message,
        /^The queue greenprint-jobs did not take the request: .*not exist/,
      )
      assert.doesNotMatch(error.message, /123456789012|stub-secret/)
      return true
    })
  })

  it('of the caller’s own is the caller’s own reason', async () => {
    const { queue, arrived } = await start(() => null)
    const reason = new Error('gone home')
    await assert.rejects(queue.send({ id: ID }, AbortSignal.abort(reason)), reason)
    assert.equal(arrived.length, 0)
    const leaving = new AbortController()
    const sending = queue.send({ id: ID }, leaving.signal)
    setTimeout(() => leaving.abort(reason), 100)
    await assert.rejects(sending, reason)
  })
})
