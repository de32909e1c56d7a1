// The memory that whole files are read through: as many buffers as there are, lent and given back.

export class BufferPool {
  /** Bytes of one buffer. */
  readonly size: number
  readonly #free: Uint8Array<ArrayBuffer>[] = []
  readonly #waiting: ((buffer: Uint8Array<ArrayBuffer>) => void)[] = []
  #unmade: number

  /** @param count buffers there may be at once; each is made when it is first needed */
  constructor(count: number, size: number) {
    this.#unmade = count
    this.size = size
  }

  /** The next one that is free, in the order of asking. What is in it is of somebody else's file. */
  take(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    signal.throwIfAborted()
    const free = this.#free.pop() ?? this.#make()
    if (free !== null) return Promise.resolve(free)
    return new Promise((resolve, reject) => {
      const proceed = (buffer: Uint8Array<ArrayBuffer>) => {
        signal.removeEventListener('abort', leave)
        resolve(buffer)
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(proceed), 1)
        reject(signal.reason)
      }
      this.#waiting.push(proceed)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  /** Its taker must not look at it any more. */
  give(buffer: Uint8Array<ArrayBuffer>): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(buffer)
    else next(buffer)
  }

  #make(): Uint8Array<ArrayBuffer> | null {
    if (this.#unmade === 0) return null
    this.#unmade--
    return new Uint8Array(this.size)
  }
}
