// Records of verifications as they are read.

import { isJsonObject } from '../model/json.ts'
import type { Verification } from '../model/verification.ts'

/** null where there is no record, or one of another kind. */
export function readVerification(record: unknown): Verification | null {
  return isVerification(record) ? record : null
}

/** Records are written here only, under an id that holds the software's version: their shape is ours. */
function isVerification(record: unknown): record is Verification {
  return (
    isJsonObject(record) &&
    (typeof record['reproduced'] === 'boolean' || record['reproduced'] === null) &&
    typeof record['root'] === 'string'
  )
}
