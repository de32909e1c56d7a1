// POST /_local/<door>: hands its body to a handler that something else than a URL starts when deployed.

import { describeError } from '../errors.ts'
import type { LocalContext, LocalRoute } from './api-gateway.ts'

/** By the name in the path. */
export type Handlers = Readonly<
  Record<string, (event: unknown, context: LocalContext) => Promise<unknown>>
>

/** What sst.config.ts gives the slowest of them. */
const TIMEOUT_MS = 900_000

/** Answers what the handler gives as JSON, 500 with what it throws: as `aws lambda invoke` tells it. */
export function handlerRoutes(doors: Handlers): LocalRoute {
  return async (request) => {
    const { pathname } = new URL(request.url)
    const name = /^\/_local\/([a-z]+)$/.exec(pathname)?.[1]
    const door = name !== undefined && Object.hasOwn(doors, name) ? doors[name] : undefined
    if (request.method !== 'POST' || door === undefined) return null
    try {
      const event: unknown = await request.json()
      const answer = await door(event, { getRemainingTimeInMillis: () => TIMEOUT_MS })
      return Response.json(answer ?? null)
    } catch (error) {
      return Response.json({ errorMessage: describeError(error) }, { status: 500 })
    }
  }
}

/** The first of them that answers. */
export function firstRoute(...routes: readonly LocalRoute[]): LocalRoute {
  return async (request) => {
    for (const route of routes) {
      const answer = await route(request)
      if (answer !== null) return answer
    }
    return null
  }
}
