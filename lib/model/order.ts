// What can be done as a job: one entry for each kind. Every order has a request, `pin`, `by` and `resolved`.

import type { ChangeOrder } from './change.ts'
import type { CompositeOrder } from './composite.ts'
import type { FingerprintOrder } from './fingerprint-request.ts'
import type { NdviOrder } from './request.ts'
import type { VerifyOrder } from './verify-request.ts'
import type { ZonesOrder } from './zones.ts'

export type Order =
  | NdviOrder
  | FingerprintOrder
  | VerifyOrder
  | ZonesOrder
  | ChangeOrder
  | CompositeOrder

export type OrderKind = 'ndvi' | 'fingerprint' | 'verify' | 'zones' | 'change' | 'composite'

/** The orders of one kind. */
export interface Orders extends Record<OrderKind, Order> {
  readonly ndvi: NdviOrder
  readonly fingerprint: FingerprintOrder
  readonly verify: VerifyOrder
  readonly zones: ZonesOrder
  readonly change: ChangeOrder
  readonly composite: CompositeOrder
}

/** One entry for each kind of order: what is done with it. */
export type ByKind<Result, Rest extends readonly unknown[]> = {
  readonly [Kind in OrderKind]: (order: Orders[Kind], ...rest: Rest) => Result
}

/** Calls the entry of an order's own kind. */
export function dispatch<Result, Rest extends readonly unknown[]>(
  table: ByKind<Result, Rest>,
  order: Order,
  ...rest: Rest
): Result {
  if (order.kind === 'fingerprint') return table.fingerprint(order, ...rest)
  if (order.kind === 'verify') return table.verify(order, ...rest)
  if (order.kind === 'zones') return table.zones(order, ...rest)
  if (order.kind === 'change') return table.change(order, ...rest)
  if (order.kind === 'composite') return table.composite(order, ...rest)
  return table.ndvi(order, ...rest)
}

/** An NDVI where the order does not say: there was no other kind before 0.2.0. */
export function kindOf({ kind = 'ndvi' }: Order): OrderKind {
  return kind
}
