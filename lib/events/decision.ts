// From a notice to the order that it leads to, or to the reason why it is filtered out.

import { GreenprintError } from '../errors.ts'
import { isJsonObject } from '../model/json.ts'
import type { Order } from '../model/order.ts'
import type { Task } from '../model/tasks.ts'
import type { Documents } from '../stac/documents.ts'
import { readItem } from '../stac/item.ts'
import { stacKind } from '../stac/objects.ts'
import { type AdmissionRules, admit } from './admission.ts'
import { findProduct } from './catalogue.ts'
import type { Notice } from './notice.ts'
import { orderOf, readTasks } from './tasks.ts'

export interface NoticeContext extends Pick<AdmissionRules, 'watch' | 'fingerprints'> {
  readonly documents: Documents
  /** STAC API of items with CIDs; null = none. */
  readonly catalogUrl: string | null
  /** What is done with scenes that messages bring; their own `do` counts in direct calls alone. */
  readonly noticeDo: readonly Task[]
}

/** `scene` is the item's id where it is known. */
export type Decision = { readonly scene: string | null } & (
  | { readonly order: Order }
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
  const { documents, catalogUrl, noticeDo } = context
  const judge = (value: unknown, href: string | null) => judgeItem(value, href, context, signal)
  switch (notice.kind) {
    case 'filtered':
      return { scene: null, filtered: notice.reason }
    case 'request':
      return orderRequest(notice, noticeDo)
    case 'item':
      return judge(notice.item, notice.href)
    case 'product': {
      const found = await findProduct(notice.product, catalogUrl, documents, signal)
      if (found !== null) return judge(found.value, found.href)
      const { id } = notice.product
      return {
        scene: id,
        filtered: `no item: no catalogue has ${id} yet; the next schedule may find it`,
      }
    }
    default:
      return notice satisfies never
  }
}

/** A request says itself what is to be done where it is the operator's own; of all others NOTICE_DO does. */
function orderRequest(
  { body, isOwn }: Extract<Notice, { readonly kind: 'request' }>,
  noticeDo: readonly Task[],
): Decision {
  const { do: named, ...fields } = body
  if (named !== undefined && !isOwn) {
    const filtered =
      'not done: "do" is read in direct calls and schedules; of messages NOTICE_DO decides'
    return { scene: null, filtered }
  }
  const wanted = isOwn ? readTasks(named) : noticeDo
  return { scene: null, order: orderOf(fields, { wanted, isOwn }) }
}

/** @param href where the item was read; null for an item in the notice itself */
async function judgeItem(
  value: unknown,
  href: string | null,
  { watch, noticeDo: wanted, fingerprints }: NoticeContext,
  signal: AbortSignal,
): Promise<Decision> {
  const kind = isJsonObject(value) ? stacKind(value) : null
  if (kind === 'Collection' || kind === 'Catalog') {
    return { scene: null, filtered: `no scene: a STAC ${kind}` }
  }
  const item = readItem(value, href)
  const admission = await admit(item, { watch, wanted, fingerprints }, signal)
  if ('filtered' in admission) return { scene: item.id, filtered: admission.filtered }
  const ordering = { wanted, isOwn: false, known: admission.known }
  return { scene: item.id, order: orderOf({ item: href ?? value }, ordering) }
}
