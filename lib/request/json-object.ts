// A JSON object as a schema takes it: whatever is in it was parsed, and judged by `checked`, before.

import type { Json } from '../model/json.ts'
import * as z from './zod.ts'

/** Not `z.json()`: its walk of the value takes ten times as long as the one that was made. */
const json = z.unknown().transform((value): Json => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON.parse gives
  return value as Json
})

export const jsonObject = z.record(z.string(), json)
