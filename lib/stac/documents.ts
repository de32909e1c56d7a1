// The network as this room sees it: JSON documents by address. lib/services says who fetches them.

import type { Json } from '../model/json.ts'

export interface JsonDocument {
  readonly value: unknown
  /** Where it was read in the end, after redirects. */
  readonly href: string
}

/** The cause of a fault that will not pass: the server says that nothing is at the address (404, 410). */
export class NothingThere extends Error {
  override readonly name = 'NothingThere'
}

/** Whether a document could not be had because there is none. */
export function isNothingThere(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof NothingThere
}

/** Answers that are not JSON, or not a success, are thrown as GreenprintError. */
export interface Documents {
  json(
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<JsonDocument>
  /** Sends `body` as `application/json`. */
  post(
    url: string,
    body: Json,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<JsonDocument>
}
