// What is answered where no route takes a request: which methods the address takes, or that there is no such one.

import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import { clip, GreenprintError } from '../errors.ts'

/** A method that the address does not take: 405 with those that it takes. */
export class MethodRefused extends GreenprintError {
  readonly allow: string

  constructor(method: string, path: string, allowed: readonly string[]) {
    const allow = allowed.join(', ')
    super('method_not_allowed', `${clip(path)} takes ${allow}, not ${clip(method, 20)}.`)
    this.allow = allow
  }
}

/** Of an event whose method no web Request may have, as TRACE. */
export class UnroutableMethod extends GreenprintError {
  readonly method: string
  readonly path: string

  constructor(method: string, path: string) {
    super('invalid_request', `The method ${clip(method, 20)} is not supported.`)
    this.method = method
    this.path = path
  }
}

interface Route {
  readonly method: string
  readonly path: string
}

/**
 * The methods that an address takes, OPTIONS among them; empty where there is none.
 *
 * @param routes of the app, middleware among them
 */
export function methodsAt(path: string, routes: readonly Route[]): string[] {
  const here = knownOf(routes).filter((route) => patternOf(route.path).test(path))
  const verbs = new Set(here.map((route) => route.method))
  if (verbs.size === 0) return []
  // Whoever takes GET takes HEAD.
  return [...new Set([...(verbs.has('GET') ? ['GET', 'HEAD'] : []), ...verbs, 'OPTIONS'])]
}

/** @param routes of the app, middleware among them */
export function noRoute(method: string, path: string, routes: readonly Route[]): GreenprintError {
  const allowed = methodsAt(path, routes)
  if (allowed.length > 0) return new MethodRefused(method, path, allowed)
  const names = knownOf(routes)
    .filter((route) => route.method !== 'OPTIONS')
    .map((route) => `${route.method} ${route.path.replace(/\{[^{]*\}$/, '')}`)
  return new GreenprintError(
    'not_found',
    `There is no route ${clip(method, 20)} ${clip(path)}; the routes are ${[...new Set(names)].join(', ')}.`,
  )
}

/** Whether an address takes a request by its method: where it does not, that is told before any fault of it. */
export function isRouted(c: Context): boolean {
  return knownOf(matchedRoutes(c)).length > 0
}

/** Without middleware. */
function knownOf(routes: readonly Route[]): Route[] {
  return routes.filter((route) => !route.path.endsWith('*'))
}

/** `/jobs/:id` stands for one segment more, `:path{[^.]+}` for what the braces say. */
function patternOf(route: string): RegExp {
  const source = route.replace(
    /:\w+(?:\{(.+)\})?|[.*+?^${}()|[\]\\]/g,
    (found, inner: string | undefined) => {
      if (inner !== undefined) return `(?:${inner})`
      return found.startsWith(':') ? '[^/]+' : `\\${found}`
    },
  )
  return new RegExp(`^${source}$`)
}
