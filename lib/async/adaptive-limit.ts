// Runs as many tasks at a time as who serves them takes: more while all are served, half as many once some are refused.

import { createLimit, type Limit } from './limit.ts'

export interface LimitBounds {
  /** Tasks at a time at first, and at most from the first refusal on. */
  readonly first: number
  /** As long as none is refused. */
  readonly most: number
}

/** Of one task; it says how it went, before it leaves. */
export interface Turn {
  /** One more at a time, where this was as many as may be; after a refusal, for each row of them, or some rows. */
  served(): void
  /** It was served, and took long: no more at a time than at first, for they may share what there is. */
  slowed(): void
  /** There were too many: half as many at a time, once for all that were under way then. */
  refused(): void
  /** To be called in any case. */
  leave(): void
}

/** The most rows that are served before one more is tried. */
const MOST_ROWS = 16

export class AdaptiveLimit {
  readonly #limit: Limit
  readonly #first: number
  #allowed: number
  #most: number
  /** How often it was halved. */
  #halvings = 0
  #servedInRow = 0

  constructor({ first, most }: LimitBounds) {
    this.#first = first
    this.#allowed = first
    this.#most = most
    this.#limit = createLimit(first)
  }

  /** Whether the next task has to wait. */
  get isFull(): boolean {
    return this.#limit.isFull
  }

  /** Whether fewer are taken than at first: what was refused may be served when it comes alone. */
  get isNarrowed(): boolean {
    return this.#allowed < this.#first
  }

  async enter(signal: AbortSignal): Promise<Turn> {
    const leave = await this.#limit.enter(signal)
    const before = this.#halvings
    const isOfNow = () => before === this.#halvings
    return {
      served: () => isOfNow() && this.#widen(),
      slowed: () => {
        if (this.#allowed > this.#first) this.#allow(this.#first)
      },
      refused: () => isOfNow() && this.#halve(),
      leave,
    }
  }

  #widen(): void {
    if (this.#allowed >= this.#most) return
    if (this.#halvings > 0 ? ++this.#servedInRow < this.#allowed * this.#rows : !this.isFull) return
    this.#allow(this.#allowed + 1)
  }

  /** Each time that one more was too many, the next is tried later: a quota does not grow. */
  get #rows(): number {
    return Math.min(MOST_ROWS, 2 ** (this.#halvings - 1))
  }

  #halve(): void {
    this.#servedInRow = 0
    if (this.#limit.running < 2) return
    this.#halvings++
    this.#most = this.#first
    this.#allow(Math.max(1, Math.floor(Math.min(this.#allowed, this.#limit.running) / 2)))
  }

  #allow(tasks: number): void {
    this.#servedInRow = 0
    this.#allowed = tasks
    this.#limit.resize(tasks)
  }
}
