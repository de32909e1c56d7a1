// Work that nobody waits for now, and that must be over before the process may sleep or end.

/** After the last of a burst: what is read just now has the machine for itself meanwhile. */
const PAUSE_MS = 20
/** More than this is not put off: each holds a block. */
const MOST_PUT_OFF = 16

export class Background {
  readonly #works = new Set<Promise<void>>()
  #putOff: (() => Promise<unknown>)[] = []
  #timer: NodeJS.Timeout | undefined

  /** Begins soon. A failure of it is nobody's. */
  goOn(work: () => Promise<unknown>): void {
    this.#putOff.push(work)
    clearTimeout(this.#timer)
    if (this.#putOff.length > MOST_PUT_OFF) return this.#begin()
    this.#timer = setTimeout(() => this.#begin(), PAUSE_MS)
  }

  async settle(): Promise<void> {
    while (this.#putOff.length > 0 || this.#works.size > 0) {
      this.#begin()
      await Promise.all(this.#works)
    }
  }

  #begin(): void {
    clearTimeout(this.#timer)
    const works = this.#putOff
    this.#putOff = []
    for (const work of works) {
      const quiet: Promise<void> = work()
        .then(
          () => undefined,
          () => undefined,
        )
        .finally(() => this.#works.delete(quiet))
      this.#works.add(quiet)
    }
  }
}
