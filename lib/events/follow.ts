// What a message only refers to is read: an object in the bucket, or a document by its address. Each item that is
// there is a notice of its own.

import { clip, GreenprintError } from '../errors.ts'
import { isJsonObject } from '../model/json.ts'
import type { Documents } from '../stac/documents.ts'
import { stacKind } from '../stac/objects.ts'
import { type Inbox, readObject } from './inbox.ts'
import { itemsOf } from './items.ts'
import type { ObjectMessage } from './message.ts'
import { filtered, type Notice, type Reference } from './notice.ts'

export interface Places {
  readonly documents: Documents
  /** null when the store of this deployment is not a bucket. */
  readonly inbox: Inbox | null
}

/**
 * Hosts that are refused are filtered out: a retry would be refused too.
 *
 * @throws {GreenprintError} `item_invalid`, `item_unreachable`, `store_failed`
 */
export async function follow(
  notice: Notice | Reference,
  places: Places,
  signal: AbortSignal,
): Promise<readonly Notice[]> {
  if (notice.kind === 'object') return followObject(notice, places, signal)
  if (notice.kind === 'address') return followAddress(notice.href, places, signal)
  return [notice]
}

async function followAddress(
  address: string,
  { documents }: Places,
  signal: AbortSignal,
): Promise<readonly Notice[]> {
  try {
    const { value, href } = await documents.json(address, {}, signal)
    return membersOf(value, clip(address, 200)) ?? [{ kind: 'item', item: value, href }]
  } catch (error) {
    if (!(error instanceof GreenprintError) || error.code !== 'host_refused') throw error
    return [filtered(`refused: ${error.message}`)]
  }
}

/** Buckets announce objects of every kind: one without a STAC item is no error. */
async function followObject(
  object: ObjectMessage,
  { inbox }: Places,
  signal: AbortSignal,
): Promise<readonly Notice[]> {
  const found = await readObject(object, inbox, signal)
  if ('filtered' in found) return [filtered(found.filtered)]
  const key = clip(object.key, 200)
  const members = membersOf(found.value, key)
  if (members !== null) return members
  if (isItem(found.value)) return [{ kind: 'item', item: found.value, href: null }]
  return [filtered(`no item: ${key} is JSON, but not a STAC item`)]
}

/** The items of a collection, ordered as they came; null for what is no collection. */
function membersOf(value: unknown, where: string): readonly Notice[] | null {
  const features = itemsOf(value)
  if (features === null) return null
  // GeoJSON's own features are no items.
  const items = features.filter((feature) => isJsonObject(feature) && 'assets' in feature)
  if (items.length === 0) {
    return [filtered(`no item: ${where} is a FeatureCollection without STAC items`)]
  }
  return items.map((item) => ({ kind: 'item', item, href: null }))
}

function isItem(value: unknown): boolean {
  return isJsonObject(value) && (stacKind(value) === 'Item' || isJsonObject(value['assets']))
}
