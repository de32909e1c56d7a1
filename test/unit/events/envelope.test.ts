// Every envelope that the field uses, opened down to its messages.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unwrap } from '../../../lib/events/envelope.ts'
import type { Content, ReceivedMessage } from '../../../lib/events/message.ts'
import { batch, eventOf } from './notice-context.ts'

const QUEUED = '059f36b4-87a3-44ab-83d2-661975830a7d'
const QUEUED_TOO = '2e1424d4-f796-459a-8184-9c92662be6da'

const level1 = body(eventOf('body-usgs-level-1'))
const level2 = body(eventOf('body-usgs-level-2'))
const happyFace = object('incoming/Happy Face+1.json', 'version')
const item = object('incoming/item.json')

function body(
  value: unknown,
  attributes: Readonly<Record<string, string>> = {},
  isOwn = false,
): Content {
  return { message: { kind: 'body', body: value, attributes, isOwn } }
}

function object(key: string, version: string | null = null): Content {
  return { message: { kind: 'object', bucket: 'sourcebucket', key, version } }
}

function delivery(content: Content, messageId: string | null = null): ReceivedMessage {
  return { messageId, content }
}

const rows: readonly (readonly [file: string, deliveries: readonly ReceivedMessage[]])[] = [
  ['sns-to-lambda', [delivery(level1)]],
  ['sns-to-sqs', [delivery(level1, QUEUED), delivery(level2, QUEUED_TOO)]],
  [
    'sns-to-sqs-raw',
    [
      delivery(
        body(eventOf('body-usgs-level-1'), { collection: 'landsat-c2l1', status: 'created' }),
        QUEUED,
      ),
    ],
  ],
  ['s3', [delivery(happyFace)]],
  ['s3-in-sns', [delivery(happyFace)]],
  ['s3-in-sqs', [delivery(happyFace, QUEUED)]],
  ['s3-in-sns-in-sqs', [delivery(happyFace, QUEUED)]],
  ['eventbridge-s3', [delivery(item)]],
  ['eventbridge-s3-in-sqs', [delivery(item, QUEUED)]],
  ['body-usgs-level-1', [delivery(body(eventOf('body-usgs-level-1'), {}, true))]],
  ['body-request', [delivery(body(eventOf('body-request'), {}, true))]],
]

describe('messages come out of', () => {
  for (const [file, deliveries] of rows) {
    it(file, () => {
      assert.deepEqual(unwrap(eventOf(file)), deliveries)
    })
  }
})

const ignored: readonly (readonly [file: string, messageId: string | null, reason: RegExp])[] = [
  ['s3-test-in-sqs', QUEUED, /S3 test event/],
  ['s3-removed', null, /ObjectRemoved:Delete: only new objects/],
  ['eventbridge-scheduled', null, /schedules invoke the schedule function/],
  ['sns-confirmation-in-sqs', QUEUED, /SubscriptionConfirmation of topic "arn:aws:sns:us-west-2/],
]

describe('for nobody is', () => {
  for (const [file, messageId, reason] of ignored) {
    it(file, () => {
      const [only, ...others] = unwrap(eventOf(file))
      assert.deepEqual(others, [])
      assert.equal(only?.messageId, messageId)
      assert.ok(only !== undefined && 'ignored' in only.content)
      assert.match(only.content.ignored, reason)
    })
  }
})

it('the attributes of SNS and of SQS come with the message', () => {
  const text = { Type: 'Notification', Message: '{}' }
  const wrapped = batch({ ...text, MessageAttributes: { action: { Type: 'String', Value: 'a' } } })
  assert.deepEqual(unwrap(wrapped), [delivery(body({}, { action: 'a' }), 'm0')])
})

it('a detail of EventBridge that is not of S3 is a message', () => {
  const event = { 'detail-type': 'Scene', source: 'my.app', detail: { href: 'https://a.example' } }
  assert.deepEqual(unwrap(event), [delivery(body({ href: 'https://a.example' }, {}, true))])
})

it('an event of no records has no messages', () => {
  assert.deepEqual(unwrap({ Records: [] }), [])
})

const record = (fields: object) => ({ Records: [fields] })
const s3 = (fields: object) => record({ eventName: 'ObjectCreated:Put', s3: fields })
const faults: readonly (readonly [name: string, event: unknown, fault: RegExp])[] = [
  ['text that is not JSON', batch('Hello from SNS!'), /got the text "Hello from SNS!"/],
  ['JSON that is no object', batch('17'), /got a number/],
  ['a list', batch([1, 2]), /got an array/],
  ['nothing', null, /got nothing/],
  ['a record of nothing', { Records: [null] }, /record to be a JSON object, got nothing/],
  [
    'a record of another service',
    record({ kinesis: {} }),
    /neither body, Sns nor s3; its fields are: kinesis/,
  ],
  ['SNS without a message', record({ Sns: {} }), /got nothing/],
  ['a key that is not URL-encoded', s3({ object: { key: '100%.json' } }), /not URL-encoded/],
  ['an object without a key', s3({ bucket: { name: 'b' } }), /no object key/],
  ['an object without a bucket', s3({ object: { key: 'a.json' } }), /no bucket/],
  [
    'an object of EventBridge without a key',
    { 'detail-type': 'Object Created', source: 'aws.s3', detail: {} },
    /no bucket name or no object key/,
  ],
  ['envelopes without end', nest(30), /more than 10 envelopes/],
]

function nest(times: number): unknown {
  let value: unknown = {}
  for (let i = 0; i < times; i++) value = { 'detail-type': 'Box', detail: value }
  return value
}

describe('a fault of its own message is', () => {
  for (const [name, event, fault] of faults) {
    it(name, () => {
      const [only, ...others] = unwrap(event)
      assert.deepEqual(others, [])
      assert.ok(only !== undefined && 'fault' in only.content, JSON.stringify(only))
      assert.match(only.content.fault, fault)
    })
  }
})

describe('many at once', () => {
  const one = eventOf('body-usgs-level-1')
  const other = eventOf('body-usgs-level-2')

  it('in a batch of EventBridge Pipes, of messages or of records, are each a message', () => {
    assert.deepEqual(unwrap([one, other]), [delivery(level1), delivery(level2)])
    const { Records } = batch(one, other)
    assert.deepEqual(unwrap(Records), [delivery(level1, 'm0'), delivery(level2, 'm1')])
  })

  it('in an ItemCollection, or a payload of Cirrus, are each an item, of the message that they came in', () => {
    const items = ['a', 'b'].map((id) => ({ type: 'Feature', id, assets: {} }))
    const collection = { type: 'FeatureCollection', features: items, process: { workflow: 'w' } }
    const [a, b] = items.map((item) => body(item))
    assert.ok(a && b)
    assert.deepEqual(unwrap(collection), [delivery(a), delivery(b)])
    assert.deepEqual(unwrap(batch(collection)), [delivery(a, 'm0'), delivery(b, 'm0')])
  })

  it('are none of an empty collection, and too many for one message beyond 500', () => {
    const collection = (count: number) => ({
      type: 'FeatureCollection',
      features: Array.from({ length: count }, () => ({ type: 'Feature', assets: {} })),
    })
    const ignored = { ignored: 'An ItemCollection without items.' }
    assert.deepEqual(unwrap(batch(collection(0))), [delivery(ignored, 'm0')])
    assert.equal(unwrap(collection(500)).length, 500)
    const fault = 'The ItemCollection has 501 items; a notice may have at most 500: send several.'
    assert.deepEqual(unwrap(batch(collection(501))), [delivery({ fault }, 'm0')])
  })
})
