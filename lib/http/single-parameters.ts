// The query of every address: a parameter stands in it once, for readers differ in whether the first of two counts.

import type { MiddlewareHandler } from 'hono'
import { clip, GreenprintError } from '../errors.ts'
import { isRouted } from './no-route.ts'
import type { AppEnv } from './observe.ts'

const MOST_TOLD = 10

/**
 * Lists are one parameter, by comma: no address here takes one several times. OPTIONS asks about the address alone, and
 * a browser that is refused there does not come for the reason.
 *
 * @throws {GreenprintError} `invalid_request`
 */
export const singleParameters: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.method === 'OPTIONS' || !isRouted(c)) return next()
  const seen = new Set<string>()
  const again = new Set<string>()
  for (const name of new URL(c.req.url).searchParams.keys()) {
    if (seen.has(name)) again.add(name)
    seen.add(name)
  }
  if (again.size === 0) return next()
  const faults = [...again].slice(0, MOST_TOLD).map((name) => `${clip(name, 60)} is given twice`)
  throw new GreenprintError(
    'invalid_request',
    `${faults.join('; ')}: a parameter of a query counts once, with the values of a list separated by commas.`,
    { details: faults },
  )
}
