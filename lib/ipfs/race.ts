// Several untrusted sources, one verified block: the best source first, the next one soon after, the hash decides.

import type { Cid } from '../cid/cid.ts'
import { GreenprintError } from '../errors.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { Clock } from '../net/clock.ts'
import { createLimit, type Limit } from './limit.ts'
import { SourceScore } from './score.ts'
import { type BlockSource, SourceFailure } from './source.ts'
import { verifyBlock } from './verify.ts'

export interface Served {
  readonly block: VerifiedBytes
  /** Name of the source whose bytes fitted. */
  readonly source: string
  /** Requests made for this block, won or lost. */
  readonly requests: number
}

interface Runner {
  readonly source: BlockSource
  readonly score: SourceScore
  readonly limit: Limit
}

/** Public gateways answer 429 to more. */
const MOST_PER_SOURCE = 8
const RETRY_AFTER_MS = 300
const MAX_RETRY_WAIT_MS = 2_000

/** Asks one source and believes only the hash. @throws {SourceFailure} */
export async function askSource(
  source: BlockSource,
  cid: Cid,
  signal: AbortSignal,
): Promise<VerifiedBytes> {
  const bytes = await source.get(cid, signal)
  if (bytes === null) throw new SourceFailure(source.name, 'absent', 'does not have it')
  const block = verifyBlock(cid, bytes)
  if (block === null) {
    const reason = `answered ${bytes.length} bytes that do not hash to the CID`
    throw new SourceFailure(source.name, 'lie', reason)
  }
  return block
}

export class BlockRace {
  readonly #runners: readonly Runner[]
  readonly #clock: Clock

  constructor(sources: readonly BlockSource[], clock: Clock) {
    this.#runners = sources.map((source) => ({
      source,
      score: new SourceScore(),
      limit: createLimit(MOST_PER_SOURCE),
    }))
    this.#clock = clock
  }

  /**
   * @throws {GreenprintError} `content_unavailable`, one detail line per source
   */
  async get(cid: Cid, signal: AbortSignal): Promise<Served> {
    signal.throwIfAborted()
    const heat = new Heat(this.#runners, this.#clock, cid)
    const stop = () => heat.abort(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await heat.run()
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}

/** The race for one block. */
class Heat {
  readonly #clock: Clock
  readonly #cid: Cid
  readonly #line: { readonly runner: Runner; readonly waitMs: number }[]
  readonly #failures: SourceFailure[] = []
  readonly #over = new AbortController()
  readonly #result = Promise.withResolvers<Served>()
  #running = 0
  #requests = 0
  #hedge: NodeJS.Timeout | undefined

  constructor(runners: readonly Runner[], clock: Clock, cid: Cid) {
    const now = clock.elapsed()
    this.#clock = clock
    this.#cid = cid
    this.#line = runners
      .toSorted((one, other) => one.score.rank(now) - other.score.rank(now))
      .map((runner) => ({ runner, waitMs: 0 }))
  }

  async run(): Promise<Served> {
    this.#startNext()
    try {
      return await this.#result.promise
    } finally {
      clearTimeout(this.#hedge)
      this.#over.abort()
    }
  }

  abort(reason: unknown): void {
    this.#result.reject(reason)
  }

  #startNext(): void {
    clearTimeout(this.#hedge)
    const next = this.#line.shift()
    if (next === undefined) {
      if (this.#running === 0) this.#result.reject(this.#nobody())
      return
    }
    this.#running++
    void this.#ask(next.runner, next.waitMs)
    this.#hedge = setTimeout(() => this.#startNext(), next.waitMs + next.runner.score.hedgeMs)
  }

  async #ask(runner: Runner, waitMs: number): Promise<void> {
    const { source, score, limit } = runner
    const signal = this.#over.signal
    // Time in our own line is not the source's; until it is asked, none has passed for it.
    let started = Number.POSITIVE_INFINITY
    try {
      if (waitMs > 0) await this.#clock.sleep(waitMs, signal)
      const block = await limit.run(() => {
        started = this.#clock.elapsed()
        this.#requests++
        return askSource(source, this.#cid, signal)
      }, signal)
      score.served(this.#clock.elapsed() - started)
      this.#result.resolve({ block, source: source.name, requests: this.#requests })
    } catch (error) {
      if (signal.aborted) return score.outrun(this.#clock.elapsed() - started)
      this.#lost(runner, waitMs > 0, error)
    }
  }

  #lost(runner: Runner, retried: boolean, error: unknown): void {
    this.#running--
    if (!(error instanceof SourceFailure)) return this.#result.reject(error)
    this.#failures.push(error)
    runner.score.failed(error, this.#clock.elapsed())
    const passing = error.kind === 'busy' || error.kind === 'broken'
    const waitMs = Math.max(1, error.retryAfterMs ?? RETRY_AFTER_MS)
    if (passing && !retried && waitMs <= MAX_RETRY_WAIT_MS) this.#line.push({ runner, waitMs })
    this.#startNext()
  }

  #nobody(): GreenprintError {
    const lines = [...new Set(this.#failures.map((failure) => failure.line))]
    return new GreenprintError(
      'content_unavailable',
      `No source could serve block ${this.#cid.toString()}.`,
      {
        details: lines.length > 0 ? lines : ['no gateway is configured'],
        cause: this.#failures[0],
      },
    )
  }
}
