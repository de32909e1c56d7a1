// POST <folder>/<name>: passes its body to a handler that is started by events, not by a URL, when deployed.

import { randomUUID } from 'node:crypto'
import { describeError } from '../errors.ts'
import type { LocalContext, LocalRoute } from './api-gateway.ts'

/** By the name in the path. */
export type Handlers = Readonly<
  Record<string, (event: unknown, context: LocalContext) => Promise<unknown>>
>

/** What infra/functions.ts gives the slowest of them. */
const TIMEOUT_MS = 900_000

export interface RouteOptions {
  /** In front of the names. */
  readonly folder: string
  readonly read: (body: Uint8Array) => unknown
  /** @param name of the handler */
  readonly refuse: (error: unknown, name: string) => Response
}

/** As `aws lambda invoke` takes an event, and prints an error. */
const asInvoked: RouteOptions = {
  folder: '/_local',
  read: (body) => JSON.parse(new TextDecoder().decode(body)),
  refuse: (error) => Response.json({ errorMessage: describeError(error) }, { status: 500 }),
}

/** Answers with the handler's result as JSON, or refuses with its error. */
export function handlerRoutes(
  handlers: Handlers,
  { folder, read, refuse }: RouteOptions = asInvoked,
): LocalRoute {
  return async (request, body) => {
    const { pathname } = new URL(request.url)
    const name = pathname.startsWith(`${folder}/`) ? pathname.slice(folder.length + 1) : ''
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
    if (request.method !== 'POST' || handler === undefined) return null
    try {
      const event = read(body)
      const context = {
        getRemainingTimeInMillis: () => TIMEOUT_MS,
        gone: request.signal,
        awsRequestId: randomUUID(),
      }
      const answer = await handler(event, context)
      return Response.json(answer ?? null)
    } catch (error) {
      return refuse(error, name)
    }
  }
}

/** The first of them that answers. */
export function firstRoute(...routes: readonly LocalRoute[]): LocalRoute {
  return async (request, body) => {
    for (const route of routes) {
      const answer = await route(request, body)
      if (answer !== null) return answer
    }
    return null
  }
}
