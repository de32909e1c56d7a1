// The longest body of a request, by its bytes: whatever its caller says of them, and as a text may have fewer.

import type { MiddlewareHandler } from 'hono'
import { GreenprintError } from '../errors.ts'
import { LightRequest } from './light/request.ts'
import type { AppEnv } from './observe.ts'

export const MAX_BODY = 1024 * 1024

/** For each route that takes a body; to be read, it is as it came. */
export const limited: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { raw } = c.req
  const size = (raw instanceof LightRequest ? raw.size : null) ?? (await count(raw.clone()))
  if (size > MAX_BODY) throw bodyTooLarge('A request body may have at most')
  await next()
}

/** @param fault to be followed by the most bytes that a body may have */
export function bodyTooLarge(fault: string): GreenprintError {
  return new GreenprintError(
    'too_large',
    `${fault} ${MAX_BODY} bytes: give an item by its URL, an area with fewer corners.`,
  )
}

/** The bytes of the body, or of as much of it as is too long. */
async function count({ body }: Request): Promise<number> {
  let bytes = 0
  // A copy that is cancelled waits until its original is, too.
  for await (const { length } of body?.values({ preventCancel: true }) ?? []) {
    bytes += length
    if (bytes > MAX_BODY) break
  }
  return bytes
}
