// GET and POST /ndvi, and the jobs of requests that are answered later: from the HTTP request to the pipeline.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { ForeseenDelay, GreenprintError, TooManyPixels } from '../errors.ts'
import type { NdviOrder, NdviRequest } from '../model/request.ts'
import { computeNdvi } from '../pipeline.ts'
import { type AskedNdvi, readNdviBody } from '../request/read.ts'
import type { AppServices } from '../services.ts'
import { computeStatistics } from '../statistics.ts'
import { recallNdvi } from '../steps/recall-ndvi.ts'
import { negotiate } from './accept.ts'
import { mayPublish, requireToken } from './auth.ts'
import { type Caller, callerOf, parseBody } from './caller.ts'
import { serveFigure } from './content/serve.ts'
import { deliveryOf } from './content/serving.ts'
import { acceptJob, describeJob, dismissJob, offerJob, prefersAsync } from './jobs.ts'
import type { AppEnv } from './observe.ts'
import { readNdviQuery } from './query.ts'
import { ndviReply } from './reply.ts'
import { MOST_READING_MS, withRequestLimit } from './time-limit.ts'
import { isFingerprintNeeded, withSizeWays, withTrustWays } from './ways.ts'

export async function answerNdvi(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const caller = callerOf(c, config)
  c.get('findings').token = caller.token
  const order = await readOrder(c, caller, config)
  if (caller.refusal !== null && isBare(order)) throw caller.refusal
  if (caller.refusal !== null) return answerKnown(c, order, caller, caller.refusal, services)
  if (order.pin) requireToken('publishing', caller.authorization, config)
  const { base, authorization } = caller
  const asJob = () =>
    withRequestLimit(c.env, services, (signal) => acceptJob(order, services, base, signal))
  const hasJobs = services.queue !== null && !isBare(order)
  if (prefersAsync(c.req.header('prefer'))) {
    requireToken('jobs', authorization, config)
    // A preference only: without a queue the request is answered at once.
    if (hasJobs) return asJob()
  }
  const isTrusted = mayPublish(authorization, config)
  return compute(c, order, { ...caller, isTrusted }, services, config).catch(
    async (error: unknown) => {
      const isForJob = error instanceof TooManyPixels
      if ((error instanceof ForeseenDelay || (isForJob && isTrusted)) && hasJobs) return asJob()
      const { method, url } = c.req
      const asked = async () => ({ method, url, body: await c.req.text() })
      if (isForJob)
        throw withSizeWays(error, await asked(), base, hasJobs && config.tokens.length > 0)
      if (isFingerprintNeeded(error)) throw withTrustWays(error, await asked(), base)
      if (isBare(order)) throw error
      throw await offerJob(error, order, authorization, services, config, base)
    },
  )
}

export function answerJob(
  c: Context<AppEnv>,
  id: string,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { authorization, base, token } = callerOf(c, config)
  requireToken('jobs', authorization, config)
  const viewer = { token, local: config.local }
  const answer = c.req.method === 'DELETE' ? dismissJob : describeJob
  return withRequestLimit(c.env, services, (signal) => answer(id, services, base, viewer, signal))
}

/** To who is refused more: what is known, if its own item was sent along, and nothing made or fetched. */
async function answerKnown(
  c: Context<AppEnv>,
  order: NdviOrder,
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
    return wantsPng(c)
      ? serveFigure(result, base, services, deliveryOf(c.env), signal)
      : c.json(ndviReply(result, base))
  })
}

function compute(
  c: Context<AppEnv>,
  order: NdviOrder,
  { base, wantsFresh: fresh, isTrusted }: Caller & { readonly isTrusted: boolean },
  services: AppServices,
  { maxPixelsSync: mostPixels }: Config,
): Promise<Response> {
  return withRequestLimit(c.env, services, async (signal) => {
    const mostMs = services.queue === null ? Infinity : MOST_READING_MS
    const run = { fresh, tell: c.get('times').tell, isTrusted, mostMs, mostPixels }
    if (isBare(order)) return c.json(await computeStatistics(order, services, run, signal))
    const kept = isTrusted ? services : services.visitors
    const result = await computeNdvi(order, kept, run, signal)
    c.get('findings').result = result
    if (!wantsPng(c)) return c.json(ndviReply(result, base))
    return serveFigure(result, base, services, deliveryOf(c.env), signal)
  })
}

async function readOrder(
  c: Context<AppEnv>,
  { authorization, token }: Caller,
  config: Config,
): Promise<NdviOrder> {
  const isPost = c.req.method === 'POST'
  const {
    request,
    trust,
    pin: asked,
  }: AskedNdvi = isPost
    ? readNdviBody(parseBody(await c.req.text()), true)
    : readNdviQuery(new URL(c.req.url).searchParams)
  // A POST by a caller who may publish does so by default; a GET only with pin=true.
  const pin = asked ?? (isPost && request.outputs.length > 0 && mayPublish(authorization, config))
  return {
    request: wantsPng(c) ? withFigure(request) : request,
    pin,
    trust,
    ...(token === null ? {} : { by: token }),
  }
}

/** Numbers alone: no job keeps them. */
function isBare({ request }: NdviOrder): boolean {
  return request.outputs.length === 0
}

function withFigure(request: NdviRequest): NdviRequest {
  const { outputs } = request
  return outputs.includes('figure') ? request : { ...request, outputs: [...outputs, 'figure'] }
}

function wantsPng(c: Context<AppEnv>): boolean {
  const format = c.req.query('f')
  if (format !== undefined && format !== 'png' && format !== 'json') {
    throw new GreenprintError('invalid_request', 'f must be json or png.')
  }
  if (format !== undefined) return format === 'png'
  const types = ['application/json', 'image/png'] as const
  return negotiate(c.req.header('accept'), types, 'header') === 'image/png'
}
