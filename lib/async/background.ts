// Work that nobody waits for, and that must be done before the process is frozen or ends.

/** Pause after the last of a burst, so that the reads of the burst have the machine to themselves. */
const PAUSE_MS = 20
/** At most so many are queued: each holds a block. */
const MOST_QUEUED = 16

export class Background {
  readonly #works = new Set<Promise<void>>()
  #queued: (() => Promise<unknown>)[] = []
  #timer: NodeJS.Timeout | undefined

  /** Starts soon. Failures are ignored. */
  goOn(work: () => Promise<unknown>): void {
    this.#queued.push(work)
    clearTimeout(this.#timer)
    if (this.#queued.length > MOST_QUEUED) return this.#begin()
    this.#timer = setTimeout(() => this.#begin(), PAUSE_MS)
  }

  async settle(): Promise<void> {
    while (this.#queued.length > 0 || this.#works.size > 0) {
      this.#begin()
      await Promise.all(this.#works)
    }
  }

  #begin(): void {
    clearTimeout(this.#timer)
    const works = this.#queued
    this.#queued = []
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
