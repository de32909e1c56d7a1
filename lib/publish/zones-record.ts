// Records of counted zones as they are read.

import { isJsonObject } from '../model/json.ts'
import type { ZonesResult } from '../model/zones.ts'

/** null where there is no record, or one of another kind. */
export function readZonesResult(record: unknown): ZonesResult | null {
  return isZonesResult(record) ? record : null
}

/** Records are written here only, under an id that holds the software's version: their shape is ours. */
function isZonesResult(record: unknown): record is ZonesResult {
  return (
    isJsonObject(record) &&
    typeof record['root'] === 'string' &&
    Array.isArray(record['rows']) &&
    typeof record['trust'] === 'string'
  )
}
