// How a raster of several scenes is answered: at once, as a job, or with the ways on.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import type { ChangeOrder } from '../model/change.ts'
import type { CompositeOrder } from '../model/composite.ts'
import type { JointResult } from '../model/joint.ts'
import type { Run } from '../model/run.ts'
import type { Trust } from '../model/scene.ts'
import type { AppServices } from '../services.ts'
import { prefersAsync } from './as-job.ts'
import { mayPublish, requireToken } from './auth.ts'
import { callerOf } from './caller.ts'
import { rememberKept } from './content/just-kept.ts'
import { servePicture } from './content/picture.ts'
import { deliveryOf, type OwnContent } from './content/serving.ts'
import { jointReply } from './joint-reply.ts'
import { LightResponse } from './light/response.ts'
import { nowOrLater } from './now-or-later.ts'
import type { AppEnv } from './observe.ts'
import { parseBody } from './parse-body.ts'
import { pictureFile, pictureForm, withPicture } from './picture-form.ts'
import { MOST_READING_MS, withRequestLimit } from './time-limit.ts'

type JointOrder = ChangeOrder | CompositeOrder

/** What a body asks for. */
export interface AskedJoint<Order extends JointOrder> {
  readonly request: Order['request']
  readonly trust: Trust
  /** Undefined where the caller did not say. */
  readonly pin: boolean | undefined
}

/** One kind of raster. */
export interface JointPage<Order extends JointOrder> {
  /** @throws {GreenprintError} `invalid_request` */
  readonly read: (body: unknown) => AskedJoint<Order>
  readonly orderOf: (asked: OrderParts<Order>) => Order
  readonly compute: (
    order: Order,
    services: AppServices['visitors'],
    run: Run,
    signal: AbortSignal,
  ) => Promise<JointResult>
  /** For who may have nothing fetched, read or made: what is known; null where there is nothing that is known so. */
  readonly recall: (
    order: Order,
    services: AppServices['visitors'],
    signal: AbortSignal,
  ) => Promise<JointResult | null>
}

/** All of an order but its kind. */
export type OrderParts<Order extends JointOrder> = Pick<Order, 'request' | 'pin'> & {
  readonly trust: Trust
  readonly by?: string
}

export async function answerJoint<Order extends JointOrder>(
  c: Context<AppEnv>,
  page: JointPage<Order>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const caller = callerOf(c, config)
  const { authorization, token, base, refusal, wantsFresh } = caller
  const isTrusted = mayPublish(authorization, config)
  const { request, pin, trust } = page.read(parseBody(await c.req.text()))
  const form = pictureForm({ f: c.req.query('f'), accept: c.req.header('accept'), pin })
  const order = page.orderOf({
    request: form === null ? request : { ...request, outputs: withPicture(request) },
    // A caller who may publish does so by default.
    pin: pin ?? (isTrusted && form !== 'webp'),
    trust,
    ...(token === null ? {} : { by: token }),
  })
  const reply = async (result: JointResult, content: OwnContent, signal: AbortSignal) => {
    if (form === null) return LightResponse.json(jointReply(result, base))
    const picture = { file: pictureFile(order.request), form }
    return servePicture(result, picture, base, content, deliveryOf(c.env), signal)
  }
  if (refusal !== null) {
    if (order.pin || wantsFresh || prefersAsync(c.req.header('prefer'))) throw refusal
    return withRequestLimit(c.env, services, async (signal) => {
      const known = await page.recall(order, services.visitors, signal)
      if (known === null) throw refusal
      return reply(known, services, signal)
    })
  }
  if (order.pin) requireToken('publishing', authorization, config)
  const waits = { canWait: true, hasWays: true }
  return nowOrLater(c, order, waits, caller, { services, config }, async (signal) => {
    const { tell } = c.get('times')
    const mostPixels = config.maxPixelsSync
    const mostMs = services.queue === null ? Infinity : MOST_READING_MS
    const run = { fresh: wantsFresh, tell, isTrusted, mostMs, mostPixels }
    const kept = isTrusted ? services : services.visitors
    const { store, content } = rememberKept(kept.store, services, form)
    const result = await page.compute(order, { ...kept, store }, run, signal)
    c.get('findings').result = result
    return reply(result, content, signal)
  })
}
