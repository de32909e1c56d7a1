// A plain copy over https: ranges of one version, signed where its host wants that, log-in pages told from files.

import type { Clock } from '../async/clock.ts'
import { kindOfStatus } from '../model/source-failure.ts'
import { isSignedUrl, unsignedUrl } from '../model/unsigned-url.ts'
import { toSourceFailure } from '../net/failure.ts'
import type { Http } from '../net/http.ts'
import type { HttpHead, HttpStream } from '../net/reply.ts'
import { readRetryAfter } from '../net/retry-after.ts'
import { isPacked } from '../net/unpacked.ts'
import type { SignedRequest, Signer } from '../signing/signer.ts'
import {
  CopyFailure,
  type CopyPart,
  type CopyVersion,
  isSameVersion,
  PackedFailure,
  type PlainCopy,
} from './plain-copy.ts'

/** A file without ranges may take as long as it likes, as long as it does not stall. */
const times = { firstByteMs: 10_000, stallMs: 4_000, totalMs: Infinity } as const
/** For a range of 8 MiB, and in proportion for a longer one: what a slow drip may cost. */
const RANGE_MS = 60_000
const RANGE_BYTES = 8 * 1024 * 1024

/**
 * @param href a caller's: the host policy holds for it and for every redirect
 * @param address what the copy is known by, where that is not `href`
 * @returns null for text that is no http(s) address
 */
export function createHttpCopy(
  href: string,
  http: Http,
  signer: Signer,
  clock: Clock,
  address = unsignedUrl(href),
): PlainCopy | null {
  if (!/^https?:/i.test(href) || !URL.canParse(href)) return null
  const { origin, host } = new URL(href)
  const plain = unsignedUrl(href)

  // What came signed is tried as it came; once refused, it is for this deployment to sign.
  let asItCame = isSignedUrl(href)

  async function ask(
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpStream> {
    const send = (signed: SignedRequest) =>
      http.stream(
        signed.url,
        { ...times, apart: true, headers: { ...headers, ...signed.headers } },
        signal,
      )
    if (asItCame) {
      const answer = await send({ url: href, headers: {} })
      if (!wantsSignature(answer)) return answer
      await answer.close()
      asItCame = false
    }
    let refused: SignedRequest | null = null
    for (;;) {
      const signed = await signer.sign(plain, refused, signal)
      const answer = await send(signed)
      const isSigned = signed.url !== plain || Object.keys(signed.headers).length > 0
      if (!wantsSignature(answer) || refused !== null || !isSigned) return answer
      await answer.close()
      refused = signed
    }
  }

  return {
    name: origin,
    address,
    async open(from, length, version, signal) {
      const headers = {
        range: `bytes=${from}-${from + length - 1}`,
        ...conditionOf(version),
      }
      let answer: HttpStream | null = null
      try {
        answer = await ask(headers, signal)
        return readAnswer(answer, { origin, host, from, length, version }, clock)
      } catch (error) {
        await answer?.close()
        signal.throwIfAborted()
        throw asCopyFailure(origin, error)
      }
    },
  }
}

/** If-Match compares strongly: a weak tag never matches there. RFC 9110, 13.1. */
function conditionOf(version: CopyVersion | null): Record<string, string> {
  if (version === null) return {}
  const { etag, last_modified } = version
  if (etag !== null && !etag.startsWith('W/')) return { 'if-match': etag }
  if (etag === null && last_modified !== null) return { 'if-unmodified-since': last_modified }
  return {}
}

interface Asked {
  readonly origin: string
  readonly host: string
  readonly from: number
  readonly length: number
  readonly version: CopyVersion | null
}

/** @throws {CopyFailure} for every answer that is not the part of the file */
function readAnswer(answer: HttpStream, asked: Asked, clock: Clock): CopyPart {
  const { status, headers } = answer
  const { origin, from, length, version } = asked
  refuseLogin(answer, asked)
  const found = versionOf(answer)
  if (status === 412 || (status === 416 && version !== null)) throw changed(origin, found)
  if (found?.size === 0 && version === null) {
    throw new CopyFailure(origin, 'refused', 'the file is empty', { trouble: 'empty' })
  }
  if (status !== 200 && status !== 206) {
    const retryAfterMs = readRetryAfter(headers.get('retry-after'), clock)
    throw new CopyFailure(origin, kindOfStatus(status), `HTTP ${status}`, { retryAfterMs })
  }
  const coding = headers.get('content-encoding') ?? 'identity'
  // Of the whole file its own size is not told then.
  if (isPacked(coding) && status === 200) throw new PackedFailure(origin, coding)
  if (version !== null && found !== null && !isSameVersion(version, found)) {
    throw changed(origin, found)
  }
  const isWhole = !isPart(answer)
  if (isWhole && from > 0) throw new CopyFailure(origin, 'refused', 'does not answer ranges')
  if (!isWhole) {
    const last = Math.min(from + length, found?.size ?? Infinity) - 1
    const told = headers.get('content-range') ?? 'none'
    if (!told.startsWith(`bytes ${from}-${last}/`)) {
      throw new CopyFailure(origin, 'refused', `answered another range (${told})`)
    }
  }
  return {
    version: found,
    isWhole,
    packing: isPacked(coding) ? coding : null,
    pieces: piecesOf(answer, origin, isWhole ? times.totalMs : longestOf(length), clock),
    close: () => answer.close(),
  }
}

function longestOf(length: number): number {
  return RANGE_MS * Math.max(1, length / RANGE_BYTES)
}

function changed(origin: string, found: CopyVersion | null): CopyFailure {
  return new CopyFailure(origin, 'refused', 'is another version of the file by now', {
    trouble: 'changed',
    ...(found === null ? {} : { found }),
  })
}

/** Gateways were seen to answer a range with 200 and say which it is: taken for the file, it would be a short one. */
function isPart({ status, headers }: HttpHead): boolean {
  if (status !== 200) return status === 206
  const told = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '')
  if (told === null) return false
  const [, first, last, size] = told
  return first !== '0' || Number(last) + 1 !== Number(size)
}

