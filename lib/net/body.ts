// A body as it arrives, put together in one piece: where its length is announced, without a second copy.

import { unwrittenMemory } from '../model/unwritten-memory.ts'

/** What an unannounced body gets at first. */
const FIRST_BYTES = 64 * 1024

export class Body {
  #room: Uint8Array<ArrayBuffer>
  #length = 0

  /**
   * @param announced bytes to expect, 0 if unknown; at most so many as may be held are reserved, whatever a server
   * says
   */
  constructor(announced: number) {
    this.#room = unwrittenMemory(announced > 0 ? announced : FIRST_BYTES)
  }

  get length(): number {
    return this.#length
  }

  /** What was added until now: no more is written into it. */
  get front(): Uint8Array<ArrayBuffer> {
    return this.#room.subarray(0, this.#length)
  }

  add(part: Uint8Array): void {
    const end = this.#length + part.length
    if (end > this.#room.length) {
      const larger = unwrittenMemory(Math.max(end, 2 * this.#room.length))
      larger.set(this.#room.subarray(0, this.#length))
      this.#room = larger
    }
    this.#room.set(part, this.#length)
    this.#length = end
  }

  /** Everything that was added, in memory of its own. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#length === this.#room.length ? this.#room : this.#room.slice(0, this.#length)
  }
}
