// The ways on from a refused request: the same request, ready to be sent again otherwise.

import { GreenprintError, type TooManyPixels } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { TileSource } from '../model/tile.ts'
import { unsignedJson, unsignedUrl } from '../model/unsigned-url.ts'
import { Conflict, ProblemWithWays, type Way } from './problem.ts'

export function isFingerprintNeeded(error: unknown): error is GreenprintError {
  return error instanceof GreenprintError && error.code === 'fingerprint_needed'
}

/** A larger body is not sent back: of it, the field to be set alone is told. */
const MOST_BODY = 16 * 1024

/** A request as it came; its body is text, '' where it has none. */
export interface AskedRequest {
  readonly method: string
  readonly url: string
  readonly body: string
}

const token = { authorization: 'Bearer <token>' } as const

/** @param base address of this deployment, without a trailing slash */
export function withTrustWays(
  error: GreenprintError,
  asked: AskedRequest,
  base: string,
): GreenprintError {
  return withWays(error, [
    {
      title: 'With a token the files are read once, and every block is verified from then on.',
      ...again(asked, base, {}),
      headers: token,
    },
    {
      title: 'Without one they can be read over TLS, unverified, and the result says so.',
      ...again(asked, base, { trust: 'transport' }),
    },
  ])
}

/**
 * For a grid that only a job may compute.
 *
 * @param base address of this deployment, without a trailing slash
 * @param hasJobs whether a token gives jobs here
 */
export function withSizeWays(
  error: TooManyPixels,
  asked: AskedRequest,
  base: string,
  hasJobs: boolean,
): GreenprintError {
  const { maxSize } = error
  const job: Way = {
    title: 'With a token it is computed by a job.',
    ...again(asked, base, {}),
    headers: { ...token, prefer: 'respond-async' },
  }
  const smaller = (size: number): Way => ({
    title: 'From an overview of the file it is computed at once.',
    ...again(asked, base, { max_size: size }),
  })
  return withWays(error, [
    ...(hasJobs ? [job] : []),
    ...(maxSize === null ? [] : [smaller(maxSize)]),
  ])
}

function withWays(error: GreenprintError, ways: readonly Way[]): GreenprintError {
  if (ways.length === 0) return error
  const { code, message, details } = error
  return new ProblemWithWays(code, message, ways, { details, cause: error })
}

/** The same request with other fields. */
function again(
  { method, url, body }: AskedRequest,
  base: string,
  fields: Readonly<Record<string, string | number>>,
): Pick<Way, 'method' | 'href' | 'body'> {
  const { pathname, search } = new URL(url)
  const href = unsignedUrl(`${base}${pathname}${search}`)
  if (method !== 'GET') return { method, href, body: { ...bodyOf(body), ...fields } }
  const address = new URL(href)
  for (const [name, value] of Object.entries(fields)) {
    address.searchParams.set(name, String(value))
  }
  return { method, href: address.href }
}

function bodyOf(text: string): JsonObject {
  if (text.length > MOST_BODY) return {}
  const body: unknown = JSON.parse(text)
  return isJsonObject(body) ? unsignedJson(body) : {}
}

/** Of a map: its tiles and points have nothing fingerprinted, whoever asks for them. */
export function withMapWays(
  { code, message, details }: GreenprintError,
  url: string,
  source: TileSource,
  base: string,
): GreenprintError {
  const { pathname, search } = new URL(url)
  const unverified = new URL(unsignedUrl(`${base}${pathname}${search}`))
  unverified.searchParams.set('trust', 'transport')
  const { item, search: sought } = source.kind === 'scene' ? source.request : {}
  const body = unsignedJson(item === undefined ? { search: { ...sought } } : { item })
  const isSmall = JSON.stringify(body).length <= MOST_BODY
  const [what = message] = message.split('. ')
  return new Conflict(
    code,
    `${what}. A map never has that done: POST /fingerprint does, once, and needs a token; "trust": "transport" reads them unverified.`,
    [
      {
        title:
          'With a token the files are read once; every block of the map is verified from then on.',
        method: 'POST',
        href: `${base}/fingerprint`,
        headers: { authorization: 'Bearer <token>', 'content-type': 'application/json' },
        ...(isSmall ? { body } : {}),
      },
      {
        title: 'Without one the map can be made of bytes that are read over TLS, unverified.',
        method: 'GET',
        href: unverified.href,
      },
    ],
    { details },
  )
}
