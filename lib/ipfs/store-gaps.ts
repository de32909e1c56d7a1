// Which own stores lack a file, so that they are not asked for each of its blocks.

/**
 * What is known of a block before it is fetched: a leaf holds part of a file, the front is the one that begins it, an
 * inner node leads to others.
 */
export type BlockKind = 'root' | 'inner' | 'front' | 'leaf' | 'unknown'

/** Filled while one file is read. */
export class StoreGaps {
  readonly #lacking = new Map<string, 'root' | 'leaf'>()
  #isRemote = false

  /** Whether the root had to come over the network: most of the rest will have to, too. */
  get isRemote(): boolean {
    return this.#isRemote
  }

  /** A store that has one leaf has them all, and one that lacks the root has nothing of the file. */
  lacks(store: string, kind: BlockKind): boolean {
    const lacking = this.#lacking.get(store)
    if (kind === 'root' || kind === 'unknown') return false
    return lacking === 'root' || (kind === 'leaf' && lacking === 'leaf')
  }

  noteRemote(): void {
    this.#isRemote = true
  }

  note(store: string, kind: BlockKind): void {
    if (kind !== 'root' && kind !== 'leaf') return
    if (this.#lacking.get(store) !== 'root') this.#lacking.set(store, kind)
  }
}
