// One file, or one path, as it is being read: what it cost and who served it.

import { blockKey, type Cid } from '../ipld/cid.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { ReadLedger } from './ledger.ts'
import type { Entry } from './race.ts'
import type { BlockSource } from './source.ts'

/** A block of a prefetch, and who sent it. */
interface Brought {
  readonly block: VerifiedBytes
  readonly source: string
}

/**
 * What is known of a block before it is fetched: a leaf holds a stretch of a file, the front is the one that begins
 * it, an inner node leads to others.
 */
export type BlockKind = 'root' | 'inner' | 'front' | 'leaf' | 'unknown'

export class ReadSession implements Entry {
  readonly ledger = new ReadLedger()
  /** The file's root, once it is known. */
  root: Cid | null = null
  /** Bytes at the file's front that are wanted at once. */
  front = 0
  /** Other places of this file's leaves. */
  mirrors: readonly BlockSource[] = []
  /** A prefetch that may bring the next blocks too; it ends in time and never throws. */
  opening: Promise<void> | null = null
  readonly #brought = new Map<string, Brought>()
  readonly #lacking = new Map<string, 'root' | 'leaf'>()

  /** Whether a store is known to lack this: who has a leaf has all, and who lacks the root has nothing of the file. */
  lacks(store: string, kind: BlockKind): boolean {
    const lacking = this.#lacking.get(store)
    if (kind === 'root' || kind === 'unknown') return false
    return lacking === 'root' || (kind === 'leaf' && lacking === 'leaf')
  }

  noteLack(store: string, kind: 'root' | 'leaf'): void {
    if (this.#lacking.get(store) !== 'root') this.#lacking.set(store, kind)
  }

  /** Takes in a checked block that came unasked: it goes no further unless this reading asks for it. */
  bring(cid: Cid, block: VerifiedBytes, source: string): void {
    this.#brought.set(blockKey(cid), { block, source })
  }

  brought(cid: Cid): Brought | null {
    return this.#brought.get(blockKey(cid)) ?? null
  }
}
