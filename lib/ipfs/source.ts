// Where blocks come from.

import type { Cid } from '../ipld/cid.ts'
import type { VerifiedBytes } from '../model/bytes.ts'

/** A place that may hold blocks. Its answers are not trusted: the caller checks the hash. */
export interface BlockSource {
  /** For proofs and errors: a gateway's origin, `store`, `memory`. */
  readonly name: string
  /** Who runs it: sources of one operator fail together. Absent = nobody else runs others. */
  readonly operator?: string
  /** The block's bytes, or null when it is not here. @throws {SourceFailure} */
  get(cid: Cid, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null>
}

/** A source that makes each block and tries whether it fits: what it gives was checked. */
export interface CheckedSource extends Pick<BlockSource, 'name' | 'operator'> {
  /** Whether it is known to have the file: it is asked before those that may. */
  readonly isSure: boolean
  /** @throws {SourceFailure} */
  make(cid: Cid, signal: AbortSignal): Promise<VerifiedBytes>
}

export type AnySource = BlockSource | CheckedSource

export interface Served {
  readonly block: VerifiedBytes
  /** Name of the source whose bytes fitted. */
  readonly source: string
}

/** Blocks that come together, in one answer. */
export interface Prefetch {
  /** Sends the request, once. A block that comes is used by this reading alone. */
  start(): void
  /** The block as soon as it is here; null when it will not come, or no request was sent. */
  take(cid: Cid): Promise<Served | null>
}
