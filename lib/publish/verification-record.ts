// Records of verifications as they are read.

import type { Verification } from '../model/verification.ts'

/** null for what is not the record of a verification. */
export function readVerification(record: unknown): Verification | null {
  return isVerification(record) ? record : null
}

/** Written here only, under an id that holds the software's version: its shape is ours. */
function isVerification(record: unknown): record is Verification {
  const known: Partial<Verification> = Object(record)
  return typeof known.reproduced === 'boolean' && typeof known.root === 'string'
}
