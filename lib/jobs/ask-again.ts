// A job that is asked for once more. Pure, as lib/jobs/job.ts is.

import { isJsonObject } from '../model/json.ts'
import type { Order } from '../model/order.ts'
import type { NdviOrder } from '../model/request.ts'
import { uniteCopies } from '../stac/unite-copies.ts'
import { hasEnded, isAbandoned, type Job, newJob, timeText } from './job.ts'

/**
 * The job asked for once more: one that has ended begins anew, with what is asked now; one that is on its way knows the
 * copies of both items, and remembers that it is to be published too. null when nothing about it changes.
 */
export function askAgain(job: Job, asked: Order, isKnown: boolean, now: number): Job | null {
  if (hasEnded(job) || isAbandoned(job, now)) {
    const { attempts, created } = job
    const order = stillPinned(job, withNext(asked, job.order))
    const fresh = { ...newJob(job.id, order, isKnown, now), attempts, created }
    // A result that was not announced yet keeps the status that it would have been announced with.
    const isAnnounced = job.status === 'successful' && job.notice !== 'due'
    return isAnnounced ? fresh : { ...fresh, outcome: job.outcome }
  }
  const pinned = asked.pin ? { ...job.order, pin: true, ...nameOf(asked) } : job.order
  const united = uniteItems(withNext(pinned, asked), asked)
  const hasNewCopies = united.request.item !== job.order.request.item
  const hasNext = following(united).length > following(job.order).length
  const isNew = job.awaited !== true && asked.by !== job.order.by
  if (!hasNewCopies && !hasNext && !isNew && united.pin === job.order.pin) return null
  const awaited = isNew ? ({ awaited: true } as const) : {}
  const isShared = hasNewCopies && job.order.by !== asked.by
  const shared = isShared ? ({ shared: true } as const) : {}
  return { ...job, order: united, ...shared, ...awaited, updated: timeText(now) }
}

/** What was to be published and was not is to be published still, whoever asks again. */
function stillPinned(job: Job, asked: Order): Order {
  const isOwed = job.order.pin && !asked.pin && job.result === null && job.status !== 'dismissed'
  return isOwed ? { ...asked, pin: true, ...nameOf(job.order) } : asked
}

/** What follows a fingerprint is asked for by several, each in its own way: none of it is forgotten. */
function withNext(order: Order, asked: Order): Order {
  if (order.kind !== 'fingerprint' || asked.kind !== 'fingerprint') return order
  const known = new Set((order.next ?? []).map((each) => JSON.stringify(each)))
  const more = (asked.next ?? []).filter((each) => !known.has(JSON.stringify(each)))
  return more.length === 0 ? order : { ...order, next: [...(order.next ?? []), ...more] }
}

/** The orders that its job submits once it is done. */
export function following(order: Order): readonly NdviOrder[] {
  return order.kind === 'fingerprint' ? (order.next ?? []) : []
}

/** The publication is recorded under the caller who asked for it last. */
function nameOf({ by }: Order): Pick<Order, 'by'> {
  return by === undefined ? {} : { by }
}

/** The order with the copies that another order's item names of the same files. */
function uniteItems(order: Order, { request: { item: other }, resolved }: Order): Order {
  const { item } = order.request
  if (!isJsonObject(item) || !isJsonObject(other)) return order
  const united = uniteCopies(item, { item: other, href: resolved?.href ?? null })
  if (united === null) return order
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the request of its kind, with another item
  return { ...order, request: { ...order.request, item: united } } as Order
}
