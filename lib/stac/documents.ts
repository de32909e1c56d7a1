// The network as this room sees it: JSON documents by address. lib/services says who fetches them.

import type { Json } from '../model/json.ts'

export interface JsonDocument {
  readonly value: unknown
  /** Where it was read in the end, after redirects. */
  readonly href: string
}

/** The cause of a fault that a server told by its status. */
export class HttpRefusal extends Error {
  override readonly name: string = 'HttpRefusal'
  readonly status: number
  /** What the server said, on one line; '' where it said nothing. */
  readonly words: string

  constructor(status: number, words: string) {
    super(`HTTP ${status}`)
    this.status = status
    this.words = words
  }
}

/** The cause of a fault that will not pass: the server says that nothing is at the address (404, 410). */
export class NothingThere extends HttpRefusal {
  override readonly name = 'NothingThere'

  constructor(words = '') {
    super(404, words)
  }
}

/** Status of the server that a fault comes from, or null. */
export function httpStatusOf(error: unknown): number | null {
  return refusalIn(error)?.status ?? null
}

/** What the server of a fault said. */
export function wordsOf(error: unknown): string {
  return refusalIn(error)?.words ?? ''
}

/** Faults wrap one another a few times. */
function refusalIn(error: unknown, depth = 0): HttpRefusal | null {
  if (error instanceof HttpRefusal) return error
  return error instanceof Error && depth < 5 ? refusalIn(error.cause, depth + 1) : null
}

/** Whether a document could not be had because there is none. */
export function isNothingThere(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof NothingThere
}

/** One thing, an item for instance, as long as nothing else is said; or a page of many. */
export type DocumentSize = 'one' | 'page'

/** Answers that are not JSON, or not a success, are thrown as GreenprintError. */
export interface Documents {
  json(
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    size?: DocumentSize,
  ): Promise<JsonDocument>
  /** Sends `body` as `application/json`. */
  post(
    url: string,
    body: Json,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<JsonDocument>
}
