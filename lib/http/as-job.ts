// A request that becomes a job: asked for by `Prefer: respond-async`, or offered when the time is up.

import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import { submitJob } from '../jobs/submit.ts'
import type { Order } from '../model/order.ts'
import type { AppServices } from '../services.ts'
import { mayPublish } from './auth.ts'
import { LightResponse } from './light/response.ts'
import { OfferedJob } from './problem.ts'

/** Seconds until the client should ask again. */
const RETRY_AFTER = '5'
/** Time reserved for creating the job of a request whose time is up. */
const OFFER_MS = 700

/** @param waits whether its client has to ask again */
export function jobHeaders(waits: boolean): Readonly<Record<string, string>> {
  return { 'cache-control': 'no-store', ...(waits ? { 'retry-after': RETRY_AFTER } : {}) }
}

export function jobLink(id: string, base: string): { readonly rel: string; readonly href: string } {
  return { rel: 'self', href: `${base}/jobs/${id}` }
}

/** RFC 7240: preferences are separated by commas; values and parameters (`=`, `;`) do not matter here. */
export function prefersAsync(prefer: string | undefined): boolean {
  const names = (prefer ?? '').split(',').map((each) => each.split(/[=;]/)[0]?.trim().toLowerCase())
  return names.includes('respond-async')
}

/** 202 with the job's address. @throws {GreenprintError} what submitJob throws */
export async function acceptJob(
  order: Order,
  services: AppServices,
  base: string,
  signal: AbortSignal,
): Promise<Response> {
  const { id, status } = await submitJob(order, services, signal)
  const headers = {
    ...jobHeaders(true),
    location: `/jobs/${id}`,
    'preference-applied': 'respond-async',
  }
  return LightResponse.json({ id, status, links: [jobLink(id, base)] }, { status: 202, headers })
}

/**
 * The error to answer with instead of `error` when the time was up: it names the job that continues the work, or says
 * how to ask for one. All other errors stay as they are.
 */
export async function offerJob(
  error: unknown,
  order: Order,
  authorization: string | undefined,
  services: AppServices,
  config: Config,
  base: string,
): Promise<unknown> {
  if (!(error instanceof GreenprintError) || error.code !== 'deadline_exceeded') return error
  const { code, message, details } = error
  const isOff = !config.local && config.tokens.length === 0
  if (services.queue === null || isOff) return error
  const isOpen = mayPublish(authorization, config)
  const how = `"Prefer: respond-async"${isOpen ? '' : ' and a token'}`
  const ask = `${message} Or send it with ${how} to get a job, which has 15 minutes.`
  const advised = new GreenprintError(code, ask, { details, cause: error })
  if (!isOpen) return advised
  try {
    // Unresolved: the server of the item may be what took too long.
    const { id } = await submitJob(order, services, AbortSignal.timeout(OFFER_MS), 0)
    const goesOn = `${message} Or follow its job, which continues the work.`
    return new OfferedJob(goesOn, { id, href: `${base}/jobs/${id}` }, { details, cause: error })
  } catch {
    return advised
  }
}
