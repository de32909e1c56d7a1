// Who asks, and what they asked for besides the request itself.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import { isJsonObject } from '../model/json.ts'
import { jsonFaultOf, parseJsonText } from '../model/json-text.ts'
import { tokenFault, tokenName } from './auth.ts'
import { crossSite, isCrossSite } from './cross-site.ts'
import type { AppEnv } from './observe.ts'

export interface Caller {
  readonly authorization: string | undefined
  /** Name of the caller's token; null without a valid one. */
  readonly token: string | null
  /** Address of this deployment, as the caller sees it. */
  readonly base: string
  /** `Cache-Control: no-cache`: even what is known is made anew. */
  readonly wantsFresh: boolean
  /** A page of another site, which asks the local system: it gets what is known. */
  readonly isForeign: boolean
  /** Why nothing is made or fetched for the caller, who gets what is known; null = there is no reason. */
  readonly refusal: GreenprintError | null
}

/** Whose token it is stands in the log line from now on. */
export function callerOf(c: Context<AppEnv>, config: Config): Caller {
  const { local, tokens, publicUrl } = config
  const authorization = c.req.header('authorization')
  const own = publicUrl && new URL(publicUrl).origin
  const isForeign = local && isCrossSite(c.req.raw.headers, [own])
  const token = tokenName(authorization, tokens)
  c.get('findings').token ??= token
  return {
    authorization,
    token,
    base: publicUrl ?? `${new URL(c.req.url).origin}${c.env?.prefix ?? ''}`,
    wantsFresh: /no-cache/i.test(c.req.header('cache-control') ?? ''),
    isForeign,
    refusal: isForeign ? crossSite() : whyNotComputed(authorization, config),
  }
}

function whyNotComputed(authorization: string | undefined, config: Config): GreenprintError | null {
  return config.computesForAnyone ? null : tokenFault('computing', authorization, config)
}

/** Requests have about thirty names; a schema takes its time over each that it does not know. */
const MOST_NAMES = 200

/** @throws {GreenprintError} `invalid_request` */
export function parseBody(text: string): unknown {
  let body: unknown
  try {
    body = parseJsonText(text)
  } catch (cause) {
    throw new GreenprintError(
      'invalid_request',
      `The request body is not valid JSON: ${jsonFaultOf(cause, text)}.`,
      { cause },
    )
  }
  const names = isJsonObject(body) ? Object.keys(body).length : 0
  if (names <= MOST_NAMES) return body
  throw new GreenprintError(
    'invalid_request',
    `The request body has ${names} names; a request has at most ${MOST_NAMES}.`,
  )
}
