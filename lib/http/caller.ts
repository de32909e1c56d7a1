// Who asks, and what they asked for besides the request itself.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import type { GreenprintError } from '../errors.ts'
import { perObject } from '../model/per-object.ts'
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

/** Found out once for a request. Whose token it is stands in the log line from then on. */
export const callerOf = perObject(findCaller)

function findCaller(c: Context<AppEnv>, config: Config): Caller {
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
