// What is answered where no route takes a request: which methods the address takes, or that there is no such one.

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
  const here = knownOf(routes).filter(
    (route) => route.method !== 'ALL' && patternOf(route.path).test(path),
  )
  const verbs = new Set(here.map((route) => route.method))
  if (verbs.size === 0) return []
  // Whoever takes GET takes HEAD.
  return [...new Set([...(verbs.has('GET') ? ['GET', 'HEAD'] : []), ...verbs, 'OPTIONS'])]
}

/** @param routes of the app, middleware among them */
export function noRoute(method: string, path: string, routes: readonly Route[]): GreenprintError {
  const allowed = methodsAt(path, routes)
  if (allowed.length > 0) return new MethodRefused(method, path, allowed)
  const names = knownOf(routes).map((route) => {
    const verb = route.method === 'ALL' ? 'GET' : route.method
    return `${verb} ${route.path.replace(/\{[^{]*\}$/, '')}`
  })
  return new GreenprintError(
    'not_found',
    `There is no route ${clip(method, 20)} ${clip(path)}; the routes are ${[...new Set(names)].join(', ')}.`,
  )
}

function knownOf(routes: readonly Route[]): Route[] {
  return routes.filter((route) => !route.path.endsWith('*'))
}

/** `/jobs/:id` stands for one segment more. */
function patternOf(route: string): RegExp {
  const literal = route.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replace(/:\w+/g, '[^/]+')}$`)
}
