// GET and POST /ndvi: from the HTTP request to the pipeline.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import type { GreenprintError } from '../errors.ts'
import { perText } from '../model/per-text.ts'
import type { NdviOrder } from '../model/request.ts'
import type { NdviResult } from '../model/result.ts'
import { computeNdvi } from '../pipeline.ts'
import { type AskedNdvi, readNdviBody } from '../request/read.ts'
import type { AppServices } from '../services.ts'
import { computeStatistics } from '../statistics.ts'
import { recallNdvi } from '../steps/recall-ndvi.ts'
import { prefersAsync } from './as-job.ts'
import { mayPublish, requireToken } from './auth.ts'
import { type Caller, callerOf } from './caller.ts'
import { rememberKept } from './content/just-kept.ts'
import { servePicture } from './content/picture.ts'
import { deliveryOf, type OwnContent } from './content/serving.ts'
import { LightResponse } from './light/response.ts'
import { nowOrLater } from './now-or-later.ts'
import type { AppEnv } from './observe.ts'
import { parseBody } from './parse-body.ts'
import { type PictureForm, pictureFile, pictureForm, withPicture } from './picture-form.ts'
import { readNdviQuery } from './query.ts'
import { ndviReply } from './reply.ts'
import { MOST_READING_MS, withRequestLimit } from './time-limit.ts'

export async function answerNdvi(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const caller = callerOf(c, config)
  const { order, form } = await readOrder(c, caller, config)
  if (caller.refusal !== null && isBare(order)) throw caller.refusal
  if (caller.refusal !== null)
    return answerKnown(c, { order, form }, caller, caller.refusal, services)
  if (order.pin) requireToken('publishing', caller.authorization, config)
  const waits = { canWait: !isBare(order), hasWays: true }
  return nowOrLater(c, order, waits, caller, { services, config }, (signal) =>
    compute(c, { order, form }, caller, services, config, signal),
  )
}

/** To who is refused more: what is known, if its own item was sent along, and nothing made or fetched. */
async function answerKnown(
  c: Context<AppEnv>,
  { order, form }: Asked,
  { base, wantsFresh }: Caller,
  refusal: GreenprintError,
  services: AppServices,
): Promise<Response> {
  const { item } = order.request
  const isFetched = item === undefined || typeof item === 'string'
  if (isFetched || order.pin || wantsFresh || prefersAsync(c.req.header('prefer'))) throw refusal
  return withRequestLimit(c.env, services, async (signal) => {
    const result = await recallNdvi(order, services.visitors, signal)
    if (result === null) throw refusal
    return reply(c, result, { order, form }, base, services, signal)
  })
}

async function compute(
  c: Context<AppEnv>,
  { order, form }: Asked,
  { authorization, base, wantsFresh: fresh }: Caller,
  services: AppServices,
  config: Config,
  signal: AbortSignal,
): Promise<Response> {
  const isTrusted = mayPublish(authorization, config)
  const mostMs = services.queue === null ? Infinity : MOST_READING_MS
  const mostPixels = config.maxPixelsSync
  const run = { fresh, tell: c.get('times').tell, isTrusted, mostMs, mostPixels }
  if (isBare(order))
    return LightResponse.json(await computeStatistics(order, services, run, signal))
  const kept = isTrusted ? services : services.visitors
  const { store, content } = rememberKept(kept.store, services, form)
  const result = await computeNdvi(order, { ...kept, store }, run, signal)
  c.get('findings').result = result
  return reply(c, result, { order, form }, base, content, signal)
}

async function reply(
  c: Context<AppEnv>,
  result: NdviResult,
  { order, form }: Asked,
  base: string,
  content: OwnContent,
  signal: AbortSignal,
): Promise<Response> {
  if (form === null) return LightResponse.json(ndviReply(result, base))
  const picture = { file: pictureFile(order.request), form }
  return servePicture(result, picture, base, content, deliveryOf(c.env), signal)
}

interface Asked {
  readonly order: NdviOrder
  /** null = JSON. */
  readonly form: PictureForm | null
}

/** Letters of bodies that are remembered: what is asked for again is read once. */
const MOST_LETTERS = 1024 * 1024
const readAgain = perText((text) => readNdviBody(parseBody(text), true), MOST_LETTERS)

async function readOrder(
  c: Context<AppEnv>,
  { authorization, token }: Caller,
  config: Config,
): Promise<Asked> {
  const isPost = c.req.method === 'POST'
  const {
    request,
    trust,
    pin: asked,
  }: AskedNdvi = isPost
    ? readAgain(await c.req.text())
    : readNdviQuery(new URL(c.req.url).searchParams)
  // A POST by a caller who may publish does so by default; a GET only with pin=true.
  const form = pictureForm({ f: c.req.query('f'), accept: c.req.header('accept'), pin: asked })
  const mayPin = isPost && request.outputs.length > 0 && form !== 'webp'
  const order: NdviOrder = {
    request: form === null ? request : { ...request, outputs: withPicture(request) },
    pin: asked ?? (mayPin && mayPublish(authorization, config)),
    trust,
    ...(token === null ? {} : { by: token }),
  }
  return { order, form }
}

/** Numbers alone: no job keeps them. */
function isBare({ request }: NdviOrder): boolean {
  return request.outputs.length === 0
}
