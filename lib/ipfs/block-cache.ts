// Verified blocks in memory, the least recently used leaving first. Not a package: a Map keeps insertion order, which
// is all that this needs, and what is counted is the memory that blocks lie in.

import type { VerifiedBytes } from '../model/bytes.ts'

export class BlockCache {
  readonly #blocks = new Map<string, VerifiedBytes>()
  /** How many blocks of the cache lie in a piece of memory: all of it stays as long as one does. */
  readonly #lying = new Map<ArrayBufferLike, number>()
  readonly #maxBytes: number
  #bytes = 0

  /** @param maxBytes of memory; leaves that came together lie together, up to 8 MiB of them */
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
    const { buffer } = block
    if (this.#blocks.has(key) || buffer.byteLength > this.#maxBytes) return
    this.#blocks.set(key, block)
    const others = this.#lying.get(buffer) ?? 0
    this.#lying.set(buffer, others + 1)
    if (others === 0) this.#bytes += buffer.byteLength
    for (const [oldest, left] of this.#blocks) {
      if (this.#bytes <= this.#maxBytes) return
      this.#blocks.delete(oldest)
      this.#leave(left.buffer)
    }
  }

  #leave(buffer: ArrayBufferLike): void {
    const others = (this.#lying.get(buffer) ?? 1) - 1
    if (others > 0) this.#lying.set(buffer, others)
    else {
      this.#lying.delete(buffer)
      this.#bytes -= buffer.byteLength
    }
  }
}
