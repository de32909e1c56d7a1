// One fetch that several readers wait for: a reader who gives up harms nobody, the last one to give up ends it.

export class SharedTask<T> {
  readonly outcome: Promise<T>
  readonly #abort = new AbortController()
  readonly #abandoned: () => void
  #readers = 0

  /** @param abandoned told before the fetch is called off: whoever asks next must not join it */
  constructor(start: (signal: AbortSignal) => Promise<T>, abandoned: () => void) {
    this.outcome = start(this.#abort.signal)
    this.#abandoned = abandoned
  }

  async join(signal: AbortSignal): Promise<T> {
    this.#readers++
    const gone = Promise.withResolvers<never>()
    const leave = () => gone.reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([this.outcome, gone.promise])
    } finally {
      signal.removeEventListener('abort', leave)
      this.#readers--
      if (this.#readers === 0) {
        this.#abandoned()
        this.#abort.abort(new Error('nobody waits for this any more'))
      }
    }
  }
}
