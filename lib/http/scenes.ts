// GET and POST /scenes: a search without computing, a page at a time.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import type { JsonObject } from '../model/json.ts'
import type { SceneList, SceneListRequest } from '../model/scene-list.ts'
import { unsignedJson, unsignedUrl } from '../model/unsigned-url.ts'
import { readScenesBody } from '../request/read.ts'
import { listScenes } from '../scenes.ts'
import type { AppServices } from '../services.ts'
import { mayPublish } from './auth.ts'
import { callerOf } from './caller.ts'
import { LightResponse } from './light/response.ts'
import type { AppEnv } from './observe.ts'
import { parseBody } from './parse-body.ts'
import { readScenesQuery } from './query.ts'
import { withRequestLimit } from './time-limit.ts'

export interface ScenesReply extends SceneList {
  /** `next` and `prev` where there are such pages. */
  readonly links: readonly PageLink[]
}

interface PageLink {
  readonly rel: 'next' | 'prev'
  readonly href: string
  /** As a STAC API's search tells its pages: what is to be sent there. */
  readonly method?: 'POST'
  readonly body?: JsonObject
}

export async function answerScenes(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { authorization, base, refusal } = callerOf(c, config)
  if (refusal !== null) throw refusal
  const { asked, pageLink } = c.req.method === 'POST' ? await readBody(c, base) : readQuery(c, base)
  const isTrusted = mayPublish(authorization, config)
  return withRequestLimit(c.env, services, async (signal) => {
    const list = await listScenes(asked, services, isTrusted, signal)
    const { page, more, compared } = list
    const links = [
      ...(more ? [pageLink('next', page + 1)] : []),
      ...(page > 1 && compared > 0 ? [pageLink('prev', page - 1)] : []),
    ]
    const reply: ScenesReply = { ...list, links }
    return LightResponse.json(reply)
  })
}

interface Asked {
  readonly asked: SceneListRequest
  readonly pageLink: (rel: PageLink['rel'], page: number) => PageLink
}

function readQuery(c: Context<AppEnv>, base: string): Asked {
  const { searchParams } = new URL(c.req.url)
  return {
    asked: readScenesQuery(searchParams),
    pageLink(rel, page) {
      const url = new URL(`${base}/scenes`)
      url.search = searchParams.toString()
      url.searchParams.set('page', String(page))
      return { rel, href: unsignedUrl(url.href) }
    },
  }
}

async function readBody(c: Context<AppEnv>, base: string): Promise<Asked> {
  const body = parseBody(await c.req.text())
  return {
    asked: readScenesBody(body),
    pageLink: (rel, page) => ({
      rel,
      href: `${base}/scenes`,
      method: 'POST',
      body: unsignedJson({ ...Object(body), page }),
    }),
  }
}
