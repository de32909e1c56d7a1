// Where blocks come from.

import type { Cid } from '../ipld/cid.ts'

/** A place that may hold blocks. It is never believed: whoever asks checks the hash. */
export interface BlockSource {
  /** For proofs and errors: a gateway's origin, `store`, `memory`. */
  readonly name: string
  /** The block's bytes, or null when it is not here. @throws {SourceFailure} */
  get(cid: Cid, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null>
}
