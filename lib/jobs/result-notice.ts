// The notice of a finished job: its STAC item, with the attributes that subscribers filter by.

import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { Job } from './job.ts'

export interface ResultNotice {
  /** JSON. */
  readonly message: string
  readonly attributes: Readonly<Record<string, string | number>>
}

/** Where notices are published. */
export interface Topic {
  /** Resolves once the topic has accepted it. @throws {GreenprintError} `queue_failed` */
  publish(notice: ResultNotice, signal: AbortSignal): Promise<void>
}

/** SNS counts the attributes with the message: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MOST_BYTES = 262_144

/**
 * What neither SNS nor a queue behind it takes in a text, though JSON has it:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
// oxlint-disable-next-line no-control-regex -- these are what they refuse
const UNSENDABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** What a notice says about the scene that a result was made of. */
export interface NoticeSource {
  readonly collection: string | null
  /** Percent of the whole scene. */
  readonly cloudCover: number | null
}

/**
 * The notice of an item, with the attribute names of Earth Search.
 *
 * @param href address of the item, sent instead of an item that is too large
 */
export function composeNotice(
  item: JsonObject,
  href: string,
  source: NoticeSource,
  outcome: Job['outcome'],
): ResultNotice {
  const attributes = attributesOf(item, source, outcome)
  const whole = { message: sendable(item), attributes }
  return sizeOf(whole) <= MOST_BYTES ? whole : { message: JSON.stringify({ href }), attributes }
}

/** The same JSON, with such letters escaped. */
function sendable(item: JsonObject): string {
  return JSON.stringify(item).replace(
    UNSENDABLE,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function attributesOf(
  item: JsonObject,
  { collection, cloudCover }: NoticeSource,
  outcome: Job['outcome'],
): ResultNotice['attributes'] {
  const properties = isJsonObject(item['properties']) ? item['properties'] : {}
  const box = Array.isArray(item['bbox']) ? item['bbox'] : []
  const [west, south] = box
  const [east, north] = box.slice(box.length / 2)
  const named = [
    ['collection', collection],
    ['datetime', properties['datetime']],
    ['start_datetime', properties['start_datetime']],
    ['end_datetime', properties['end_datetime']],
    ['bbox.ll_lon', west],
    ['bbox.ll_lat', south],
    ['bbox.ur_lon', east],
    ['bbox.ur_lat', north],
    ['cloud_cover', cloudCover],
    ['status', outcome],
  ] as const
  // SNS rejects empty attributes.
  const present = named.flatMap(([name, value]) => {
    const clean = typeof value === 'string' ? value.toWellFormed().replace(UNSENDABLE, '') : value
    return typeof clean === 'number' || (typeof clean === 'string' && clean !== '')
      ? [[name, clean] as const]
      : []
  })
  return Object.fromEntries(present)
}

function sizeOf({ message, attributes }: ResultNotice): number {
  const parts = Object.entries(attributes).map(([name, value]) => `${name}Number${value}`)
  return Buffer.byteLength([message, ...parts].join(''))
}
