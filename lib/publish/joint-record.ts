// Records of rasters of several scenes as they are read.

import type { JointResult } from '../model/joint.ts'
import { isJsonObject } from '../model/json.ts'

/** null where there is no record, or one of another kind. */
export function readJointResult(record: unknown): JointResult | null {
  if (!isJointResult(record)) return null
  // 0.4.0 wrote its warnings among the facts alone.
  const { warnings, facts } = record
  return warnings.length > 0 ? record : { ...record, warnings: facts?.warnings ?? [] }
}

/** Records are written here only, under an id that holds the software's version: their shape is ours. */
function isJointResult(record: unknown): record is JointResult {
  return (
    isJsonObject(record) &&
    typeof record['root'] === 'string' &&
    isJsonObject(record['scenes']) &&
    isJsonObject(record['proof'])
  )
}
