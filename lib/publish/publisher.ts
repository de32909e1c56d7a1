// The interface of a publishing service, and the loop over several of them.

import { type Clock, systemClock } from '../async/clock.ts'
import { anySignal, timeLeft } from '../async/deadline.ts'
import { describeError } from '../errors.ts'
import type { ShelfName } from '../kept/shelves.ts'
import type { Publication, Receipt } from '../model/result.ts'
import type { Upload } from './upload.ts'

/** Takes an upload and reports what became of it; throws when the service refused or could not be reached. */
export interface Publisher {
  readonly name: string
  /** Whether others can fetch the blocks from it. */
  readonly makesReachable?: boolean
  /** Whether it fetches the blocks itself, from another publisher that makes them reachable. */
  readonly needsHolder?: boolean
  /** Whether it is this deployment's own store. */
  readonly keepsHere?: boolean
  publish(upload: Upload, signal: AbortSignal): Promise<Receipt>
}

export function isHeld({ status }: Pick<Publication, 'status'>): boolean {
  return status === 'held'
}

/** Where a result is kept that is to be published, or not: what stays here anyway is not written twice. */
export function shelfFor(
  isPublished: boolean,
  publishers: readonly Pick<Publisher, 'keepsHere'>[],
): ShelfName {
  const stays = publishers.some(({ keepsHere = false }) => keepsHere)
  return isPublished && stays ? 'published' : 'made'
}

export interface PublishOptions {
  /** So many must hold it. */
  readonly minimum: number
  /** Whether the blocks can be fetched already, from none of these publishers. */
  readonly isReachable?: boolean
  /** Told each outcome as soon as it is there, one at a time. What it throws ends the publication. */
  readonly note?: (publication: Publication) => Promise<void>
  readonly clock?: Clock
}

/** One that takes longer is not waited for alone: the next is asked beside it. */
const PATIENCE_MS = 5_000
const MEBIBYTE_MS = 500
/** Before a deadline: for the records and the reply, which then tell what is known. */
const RESERVE_MS = 2_000

const NOT_WAITED_FOR = 'not waited for: enough others hold it'
const NO_TIME = 'no answer before the time was up'
const NOBODY_HOLDS = 'not asked: it fetches the blocks from another publisher, and none holds them'

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
    for (let toCome = [...publishers]; toCome.length > 0 && !round.isOver; ) {
      // Who needs a holder lets the others go first.
      const next = toCome.find(({ needsHolder = false }) => !needsHolder || round.isReachable)
      if (next === undefined) await round.until(() => round.isReachable)
      const asked = next ?? toCome[0]
      if (asked !== undefined) await round.ask(asked, toCome.length)
      toCome = toCome.filter((publisher) => publisher !== asked)
    }
    await round.until(() => round.isEnough)
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
  readonly #endsAt: number
  readonly #stop = new AbortController()
  readonly #outcomes: (Publication | null)[] = []
  readonly #running = new Set<Promise<void>>()
  #noted: Promise<void> = Promise.resolve()
  #isReachable: boolean

  constructor(upload: Upload, options: PublishOptions, signal: AbortSignal) {
    this.#upload = upload
    this.#options = options
    this.#signal = signal
    this.#clock = options.clock ?? systemClock
    this.#isReachable = options.isReachable ?? false
    this.#patienceMs = PATIENCE_MS + (upload.car.size / 1024 / 1024) * MEBIBYTE_MS
    const left = timeLeft(signal)
    this.#endsAt =
      left === null ? Number.POSITIVE_INFINITY : this.#clock.elapsed() + left - RESERVE_MS
  }

  get #held(): number {
    return this.#outcomes.filter((outcome) => outcome !== null && isHeld(outcome)).length
  }

  /** Whether the blocks can be fetched from somebody. */
  get isReachable(): boolean {
    return this.#isReachable
  }

  get isEnough(): boolean {
    return this.#held >= this.#options.minimum
  }

  /** Whether nobody else is asked. */
  get isOver(): boolean {
    return this.isEnough || this.#msLeft <= 0
  }

  get #msLeft(): number {
    return this.#endsAt - this.#clock.elapsed()
  }

  /**
   * Until this one is done, or the next may be asked.
   *
   * @param toCome how many are still to be asked, this one among them: they share the time that is left
   */
  async ask(publisher: Publisher, toCome: number): Promise<void> {
    this.#signal.throwIfAborted()
    const place = this.#outcomes.push(null) - 1
    const running = this.#finish(publisher, place).finally(() => this.#running.delete(running))
    running.catch(() => undefined)
    this.#running.add(running)
    const patience = Math.min(this.#patienceMs, this.#msLeft / (toCome + 1))
    await this.until(() => this.isEnough || !this.#running.has(running), patience)
  }

  /** Until it is so, or nobody is left who may make it so, or the time is up. */
  async until(isSo: () => boolean, mostMs = Number.POSITIVE_INFINITY): Promise<void> {
    const ms = Math.min(mostMs, this.#msLeft)
    const over = new AbortController()
    const wait = async () => {
      await this.#clock.sleep(Math.max(0, ms), over.signal).catch(() => undefined)
      return 'late' as const
    }
    const late = Number.isFinite(ms) ? [wait()] : []
    try {
      for (let isLate = false; !isLate && !isSo() && this.#running.size > 0; ) {
        isLate = (await Promise.race([...this.#running, ...late])) === 'late'
      }
    } finally {
      over.abort()
    }
  }

  /** Calls off those that are still at it, and waits for them: nothing goes on behind a caller's back. */
  async end(): Promise<void> {
    this.#stop.abort(new Error(this.isEnough ? NOT_WAITED_FOR : NO_TIME))
    await Promise.allSettled(this.#running)
  }

  /** In the order in which they were asked. */
  get outcomes(): Publication[] {
    return this.#outcomes.filter((outcome) => outcome !== null)
  }

  async #finish(publisher: Publisher, place: number): Promise<void> {
    const outcome = await this.#run(publisher)
    this.#outcomes[place] = outcome
    if (isHeld(outcome) && publisher.makesReachable === true) this.#isReachable = true
    await this.#note(outcome)
  }

  async #run(publisher: Publisher): Promise<Publication> {
    const service = publisher.name
    if (publisher.needsHolder === true && !this.#isReachable) {
      return { service, status: 'failed', reason: NOBODY_HOLDS }
    }
    const both = anySignal([this.#signal, this.#stop.signal])
    try {
      const receipt = await publisher.publish(this.#upload, both)
      // One that is stopped while it looks for what it took answers all the same: nobody waits for that any more.
      if (receipt.status !== 'held') this.#signal.throwIfAborted()
      return { service, ...receipt, cid: this.#upload.root.toString() }
    } catch (error) {
      this.#signal.throwIfAborted()
      const { aborted, reason: stopped } = this.#stop.signal
      const reason = describeError(aborted ? stopped : error)
      return { service, status: 'failed', reason }
    }
  }

  #note(outcome: Publication): Promise<void> {
    this.#noted = this.#noted.then(() => this.#options.note?.(outcome))
    return this.#noted
  }
}
