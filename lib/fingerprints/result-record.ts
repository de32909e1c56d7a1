// Records of fingerprint results as they are read.

import type { FingerprintResult } from '../model/fingerprint-result.ts'
import { isJsonObject } from '../model/json.ts'

/** null where there is no record, or one of another kind. */
export function readFingerprintResult(record: unknown): FingerprintResult | null {
  return isFingerprintResult(record) ? record : null
}

/** Records are written here only, under an id that holds the software's version: their shape is ours. */
function isFingerprintResult(record: unknown): record is FingerprintResult {
  return (
    isJsonObject(record) &&
    typeof record['root'] === 'string' &&
    isJsonObject(record['fingerprints']) &&
    isJsonObject(record['stac'])
  )
}
