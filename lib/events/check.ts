// The event of a check that was planned when a result was published.

import { isJsonObject } from '../model/json.ts'

/** The root to look for; null for the event of a search. */
export function readCheck(event: unknown): string | null {
  const root = isJsonObject(event) ? event['check'] : undefined
  return typeof root === 'string' ? root : null
}
