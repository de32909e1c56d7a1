// From a notice to the order that it leads to, or to the reason why it is filtered out.

import { GreenprintError } from '../errors.ts'
import type { WatchedArea } from '../geo/watch-area.ts'
import { isJsonObject } from '../model/json.ts'
import type { NdviOrder } from '../model/request.ts'
import { readNdviBody } from '../request/read.ts'
import type { Documents } from '../stac/documents.ts'
import { readItem } from '../stac/item.ts'
import { stacKind } from '../stac/objects.ts'
import { whyNot } from './admission.ts'
import { findProduct } from './catalogue.ts'
import { type Inbox, readObject } from './inbox.ts'
import type { Notice } from './notice.ts'

export interface NoticeContext {
  readonly documents: Documents
  /** STAC API of items with CIDs; null = none. */
  readonly catalogUrl: string | null
  /** null = everywhere */
  readonly watch: readonly WatchedArea[] | null
  /** null when the store of this deployment is not a bucket. */
  readonly inbox: Inbox | null
}

/** `scene` is the item's id where it is known. */
export type Decision = { readonly scene: string | null } & (
  | { readonly order: NdviOrder }
  | { readonly filtered: string }
)

/**
 * Items that came by address are ordered by it, all others as they came. Hosts that are refused are filtered out: a
 * retry would be refused too.
 *
 * @throws {GreenprintError} `invalid_request`, `item_invalid`, `item_unreachable`, `store_failed`
 */
export async function decide(
  notice: Notice,
  context: NoticeContext,
  signal: AbortSignal,
): Promise<Decision> {
  try {
    return await consider(notice, context, signal)
  } catch (error) {
    if (!(error instanceof GreenprintError) || error.code !== 'host_refused') throw error
    return { scene: null, filtered: `refused: ${error.message}` }
  }
}

async function consider(
  notice: Notice,
  context: NoticeContext,
  signal: AbortSignal,
): Promise<Decision> {
  const { documents, catalogUrl, inbox, watch } = context
  switch (notice.kind) {
    case 'filtered':
      return { scene: null, filtered: notice.reason }
    case 'request':
      return { scene: null, order: asPublished(notice.body) }
    case 'item':
      return judge(notice.item, null, watch)
    case 'address': {
      const { value, href } = await documents.json(notice.href, {}, signal)
      return judge(value, href, watch)
    }
    case 'product': {
      const found = await findProduct(notice.product, catalogUrl, documents, signal)
      if (found !== null) return judge(found.value, found.href, watch)
      const { id } = notice.product
      return {
        scene: id,
        filtered: `no item: no catalogue has ${id} yet; the next schedule may find it`,
      }
    }
    case 'object': {
      const found = await readObject(notice, inbox, signal)
      if ('filtered' in found) return { scene: null, ...found }
      return judgeObject(found.value, notice.key, watch)
    }
    default:
      return notice satisfies never
  }
}

/** Buckets announce objects of every kind: one that is not a STAC item is no error. */
function judgeObject(value: unknown, key: string, watch: NoticeContext['watch']): Decision {
  if (isJsonObject(value) && (stacKind(value) === 'Item' || isJsonObject(value['assets']))) {
    return judge(value, null, watch)
  }
  return { scene: null, filtered: `no item: ${key.slice(0, 200)} is JSON, but not a STAC item` }
}

/** @param href where the item was read; null for an item in the notice itself */
function judge(value: unknown, href: string | null, watch: NoticeContext['watch']): Decision {
  const kind = isJsonObject(value) ? stacKind(value) : null
  if (kind === 'Collection' || kind === 'Catalog') {
    return { scene: null, filtered: `no scene: a STAC ${kind}` }
  }
  const item = readItem(value, href)
  const reason = whyNot(item, watch)
  if (reason !== null) return { scene: item.id, filtered: reason }
  return { scene: item.id, order: asPublished({ item: href ?? value }) }
}

/** Results of notices are published unless the notice is a request that says otherwise. */
export function asPublished(body: unknown): NdviOrder {
  const { request, trust, pin } = readNdviBody(body)
  return { request, trust, pin: pin ?? true }
}
