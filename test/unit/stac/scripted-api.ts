// A STAC API in memory: answers by script, keeps what it was asked.

import type { Json, JsonObject } from '../../../lib/model/json.ts'
import type { Documents, JsonDocument } from '../../../lib/stac/documents.ts'

export interface Asked {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json
}

type Answer = JsonObject | readonly Json[] | string | number | null | Error

export class ScriptedApi implements Documents {
  readonly asked: Asked[] = []
  readonly #answer: (asked: Asked, count: number) => Answer

  /** Answers in turn, the last one for ever; or one function for all. */
  constructor(answers: readonly Answer[] | ((asked: Asked, count: number) => Answer)) {
    this.#answer =
      typeof answers === 'function'
        ? answers
        : (_asked, count) => answers[Math.min(count, answers.length - 1)] ?? null
  }

  json(url: string, headers: Asked['headers'], signal: AbortSignal): Promise<JsonDocument> {
    return this.#reply({ method: 'GET', url, headers, body: null }, signal)
  }

  post(
    url: string,
    body: Json,
    headers: Asked['headers'],
    signal: AbortSignal,
  ): Promise<JsonDocument> {
    return this.#reply({ method: 'POST', url, headers, body: structuredClone(body) }, signal)
  }

  async #reply(asked: Asked, signal: AbortSignal): Promise<JsonDocument> {
    signal.throwIfAborted()
    const answer = this.#answer(asked, this.asked.length)
    this.asked.push(asked)
    if (answer instanceof Error) throw answer
    return { value: answer, href: asked.url }
  }
}

/** One page of a search. */
export function page(
  features: readonly Json[],
  next: JsonObject | null = null,
  more: JsonObject = {},
): JsonObject {
  return {
    type: 'FeatureCollection',
    features,
    links: next === null ? [] : [{ rel: 'next', ...next }],
    ...more,
  }
}
