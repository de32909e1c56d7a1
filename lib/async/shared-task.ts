// One task that several callers wait for: one that gives up does not affect the others, the last one ends the task.

export class SharedTask<T> {
  readonly outcome: Promise<T>
  readonly #abort = new AbortController()
  readonly #abandoned: () => void
  #readers = 0

  /** @param abandoned called before the task is aborted: no later caller may join it */
  constructor(start: (signal: AbortSignal) => Promise<T>, abandoned: () => void) {
    this.outcome = start(this.#abort.signal)
    this.#abandoned = abandoned
  }

  async join(signal: AbortSignal): Promise<T> {
    this.#readers++
    const gone = Promise.withResolvers<never>()
    const leave = () => gone.reject(signal.reason)
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([this.outcome, gone.promise])
    } finally {
      signal.removeEventListener('abort', leave)
      this.#readers--
      if (this.#readers === 0) {
        this.#abandoned()
        this.#abort.abort(new Error('nobody waits for this task any more'))
      }
    }
  }
}
