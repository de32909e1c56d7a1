// Verified blocks in memory, the least recently used leaving first. Not a package: a Map keeps insertion order, which
// is all that this needs, and what is counted is bytes.

import type { VerifiedBytes } from '../model/bytes.ts'

export class BlockCache {
  readonly #blocks = new Map<string, VerifiedBytes>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get(key: string): VerifiedBytes | undefined {
    const block = this.#blocks.get(key)
    if (block === undefined) return undefined
    // A Map keeps insertion order: re-inserting makes this the newest.
    this.#blocks.delete(key)
    this.#blocks.set(key, block)
    return block
  }

  put(key: string, block: VerifiedBytes): void {
    if (this.#blocks.has(key) || block.length > this.#maxBytes) return
    this.#blocks.set(key, block)
    this.#bytes += block.length
    for (const [oldest, { length }] of this.#blocks) {
      if (this.#bytes <= this.#maxBytes) return
      this.#blocks.delete(oldest)
      this.#bytes -= length
    }
  }
}
