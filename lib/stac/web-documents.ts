// JSON documents over https, and from IPFS by content.

import { startDeadline } from '../async/deadline.ts'
import { describeError, type ErrorCode, GreenprintError } from '../errors.ts'
import type { Blocks } from '../ipfs/blocks.ts'
import { ReadSession } from '../ipfs/read-session.ts'
import { openPath } from '../ipfs/resolve-path.ts'
import { isJsonObject } from '../model/json.ts'
import type { ContentReference } from '../model/scene.ts'
import { HttpFailure } from '../net/failure.ts'
import type { Http, HttpRequest } from '../net/http.ts'
import { findContentReference, formatContentReference } from './content-reference.ts'
import { type DocumentSize, type Documents, HttpRefusal, NothingThere } from './documents.ts'
import { MOST_OF_ONE, readDocument, readPageText, UnreadText } from './page-text.ts'

/** The largest page seen has a few MB. */
const MOST_OF_PAGE = 10 * 1024 * 1024
const most: Readonly<Record<DocumentSize, number>> = { one: MOST_OF_ONE, page: MOST_OF_PAGE }
const limits = { firstByteMs: 8_000, stallMs: 4_000, totalMs: 15_000 } as const
/** For what is looked for elsewhere, before the first fault is told. */
const INSTEAD_MS = 8_000

export function createWebDocuments(http: Http, blocks: Blocks): Documents {
  async function fetchJson(
    url: string,
    request: Partial<HttpRequest>,
    size: DocumentSize,
    code: ErrorCode,
    signal: AbortSignal,
  ) {
    const reply = await http
      .request(url, { ...limits, maxBytes: most[size], ...request }, signal)
      .catch((cause: unknown) => {
        signal.throwIfAborted()
        if (cause instanceof GreenprintError) throw cause
        if (cause instanceof HttpFailure && cause.kind === 'oversized') throw tooLarge(url, size)
        throw new GreenprintError(code, `${url} could not be fetched: ${describeError(cause)}.`, {
          cause,
        })
      })
    if (reply.status < 200 || reply.status > 299) {
      const text = new TextDecoder().decode(reply.body)
      const message = `${url} answered HTTP ${reply.status}${firstWords(text)}.`
      const isFinal = reply.status === 404 || reply.status === 410
      const words = saidIn(text)
      const cause = isFinal ? new NothingThere(words) : new HttpRefusal(reply.status, words)
      throw new GreenprintError(code, message, { cause })
    }
    const fault = code === 'search_failed' ? code : 'item_invalid'
    const value = await read(url, reply.body, size, fault, signal)
    return { value, href: reply.url }
  }

  /**
   * What a gateway's address names, from wherever it can be had: gateways are shut down, others sell web pages at their
   * names, and their addresses stay.
   */
  async function byItsContent(url: string, signal: AbortSignal) {
    const time = startDeadline(INSTEAD_MS, signal)
    try {
      const content = findContentReference(url)
      if (content === null) return null
      const href = formatContentReference(content)
      return { value: await readContent(content, href, blocks, time.signal), href }
    } catch {
      signal.throwIfAborted()
      return null
    } finally {
      time.clear()
    }
  }

  return {
    async json(url, headers, signal, size = 'one') {
      const content = /^https?:/i.test(url) ? null : findContentReference(url)
      if (content !== null) {
        const href = /^ipfs:/i.test(url) ? url : formatContentReference(content)
        return { value: await readContent(content, href, blocks, signal), href }
      }
      const accept = 'application/geo+json, application/json'
      const request = { headers: { accept, ...headers } }
      try {
        return await fetchJson(url, request, size, 'item_unreachable', signal)
      } catch (error) {
        const isFault = error instanceof GreenprintError
        const document = isFault ? await byItsContent(url, signal) : null
        if (document === null) throw error
        return document
      }
    },
    async post(url, body, headers, signal) {
      const accept = 'application/geo+json, application/json'
      const request = {
        method: 'POST' as const,
        body: JSON.stringify(body),
        headers: { accept, 'content-type': 'application/json', ...headers },
      }
      return fetchJson(url, request, 'page', 'search_failed', signal)
    },
  }
}

async function read(
  where: string,
  bytes: Uint8Array,
  size: DocumentSize,
  code: ErrorCode,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    return size === 'page' ? await readPageText(bytes, signal) : readDocument(bytes)
  } catch (error) {
    if (!(error instanceof UnreadText)) throw error
    const told = error.isTooLarge ? 'too_large' : code
    throw new GreenprintError(told, `${where} ${error.message}.`, { cause: error })
  }
}

/** Told as what no second attempt changes. */
function tooLarge(url: string, size: DocumentSize): GreenprintError {
  const bytes = `${url} has more than ${most[size]} bytes`
  return size === 'one'
    ? new GreenprintError('item_invalid', `${bytes}: too large for a STAC item.`)
    : new GreenprintError(
        'too_large',
        `${bytes}: too large for a page of a search. Ask for fewer items ("limit"), or name one "collection".`,
      )
}

/** The sentence of an error, as STAC APIs, FastAPI and problem details write it; else its first words. */
function saidIn(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    const { description, detail, message, title } = isJsonObject(value) ? value : {}
    const said = [description, detail, message, title].find((words) => words !== undefined)
    const words = typeof said === 'string' ? said : JSON.stringify(said ?? value)
    return words.replace(/\s+/g, ' ').trim().slice(0, 400)
  } catch {
    return firstWords(text).replace(/^: /, '')
  }
}

/** Enough of an answer to recognise it by. */
function firstWords(text: string): string {
  const words = text
    .slice(0, 200)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 80)
  return words === '' ? '' : `: "${words}"`
}

async function readContent(
  reference: ContentReference,
  url: string,
  blocks: Blocks,
  signal: AbortSignal,
): Promise<unknown> {
  const file = await openPath(reference, blocks, new ReadSession(), signal)
  if (file.size > MOST_OF_ONE) throw tooLarge(url, 'one')
  const [bytes = new Uint8Array(0)] = await file.readAll([{ offset: 0, length: file.size }], signal)
  return read(url, bytes, 'one', 'item_invalid', signal)
}