/** null where the answer does not tell the size of the file. */
function versionOf(answer: HttpHead): CopyVersion | null {
  const { status, headers } = answer
  if (status !== 200 && status !== 206 && status !== 416) return null
  const isWhole = status === 200 && !isPart(answer)
  const whole = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1]
  const told = isWhole ? (headers.get('content-length') ?? undefined) : whole
  const size = Number(told)
  if (told === undefined || !Number.isSafeInteger(size)) return null
  return { size, etag: headers.get('etag'), last_modified: headers.get('last-modified') }
}

/** Asked for a signature, or for another one: what Azure says of an unsigned address is 409. */
function wantsSignature({ status }: HttpHead): boolean {
  return status === 401 || status === 403 || status === 409
}

/**
 * Who is not known is sent to a page of another host, or gets a web page for a file.
 *
 * @throws {CopyFailure}
 */
function refuseLogin({ status, headers, url }: HttpHead, { origin, host }: Asked): void {
  const there = new URL(url).host
  const isPage = /^(text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? '')
  const isElsewhere = there !== host
  const isRefused = status === 401 || status === 403 || status === 409
  if (!isRefused && !(isPage && (isElsewhere || status === 200))) return
  const reason = isElsewhere
    ? `wants a login: it redirects to ${there}`
    : status === 200
      ? 'wants a login: it answers with a web page'
      : status === 403
        ? 'wants a login or a signature, or has no such file: HTTP 403'
        : `wants a login or a signature: HTTP ${status}`
  throw new CopyFailure(origin, 'refused', reason, { trouble: 'login' })
}

/** @param mostMs for all of them; Infinity where there is no limit. @throws {CopyFailure} */
async function* piecesOf(
  { parts }: HttpStream,
  origin: string,
  mostMs: number,
  clock: Clock,
): AsyncGenerator<Uint8Array> {
  const start = clock.elapsed()
  try {
    for await (const piece of parts) {
      yield piece
      if (clock.elapsed() - start > mostMs) {
        throw new CopyFailure(origin, 'slow', `not finished within ${mostMs} ms`)
      }
    }
  } catch (error) {
    throw asCopyFailure(origin, error)
  }
}

function asCopyFailure(origin: string, error: unknown): CopyFailure {
  if (error instanceof CopyFailure) return error
  const { kind, message } = toSourceFailure(origin, error)
  return new CopyFailure(origin, kind === 'oversized' ? 'refused' : kind, message, { cause: error })
}
