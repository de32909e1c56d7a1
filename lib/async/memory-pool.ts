// Memory that a computation uses again and again: what one step has given back is the next one's, as it was left.

/** Every piece of memory that is given back waits for whoever wants at most as much. */
export class MemoryPool<Memory extends ArrayBufferLike> {
  readonly #make: (bytes: number) => Memory
  readonly #free: Memory[] = []

  constructor(make: (bytes: number) => Memory) {
    this.#make = make
  }

  /** Of at least so many bytes, which are any. */
  take(bytes: number): Memory {
    const fitting = this.#free
      .filter((memory) => memory.byteLength >= bytes)
      .toSorted((one, other) => one.byteLength - other.byteLength)
    const [smallest] = fitting
    if (smallest === undefined) return this.#make(bytes)
    this.#free.splice(this.#free.indexOf(smallest), 1)
    return smallest
  }

  /** Whoever gives it back must not touch it any more. */
  give(memory: Memory): void {
    this.#free.push(memory)
  }
}
