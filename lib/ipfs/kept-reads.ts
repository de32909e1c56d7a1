// What one request brought over the network, on its way into the caches: nothing stays of a request that is refused.

import { blockKey, type Cid } from '../ipld/cid.ts'
import { beginsWithLinks, linksOf } from '../ipld/unixfs.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { ByteCache } from '../store/disk/disk-cache.ts'
import type { BlockKind } from './store-gaps.ts'

/** Where blocks are kept that were read. */
export interface ReadCaches {
  /** Of this machine, bounded by bytes; null where there is none. */
  readonly disk: ByteCache | null
  /** For every process after this: what no reading does without. Null for callers of whom nothing may last. */
  readonly lasting: ((cid: Cid, block: VerifiedBytes) => Promise<void>) | null
  /** Runs work that nobody waits for. */
  readonly goOn: (work: () => Promise<unknown>) => void
}

interface KeptBlock {
  readonly cid: Cid
  readonly block: VerifiedBytes
}

/** A quarter of the cache of a machine: no request turns out all that others read. */
const MOST_ON_DISK = 64 * 1024 * 1024
/** Held in memory until it is known that there is a raster, and until the end for what lasts. */
const MOST_HELD = 8 * 1024 * 1024

/**
 * Blocks go to this machine's disk once the raster was opened, each request a share of it. Inner nodes, and the leaf
 * that a file's header lies in, last: they go where every process finds them, once the request has succeeded. A
 * request that runs out of time or of sources leaves its share, so that the next goes on from there.
 */
export class KeptReads implements AsyncDisposable {
  readonly #caches: ReadCaches
  readonly #signal: AbortSignal
  /** null once the raster was opened. */
  #waiting: KeptBlock[] | null = []
  readonly #lasting: KeptBlock[] = []
  readonly #written: string[] = []
  #heldLeft = MOST_HELD
  #diskLeft = MOST_ON_DISK
  #stays = false

  /** @param signal of the request: when it is aborted, what is there stays */
  constructor(caches: ReadCaches, signal: AbortSignal) {
    this.#caches = caches
    this.#signal = signal
  }

  note(cid: Cid, kind: BlockKind, block: VerifiedBytes): void {
    const kept = { cid, block }
    if (this.#waiting === null) this.#write(kept)
    else if (this.#hold(kept)) this.#waiting.push(kept)
    const { lasting } = this.#caches
    if (lasting !== null && (kind === 'front' || isInner(cid, block)) && this.#hold(kept)) {
      this.#lasting.push(kept)
    }
  }

  /** There is a raster: what came until now is worth its place on the disk, and so is what follows. */
  opened(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const kept of waiting) this.#write(kept)
  }

  /** No source had a block: that is nobody's fault, and whoever asks again goes on from here. */
  interrupted(): void {
    this.#stays = true
  }

  /** The request has its answer. */
  succeeded(): void {
    this.#stays = true
    const { lasting, goOn } = this.#caches
    if (lasting === null) return
    for (const { cid, block } of this.#lasting.splice(0)) goOn(() => lasting(cid, block))
  }

  /** Takes back what was written, unless it stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stays || this.#signal.aborted) return this.opened()
    const { disk, goOn } = this.#caches
    for (const key of this.#written.splice(0)) goOn(async () => disk?.remove(key))
  }

  #hold({ block }: KeptBlock): boolean {
    if (block.length > this.#heldLeft) return false
    this.#heldLeft -= block.length
    return true
  }

  #write({ cid, block }: KeptBlock): void {
    const { disk, goOn } = this.#caches
    if (disk === null || block.length > this.#diskLeft) return
    this.#diskLeft -= block.length
    const key = blockKey(cid)
    this.#written.push(key)
    goOn(() => disk.put(key, block))
  }
}

function isInner(cid: Cid, block: VerifiedBytes): boolean {
  return beginsWithLinks(cid, block) || linksOf(cid, block).length > 0
}
