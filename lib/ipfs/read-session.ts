// One file, or one path, as it is being read: what is known of it, and the ledger of what reading it costs.

import type { Cid } from '../ipld/cid.ts'
import type { KeptReads } from './kept-reads.ts'
import { ReadLedger } from './ledger.ts'
import type { AnySource, Prefetch } from './source.ts'
import { StoreGaps } from './store-gaps.ts'

/** What a part of a reading may know besides. */
interface Known {
  /** The file's root, once it is known. */
  readonly root: Cid | null
  /** Other places of this file's leaves. */
  readonly mirrors: readonly AnySource[]
  /** Blocks of this part that come together. */
  readonly prefetch: Prefetch | null
  /** What takes the blocks that come over the network; null where none is kept. */
  readonly kept: KeptReads | null
}

const nothing: Known = { root: null, mirrors: [], prefetch: null, kept: null }

/** Immutable: a part of the reading that knows more has a session of its own, with the same ledger. */
export class ReadSession implements Known {
  readonly root: Known['root']
  readonly mirrors: Known['mirrors']
  readonly prefetch: Known['prefetch']
  readonly kept: Known['kept']
  /** What the whole reading cost. */
  readonly ledger: ReadLedger
  /** Own stores that are known to lack it, or its leaves. */
  readonly gaps: StoreGaps

  constructor(known: Known = nothing, ledger = new ReadLedger(), gaps = new StoreGaps()) {
    this.root = known.root
    this.mirrors = known.mirrors
    this.prefetch = known.prefetch
    this.kept = known.kept
    this.ledger = ledger
    this.gaps = gaps
  }

  with(more: Partial<Known>): ReadSession {
    const { root, mirrors, prefetch, kept } = this
    return new ReadSession({ root, mirrors, prefetch, kept, ...more }, this.ledger, this.gaps)
  }
}
