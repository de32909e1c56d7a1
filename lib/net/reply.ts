// What an HTTP request is answered, its body whole within a bound, or part by part.

import { Body } from './body.ts'
import { HttpFailure } from './failure.ts'
import type { AnswerHead, Incoming } from './incoming.ts'
import type { Timer } from './request-timer.ts'
import { unpacked, unpackerOf } from './unpacked.ts'

export interface HttpHead {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** Where the answer came from after redirects. */
  readonly url: string
}

export interface HttpReply extends HttpHead {
  /** Whole for 2xx; at most 4 KiB of anything else. */
  readonly body: Uint8Array<ArrayBuffer>
  /** Fields that came after the body. */
  readonly trailers: HttpHead['headers']
}

export interface HttpStream extends HttpHead {
  /**
   * In the order of their arrival, each lent until the next is asked for; read once.
   *
   * @throws {HttpFailure} when it ends before it is whole
   */
  readonly parts: AsyncIterable<Uint8Array>
  /** Must be called in the end, read or not: nothing more is fetched then. */
  close(): Promise<void>
}

/** What came of a request: its head, and the body that is still to be read. */
export interface Answer extends AnswerHead {
  readonly incoming: Incoming
}

/** Read of an answer that is not 2xx. */
const MAX_ERROR_BYTES = 4096

/** @throws {HttpFailure} `oversized` where it has more than `maxBytes`, or why it did not come whole */
export async function readReply(
  answer: Answer,
  url: URL,
  { method, maxBytes }: { readonly method?: string; readonly maxBytes: number },
  timer: Timer,
): Promise<HttpReply> {
  const head = headOf(answer, url)
  const { status, headers } = head
  const isGood = status >= 200 && status < 300
  const limit = isGood ? maxBytes : MAX_ERROR_BYTES
  try {
    const announced = Number(headers.get('content-length') ?? 0)
    if (isGood && method !== 'HEAD' && announced > limit) throw tooLarge(limit)
    const body = new Body(Math.min(announced, limit))
    const fits = (part: Uint8Array): boolean => {
      timer.progress()
      const left = limit - body.length
      body.add(part.length <= left ? part : part.subarray(0, left))
      return part.length <= left
    }
    const isWhole = await readBody(answer, fits)
    if (!isWhole && isGood) throw tooLarge(limit)
    return { ...head, body: body.take(), trailers: headersOf(answer.incoming.trailers) }
  } catch (error) {
    answer.incoming.stop()
    throw timer.explain(error)
  }
}

/** Hands over the body part by part, as it was before it was packed. @returns whether all of it was taken */
async function readBody(answer: Answer, take: (part: Uint8Array) => boolean): Promise<boolean> {
  const { incoming } = answer
  let isWhole = true
  const keep = (part: Uint8Array): boolean => (isWhole = take(part))
  const unpacker = unpackerOf(headerOf(answer.headers, 'content-encoding'))
  if (unpacker === null) await incoming.each(keep)
  else {
    for await (const part of unpacked(incoming.parts(false), unpacker)) if (!keep(part)) break
    incoming.stop()
  }
  return isWhole
}

/** @param end called once the reply is closed */
export function streamReply(answer: Answer, url: URL, timer: Timer, end: () => void): HttpStream {
  const head = headOf(answer, url)
  const { incoming } = answer
  async function* parts(): AsyncGenerator<Uint8Array> {
    timer.progress()
    const unpacker = unpackerOf(head.headers.get('content-encoding'))
    const plain =
      unpacker === null ? incoming.parts(true) : unpacked(incoming.parts(false), unpacker)
    try {
      for await (const part of plain) {
        // While the caller works on a part, the server is not waited for.
        timer.hold()
        yield part
        timer.progress()
      }
    } catch (error) {
      throw timer.explain(error)
    }
  }
  timer.hold()
  return {
    ...head,
    parts: parts(),
    async close() {
      incoming.stop()
      end()
    },
  }
}

function headOf({ statusCode: status, headers }: AnswerHead, url: URL): HttpHead {
  return { status, headers: headersOf(headers), url: url.href }
}

function headersOf(fields: AnswerHead['headers']): HttpHead['headers'] {
  return { get: (name) => headerOf(fields, name) }
}

export function headerOf(fields: AnswerHead['headers'], name: string): string | null {
  const value = fields[name.toLowerCase()]
  return (Array.isArray(value) ? value.join(', ') : value) ?? null
}

/** For an answer that nobody reads: a short body is read to its end, for the sake of the connection. */
export async function discard(answer: Answer): Promise<void> {
  if (Number(headerOf(answer.headers, 'content-length') ?? 0) > MAX_ERROR_BYTES)
    return answer.incoming.stop()
  let left = MAX_ERROR_BYTES
  await answer.incoming.each(({ length }) => (left -= length) >= 0).catch(() => undefined)
}

function tooLarge(limit: number): HttpFailure {
  return new HttpFailure('oversized', `body larger than ${limit} bytes`)
}
