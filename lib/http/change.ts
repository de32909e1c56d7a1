// POST /change: from the HTTP request to the page of a change.

import type { Context } from 'hono'
import { measureChange } from '../change.ts'
import type { Config } from '../config/config.ts'
import type { ChangeOrder } from '../model/change.ts'
import { readChangeBody } from '../request/read-change.ts'
import type { AppServices } from '../services.ts'
import { mayPublish, requireToken } from './auth.ts'
import { callerOf, parseBody } from './caller.ts'
import { servePicture } from './content/picture.ts'
import { deliveryOf } from './content/serving.ts'
import { jointReply } from './joint-reply.ts'
import { nowOrLater } from './now-or-later.ts'
import type { AppEnv } from './observe.ts'
import { type PictureForm, pictureFile, pictureForm, withPicture } from './picture-form.ts'
import { MOST_READING_MS } from './time-limit.ts'

export async function answerChange(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const caller = callerOf(c, config)
  const { authorization, token, base, refusal, wantsFresh } = caller
  if (refusal !== null) throw refusal
  const isTrusted = mayPublish(authorization, config)
  const { order, form } = readOrder(c, await c.req.text(), token, isTrusted)
  if (order.pin) requireToken('publishing', authorization, config)
  const waits = { canWait: true, hasWays: true }
  return nowOrLater(c, order, waits, caller, { services, config }, async (signal) => {
    const { tell } = c.get('times')
    const mostPixels = config.maxPixelsSync
    const mostMs = services.queue === null ? Infinity : MOST_READING_MS
    const run = { fresh: wantsFresh, tell, isTrusted, mostMs, mostPixels }
    const kept = isTrusted ? services : services.visitors
    const result = await measureChange(order, kept, run, signal)
    c.get('findings').result = result
    if (form === null) return c.json(jointReply(result, base))
    const picture = { file: pictureFile(order.request), form }
    return servePicture(result, picture, base, services, deliveryOf(c.env), signal)
  })
}

interface Asked {
  readonly order: ChangeOrder
  /** null = JSON. */
  readonly form: PictureForm | null
}

/** A caller who may publish does so by default. @throws {GreenprintError} `invalid_request` */
function readOrder(c: Context<AppEnv>, body: string, token: string | null, mayPin: boolean): Asked {
  const { request, trust, pin: asked } = readChangeBody(parseBody(body))
  const form = pictureForm({ f: c.req.query('f'), accept: c.req.header('accept'), pin: asked })
  const order: ChangeOrder = {
    kind: 'change',
    request: form === null ? request : { ...request, outputs: withPicture(request) },
    pin: asked ?? (mayPin && form !== 'webp'),
    trust,
    ...(token === null ? {} : { by: token }),
  }
  return { order, form }
}
