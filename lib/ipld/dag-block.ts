// A block of a DAG under its CID.

import type { VerifiedBytes } from '../model/bytes.ts'
import type { Cid } from './cid.ts'

export interface DagBlock {
  readonly cid: Cid
  readonly bytes: VerifiedBytes
}
