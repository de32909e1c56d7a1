// An answer as it comes from the socket: its head, then its body, part by part.

type Fields = Readonly<Record<string, string | string[] | undefined>>

export interface AnswerHead {
  readonly statusCode: number
  readonly headers: Fields
}

/** What the client of the connection lets us do with the request. */
interface Controller {
  pause(): void
  resume(): void
  abort(reason: Error): void
}

/** Bytes that wait for whoever reads a body at its own pace. */
const MOST_WAITING = 128 * 1024

const unwanted = new Error('no more of the answer is wanted')

/**
 * Takes one answer. Parts are lent: the memory of each is free for the socket again once it was taken, so that a body
 * of any length passes through the same few pieces. A stream in between costs more than the request itself.
 */
export class Incoming {
  readonly #head = Promise.withResolvers<AnswerHead>()
  readonly #end = Promise.withResolvers<void>()
  readonly #signal: AbortSignal
  #controller: Controller | null = null
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #take: ((part: Uint8Array) => boolean) | null = null
  #wake: () => void = () => undefined
  #before: Uint8Array | null = null
  #isOver = false
  /** Fields that came after the body. */
  trailers: Fields = {}

  constructor(signal: AbortSignal) {
    this.#signal = signal
    for (const { promise } of [this.#head, this.#end]) promise.catch(() => undefined)
    if (signal.aborted) this.#leave()
    else signal.addEventListener('abort', this.#leave, { once: true })
  }

  /** @throws what the connection failed by, or the reason of the signal */
  get head(): Promise<AnswerHead> {
    return this.#head.promise
  }

  /** Hands over each part as it comes, until one is answered by false. @throws as `head` */
  async each(take: (part: Uint8Array) => boolean): Promise<void> {
    this.#take = take
    for (const part of this.#waiting.splice(0)) this.#give(part)
    this.#controller?.resume()
    await this.#over()
  }

  /**
   * Each part when it is asked for.
   *
   * @param lent whether a part is done with when the next is asked for
   * @throws as `head`
   */
  async *parts(lent: boolean): AsyncGenerator<Uint8Array> {
    for (;;) {
      const part = this.#waiting.shift()
      if (part === undefined) {
        if (this.#isOver) return await this.#over()
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        continue
      }
      this.#waitingBytes -= part.length
      if (this.#waiting.length === 0) this.#controller?.resume()
      yield part
      if (lent) giveBack(part)
    }
  }

  /** The client has the connection free in the next turn: whoever asks for what follows need not open another. */
  async #over(): Promise<void> {
    await this.#end.promise
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }

  /** Ends the request, where it has not ended: nothing more is fetched. */
  stop(): void {
    if (this.#isOver) return
    this.#finish()
    this.#end.resolve()
    this.#controller?.abort(unwanted)
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#isOver) controller.abort(unwanted)
  }

  onResponseStart(_: Controller, statusCode: number, headers: Fields): void {
    if (statusCode >= 200) this.#head.resolve({ statusCode, headers })
  }

  onResponseData(controller: Controller, part: Uint8Array): void {
    if (this.#isOver) return
    if (this.#take !== null) return this.#give(part)
    this.#waiting.push(part)
    this.#waitingBytes += part.length
    if (this.#waitingBytes >= MOST_WAITING) controller.pause()
    this.#wake()
  }

  onResponseEnd(_: Controller, trailers: Fields): void {
    this.trailers = trailers
    this.#finish()
    this.#end.resolve()
  }

  onResponseError(_: Controller, error: Error): void {
    this.#fail(error)
  }

  #give(part: Uint8Array): void {
    // The client may still look at the one that it gives, not at the one before.
    if (this.#before !== null) giveBack(this.#before)
    this.#before = part
    if (this.#take?.(part) === false) this.stop()
  }

  readonly #leave = (): void => {
    const { reason } = this.#signal
    this.#fail(reason)
    this.#controller?.abort(reason instanceof Error ? reason : unwanted)
  }

  #fail(error: unknown): void {
    if (this.#isOver) return
    this.#finish()
    this.#head.reject(error)
    this.#end.reject(error)
  }

  #finish(): void {
    this.#isOver = true
    this.#signal.removeEventListener('abort', this.#leave)
    this.#wake()
  }
}

/**
 * Of a part that is all that its piece of memory holds: nothing lies beside it, as in node's pool of buffers, which has
 * the size of what one read of a socket brings.
 */
function giveBack({ buffer, length }: Uint8Array): void {
  if (length === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}
