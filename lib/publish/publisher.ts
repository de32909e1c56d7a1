// The interface of a publishing service, and the loop over several of them.

import { type Clock, systemClock } from '../async/clock.ts'
import { describeError } from '../errors.ts'
import type { DirectoryCar } from '../ipld/directory-car.ts'
import type { Publication, Receipt } from '../model/result.ts'

/** What a publisher is given: one root, every block present, validated. */
export type Upload = DirectoryCar

/** Takes an upload and reports what became of it; throws when the service refused or could not be reached. */
export interface Publisher {
  readonly name: string
  /** Whether it fetches the blocks itself, and can only where another publisher holds them. */
  readonly needsHolder?: boolean
  publish(upload: Upload, signal: AbortSignal): Promise<Receipt>
}

export function isHeld({ status }: Pick<Publication, 'status'>): boolean {
  return status === 'held'
}

export interface PublishOptions {
  /** So many must hold it. */
  readonly minimum: number
  /** Whether others hold it already, who are not among the publishers. */
  readonly isHeldElsewhere?: boolean
  /** Told each outcome as soon as it is there, one at a time. What it throws ends the publication. */
  readonly note?: (publication: Publication) => Promise<void>
  readonly clock?: Clock
}

/** One that takes longer is not waited for alone: the next is asked beside it. */
const PATIENCE_MS = 5_000
const MEBIBYTE_MS = 500

const NOT_WAITED_FOR = 'not waited for: enough others hold it'
const NOBODY_HOLDS = 'not asked: it fetches what another publisher holds, and none does'

/**
 * Hands the upload to each publisher in order until `minimum` of them hold it. A publisher that fails is an outcome,
 * not an end: the next one is asked; one that is slow does not keep the next one waiting.
 *
 * @returns the outcomes of those that were asked, in their order
 */
export async function publishUpload(
  upload: Upload,
  publishers: readonly Publisher[],
  options: PublishOptions,
  signal: AbortSignal,
): Promise<Publication[]> {
  const round = new Round(upload, options, signal)
  try {
    for (const publisher of publishers) {
      if (round.isEnough) break
      if (publisher.needsHolder === true) await round.untilHeld()
      await round.ask(publisher)
    }
    await round.untilEnough()
  } finally {
    await round.end()
  }
  return round.outcomes
}

class Round {
  readonly #upload: Upload
  readonly #options: PublishOptions
  readonly #signal: AbortSignal
  readonly #clock: Clock
  readonly #patienceMs: number
  readonly #stop = new AbortController()
  readonly #outcomes: (Publication | null)[] = []
  readonly #running = new Set<Promise<void>>()
  #noted: Promise<void> = Promise.resolve()

  constructor(upload: Upload, options: PublishOptions, signal: AbortSignal) {
    this.#upload = upload
    this.#options = options
    this.#signal = signal
    this.#clock = options.clock ?? systemClock
    this.#patienceMs = PATIENCE_MS + (upload.car.length / 1024 / 1024) * MEBIBYTE_MS
  }

  get #held(): number {
    return this.#outcomes.filter((outcome) => outcome !== null && isHeld(outcome)).length
  }

  get isEnough(): boolean {
    return this.#held >= this.#options.minimum
  }

  /** Until this one is done, or the next may be asked. */
  async ask(publisher: Publisher): Promise<void> {
    this.#signal.throwIfAborted()
    const place = this.#outcomes.push(null) - 1
    const isLate = new AbortController()
    const running = this.#finish(publisher, place).finally(() => this.#running.delete(running))
    this.#running.add(running)
    const patience = this.#clock.sleep(this.#patienceMs, isLate.signal).then(
      () => 'late' as const,
      () => 'late' as const,
    )
    try {
      for (let late = false; !late && this.#running.has(running) && !this.isEnough; ) {
        late = (await Promise.race([...this.#running, patience])) === 'late'
      }
    } finally {
      isLate.abort()
    }
  }

  /** Until somebody holds it, or nobody is left who may. */
  async untilHeld(): Promise<void> {
    while (this.#held === 0 && this.#running.size > 0) await Promise.race(this.#running)
  }

  async untilEnough(): Promise<void> {
    while (!this.isEnough && this.#running.size > 0) await Promise.race(this.#running)
  }

  /** Calls off those that are still at it, and waits for them: nothing goes on behind a caller's back. */
  async end(): Promise<void> {
    this.#stop.abort(new Error(NOT_WAITED_FOR))
    await Promise.allSettled(this.#running)
  }

  /** In the order in which they were asked. */
  get outcomes(): Publication[] {
    return this.#outcomes.filter((outcome) => outcome !== null)
  }

  async #finish(publisher: Publisher, place: number): Promise<void> {
    const outcome = await this.#run(publisher)
    this.#outcomes[place] = outcome
    await this.#note(outcome)
  }

  async #run(publisher: Publisher): Promise<Publication> {
    const service = publisher.name
    if (publisher.needsHolder === true && this.#held === 0 && !this.#options.isHeldElsewhere) {
      return { service, status: 'failed', reason: NOBODY_HOLDS }
    }
    const both = AbortSignal.any([this.#signal, this.#stop.signal])
    try {
      const receipt = await publisher.publish(this.#upload, both)
      return { service, ...receipt, cid: this.#upload.root.toString() }
    } catch (error) {
      this.#signal.throwIfAborted()
      const reason = this.#stop.signal.aborted ? NOT_WAITED_FOR : describeError(error)
      return { service, status: 'failed', reason }
    }
  }

  #note(outcome: Publication): Promise<void> {
    this.#noted = this.#noted.then(() => this.#options.note?.(outcome))
    return this.#noted
  }
}
