// Memory that a computation uses again and again: what one step has given back is the next one's, as it was left.

import { freeMemory } from './free-memory.ts'

/** Every piece of memory that is given back waits for whoever wants at most as much. */
export class MemoryPool<Memory extends ArrayBufferLike> implements Disposable {
  readonly #make: (bytes: number) => Memory
  readonly #free: Memory[] = []

  constructor(make: (bytes: number) => Memory) {
    this.#make = make
  }

  /**
   * Of at least so many bytes, which are any. Where none that waits is as large, the largest of them gives way: there
   * are never more pieces than were in use at a time.
   */
  take(bytes: number): Memory {
    const sorted = this.#free.toSorted((one, other) => one.byteLength - other.byteLength)
    const fitting = sorted.find((memory) => memory.byteLength >= bytes)
    const taken = fitting ?? sorted.at(-1)
    if (taken !== undefined) this.#free.splice(this.#free.indexOf(taken), 1)
    return fitting ?? this.#make(bytes)
  }

  /** Whoever gives it back must not touch it any more. */
  give(memory: Memory): void {
    this.#free.push(memory)
  }

  /** Frees what was given back. */
  [Symbol.dispose](): void {
    for (const memory of this.#free.splice(0)) freeMemory(memory)
  }
}
