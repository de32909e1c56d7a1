// POST /change: from the HTTP request to the page of a change.

import type { Context } from 'hono'
import { measureChange } from '../change.ts'
import type { Config } from '../config/config.ts'
import { ForeseenDelay, TooManyPixels } from '../errors.ts'
import type { ChangeOrder } from '../model/change.ts'
import { readChangeBody } from '../request/read-change.ts'
import type { AppServices } from '../services.ts'
import { mayPublish, requireToken } from './auth.ts'
import { callerOf, parseBody } from './caller.ts'
import { servePicture } from './content/picture.ts'
import { deliveryOf } from './content/serving.ts'
import { acceptJob, offerJob, prefersAsync } from './jobs.ts'
import { jointReply } from './joint-reply.ts'
import type { AppEnv } from './observe.ts'
import { type PictureForm, pictureFile, pictureForm, withPicture } from './picture-form.ts'
import { MOST_READING_MS, withRequestLimit } from './time-limit.ts'
import { isFingerprintNeeded, withSizeWays, withTrustWays } from './ways.ts'

export async function answerChange(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { authorization, token, base, refusal, wantsFresh } = callerOf(c, config)
  c.get('findings').token = token
  if (refusal !== null) throw refusal
  const isTrusted = mayPublish(authorization, config)
  const { order, form } = readOrder(c, await c.req.text(), token, isTrusted)
  if (order.pin) requireToken('publishing', authorization, config)
  const hasJobs = services.queue !== null
  const asJob = () =>
    withRequestLimit(c.env, services, (signal) => acceptJob(order, services, base, signal))
  if (prefersAsync(c.req.header('prefer'))) {
    requireToken('jobs', authorization, config)
    if (hasJobs) return asJob()
  }
  const mostMs = hasJobs ? MOST_READING_MS : Infinity
  return withRequestLimit(c.env, services, async (signal) => {
    const { tell } = c.get('times')
    const mostPixels = config.maxPixelsSync
    const run = { fresh: wantsFresh, tell, isTrusted, mostMs, mostPixels }
    const kept = isTrusted ? services : services.visitors
    const result = await measureChange(order, kept, run, signal)
    c.get('findings').result = result
    if (form === null) return c.json(jointReply(result, base))
    const picture = { file: pictureFile(order.request), form }
    return servePicture(result, picture, base, services, deliveryOf(c.env), signal)
  }).catch(async (error: unknown) => {
    const isForJob = error instanceof TooManyPixels
    if ((error instanceof ForeseenDelay || (isForJob && isTrusted)) && hasJobs) return asJob()
    const asked = async () => ({ method: 'POST', url: c.req.url, body: await c.req.text() })
    if (isForJob)
      throw withSizeWays(error, await asked(), base, hasJobs && config.tokens.length > 0)
    if (isFingerprintNeeded(error)) throw withTrustWays(error, await asked(), base)
    throw await offerJob(error, order, authorization, services, config, base)
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
