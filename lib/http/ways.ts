// The ways on from a scene whose files have no fingerprint here: the same request, ready to be sent again in two ways.

import { GreenprintError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { unsignedJson, unsignedUrl } from '../model/unsigned-url.ts'
import { ProblemWithWays, type Way } from './problem.ts'

export function isFingerprintNeeded(error: unknown): error is GreenprintError {
  return error instanceof GreenprintError && error.code === 'fingerprint_needed'
}

/** A larger body is not sent back: of it, the field to be set alone is told. */
const MOST_BODY = 16 * 1024

/**
 * @param asked the request as it came; its body is text, '' where it has none
 * @param base address of this deployment, without a trailing slash
 */
export function withWays(
  error: GreenprintError,
  asked: { readonly method: string; readonly url: string; readonly body: string },
  base: string,
): GreenprintError {
  const { pathname, search } = new URL(asked.url)
  const { method } = asked
  const href = unsignedUrl(`${base}${pathname}${search}`)
  const isGet = method === 'GET'
  const body = isGet ? {} : bodyOf(asked.body)
  const unverified = new URL(href)
  unverified.searchParams.set('trust', 'transport')
  const ways: Way[] = [
    {
      title: 'With a token the files are read once, and every block is verified from then on.',
      method,
      href,
      headers: { authorization: 'Bearer <token>' },
      ...(isGet ? {} : { body }),
    },
    {
      title: 'Without one they can be read over TLS, unverified, and the result says so.',
      method,
      ...(isGet ? { href: unverified.href } : { href, body: { ...body, trust: 'transport' } }),
    },
  ]
  const { code, message, details } = error
  return new ProblemWithWays(code, message, ways, { details, cause: error })
}

function bodyOf(text: string): JsonObject {
  if (text.length > MOST_BODY) return {}
  const body: unknown = JSON.parse(text)
  return isJsonObject(body) ? unsignedJson(body) : {}
}
