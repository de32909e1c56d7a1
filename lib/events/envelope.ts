// Opens the event that Lambda is given, envelope in envelope, down to its messages: SQS, SNS, S3, EventBridge or none.

import { GreenprintError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { parseJsonText } from '../model/json-text.ts'
import { itemsOf } from './items.ts'
import type { Content, ReceivedMessage } from './message.ts'
import { openObjectCreated, openS3Record } from './s3-event.ts'

interface Outside {
  readonly messageId: string | null
  readonly attributes: Readonly<Record<string, string>>
  /** Whether no envelope so far is one that others can send. */
  readonly isOwn: boolean
  /** How many envelopes are open by now. */
  readonly depth: number
}

/** S3 in SNS in SQS is seven steps, a text and what it holds being two. */
const MAX_DEPTH = 10

/** Never throws, whatever the event is: a message that cannot be read is a fault of that message alone. */
export function unwrap(event: unknown): ReceivedMessage[] {
  return open(event, { messageId: null, attributes: {}, isOwn: true, depth: 0 })
}

function open(value: unknown, outside: Outside): ReceivedMessage[] {
  const deliver = (content: Content) => [{ messageId: outside.messageId, content }]
  if (outside.depth >= MAX_DEPTH)
    return deliver({ fault: `The message is wrapped in more than ${MAX_DEPTH} envelopes.` })
  const inside = { ...outside, depth: outside.depth + 1 }
  if (typeof value === 'string') return openText(value, inside)
  // As EventBridge Pipes hand over a batch: of records, or of messages.
  if (Array.isArray(value) && value.length > 0 && value.every(isJsonObject)) {
    const piped = { ...inside, isOwn: false }
    const each = (one: unknown) => (isRecord(one) ? openRecord(one, piped) : open(one, piped))
    return value.flatMap(each)
  }
  if (!isJsonObject(value)) return deliver({ fault: `Expected a JSON object, got ${name(value)}.` })
  if (Array.isArray(value['Records'])) {
    const within = { ...inside, isOwn: false }
    return value['Records'].flatMap((record: unknown) => openRecord(record, within))
  }
  const type = value['detail-type']
  if (typeof type === 'string') return openEventBridge(type, value, inside)
  if (value['Type'] === 'Notification') return openSns(value, inside)
  const members = openCollection(value, { ...inside, isOwn: false })
  if (members !== null) return members
  const ignored = whyIgnored(value)
  if (ignored !== null) return deliver({ ignored })
  return deliver({
    message: { kind: 'body', body: value, attributes: outside.attributes, isOwn: outside.isOwn },
  })
}

function isRecord(value: unknown): boolean {
  return isJsonObject(value) && ['body', 'Sns', 's3'].some((field) => field in value)
}

/** Each item for itself; null for what is no collection. */
function openCollection(value: JsonObject, outside: Outside): ReceivedMessage[] | null {
  const deliver = (content: Content) => [{ messageId: outside.messageId, content }]
  try {
    const items = itemsOf(value)
    if (items?.length === 0) return deliver({ ignored: 'An ItemCollection without items.' })
    return items?.flatMap((item) => open(item, outside)) ?? null
  } catch (error) {
    if (error instanceof GreenprintError) return deliver({ fault: error.message })
    throw error
  }
}

function openText(text: string, outside: Outside): ReceivedMessage[] {
  let value: unknown
  try {
    value = parseJsonText(text)
  } catch {
    const words = text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 60)
    const fault = `Expected JSON, got the text "${words}".`
    return [{ messageId: outside.messageId, content: { fault } }]
  }
  return open(value, outside)
}

function openRecord(record: unknown, outside: Outside): ReceivedMessage[] {
  const deliver = (content: Content) => [{ messageId: outside.messageId, content }]
  if (!isJsonObject(record))
    return deliver({ fault: `Expected a record to be a JSON object, got ${name(record)}.` })
  const { Sns, s3, body, messageId, messageAttributes } = record
  if (isJsonObject(Sns)) return openSns(Sns, outside)
  if (isJsonObject(s3)) return deliver(openS3Record(record, s3))
  if (typeof body !== 'string') {
    const keys = Object.keys(record).slice(0, 12).join(', ').slice(0, 200)
    return deliver({ fault: `A record has neither body, Sns nor s3; its fields are: ${keys}.` })
  }
  const id = typeof messageId === 'string' && messageId !== '' ? messageId : outside.messageId
  const attributes = textAttributes(messageAttributes, 'stringValue')
  return open(body, { ...outside, messageId: id, attributes })
}

function openSns({ Message, MessageAttributes }: JsonObject, outside: Outside): ReceivedMessage[] {
  const attributes = textAttributes(MessageAttributes, 'Value')
  return open(Message, { ...outside, isOwn: false, attributes })
}

function openEventBridge(
  type: string,
  { source, detail }: JsonObject,
  outside: Outside,
): ReceivedMessage[] {
  const deliver = (content: Content) => [{ messageId: outside.messageId, content }]
  if (type === 'Scheduled Event' && (!isJsonObject(detail) || Object.keys(detail).length === 0)) {
    return deliver({
      ignored: 'A scheduled event without a payload: schedules invoke the schedule function.',
    })
  }
  if (source !== 'aws.s3') return open(detail, outside)
  if (type === 'Object Created' && isJsonObject(detail)) return deliver(openObjectCreated(detail))
  return deliver({ ignored: `S3 event "${type.slice(0, 60)}": only new objects are read.` })
}

function whyIgnored({ Event, Type, TopicArn }: JsonObject): string | null {
  if (Event === 's3:TestEvent') return 'S3 test event.'
  if (Type !== 'SubscriptionConfirmation' && Type !== 'UnsubscribeConfirmation') return null
  return `${Type} of topic ${JSON.stringify(TopicArn)?.slice(0, 120)}: confirm it by its SubscribeURL.`
}

/** Attributes whose value is text: `{name: {Type, Value}}` of SNS, `{name: {dataType, stringValue}}` of SQS. */
function textAttributes(
  attributes: JsonObject[string],
  field: 'Value' | 'stringValue',
): Record<string, string> {
  const texts = Object.entries(isJsonObject(attributes) ? attributes : {}).flatMap(
    ([key, attribute]) => {
      const value = isJsonObject(attribute) ? attribute[field] : undefined
      return typeof value === 'string' ? [[key, value] as const] : []
    },
  )
  return Object.fromEntries(texts)
}

function name(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}
