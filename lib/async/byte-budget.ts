// Memory that several computations share: who wants more than is left waits in line.

/** Bytes that are taken from a budget, until they are given back. */
export interface Claim {
  /** May be called more than once. */
  release(): void
}

interface Waiting {
  readonly bytes: number
  readonly enter: () => void
}

/** Gives out bytes in the order in which they were asked for, so that large claims are not passed over for ever. */
export class ByteBudget {
  readonly total: number
  readonly #line: Waiting[] = []
  #left: number

  constructor(total: number) {
    this.total = total
    this.#left = total
  }

  /** Bytes that nobody has claimed now. */
  get left(): number {
    return this.#left
  }

  /**
   * Who holds a claim must not wait for another of the same budget: two such would wait for each other.
   *
   * @throws {RangeError} for more than the whole budget; the signal's reason when it is aborted while waiting
   */
  async claim(bytes: number, signal: AbortSignal): Promise<Claim> {
    if (!(bytes >= 0 && bytes <= this.total)) {
      throw new RangeError(`${bytes} bytes were claimed of a budget of ${this.total}`)
    }
    signal.throwIfAborted()
    if (this.#line.length > 0 || bytes > this.#left) await this.#wait(bytes, signal)
    else this.#left -= bytes
    let held = bytes
    return {
      release: () => {
        this.#left += held
        held = 0
        this.#admit()
      },
    }
  }

  #wait(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        bytes,
        enter: () => {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      const leave = () => {
        this.#line.splice(this.#line.indexOf(waiting), 1)
        reject(signal.reason)
        this.#admit()
      }
      this.#line.push(waiting)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  #admit(): void {
    for (let first = this.#line[0]; first !== undefined; first = this.#line[0]) {
      if (first.bytes > this.#left) return
      this.#left -= first.bytes
      this.#line.shift()
      first.enter()
    }
  }
}
