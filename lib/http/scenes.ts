// GET /scenes: a search without computing, a page at a time.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import type { SceneList } from '../model/scene-list.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import { listScenes } from '../scenes.ts'
import type { AppServices } from '../services.ts'
import { mayPublish } from './auth.ts'
import { callerOf } from './caller.ts'
import { LightResponse } from './light/response.ts'
import type { AppEnv } from './observe.ts'
import { readScenesQuery } from './query.ts'
import { withRequestLimit } from './time-limit.ts'

export interface ScenesReply extends SceneList {
  /** `next` and `prev` where there are such pages. */
  readonly links: readonly { readonly rel: 'next' | 'prev'; readonly href: string }[]
}

export async function answerScenes(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { authorization, base, refusal } = callerOf(c, config)
  if (refusal !== null) throw refusal
  const { searchParams } = new URL(c.req.url)
  const asked = readScenesQuery(searchParams)
  const isTrusted = mayPublish(authorization, config)
  return withRequestLimit(c.env, services, async (signal) => {
    const list = await listScenes(asked, services, isTrusted, signal)
    const reply: ScenesReply = { ...list, links: linksOf(list, base, searchParams) }
    return LightResponse.json(reply)
  })
}

function linksOf(
  { page, more, compared }: SceneList,
  base: string,
  query: URLSearchParams,
): ScenesReply['links'] {
  const to = (number: number) => {
    const url = new URL(`${base}/scenes`)
    url.search = query.toString()
    url.searchParams.set('page', String(number))
    return unsignedUrl(url.href)
  }
  return [
    ...(more ? [{ rel: 'next', href: to(page + 1) } as const] : []),
    ...(page > 1 && compared > 0 ? [{ rel: 'prev', href: to(page - 1) } as const] : []),
  ]
}
