// Work that nobody waits for now, and that must be over before the process may sleep or end.

export class Behind {
  readonly #works = new Set<Promise<void>>()

  /** A failure of it is nobody's. */
  goOn(work: Promise<unknown>): void {
    const quiet: Promise<void> = work
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.#works.delete(quiet))
    this.#works.add(quiet)
  }

  async settle(): Promise<void> {
    while (this.#works.size > 0) await Promise.all(this.#works)
  }
}
