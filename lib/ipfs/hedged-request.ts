// One block from several candidates: the first is asked, the next soon after or at once on failure, the hash decides.

import type { Clock } from '../async/clock.ts'
import { GreenprintError } from '../errors.ts'
import type { Cid } from '../ipld/cid.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { SourceFailure } from '../model/source-failure.ts'
import { BlockUnavailable } from './block-unavailable.ts'
import type { AnySource } from './source.ts'
import { outrun, type SourceHealth } from './source-health.ts'

/** A source that may serve, and how it has done so far. */
export interface Candidate {
  readonly source: AnySource
  readonly health: SourceHealth
}

/** A candidate that is still to be asked, after a pause; again when `retries` > 0. */
interface Turn {
  readonly candidate: Candidate
  readonly waitMs: number
  readonly retries: number
}

export interface RequestHooks {
  /** Told of every request that leaves. */
  readonly onRequest: () => void
  /** Milliseconds that may be waited where no other source is left. */
  readonly patience: () => number | null
  /** More candidates, asked for once, when the first one is late or fails. */
  readonly findMore: () => Promise<More>
}

export interface More {
  readonly candidates: readonly Candidate[]
  /** Why there are not others, a line each. */
  readonly lines: readonly string[]
}

export interface Winner {
  readonly block: VerifiedBytes
  readonly candidate: Candidate
}

const RETRY_AFTER_MS = 300
/** The most that a source that asks for time is waited for where no deadline is known. */
const PATIENCE_MS = 2_000
/** Of a source that says that it is asked too often. */
const MOST_RETRIES = 6

/** Asks one source and believes only the hash. @throws {SourceFailure} */
export async function askSource(
  source: AnySource,
  cid: Cid,
  signal: AbortSignal,
): Promise<VerifiedBytes> {
  if ('make' in source) return source.make(cid, signal)
  const bytes = await source.get(cid, signal)
  if (bytes === null) throw new SourceFailure(source.name, 'absent', 'does not have it')
  const block = verifyBlock(cid, bytes)
  if (block !== null) return block
  const reason = `answered ${bytes.length} bytes that do not hash to the CID`
  const page = looksLikePage(bytes) ? ': a web page' : ''
  throw new SourceFailure(source.name, 'lie', `${reason}${page}`)
}

/** What is left of many gateways answers 200 to everything: the error says so. */
function looksLikePage(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('latin1')
  return /^\s*<(!doctype|html|head|\?xml)/i.test(start)
}

export class HedgedRequest {
  readonly #clock: Clock
  readonly #cid: Cid
  readonly #hooks: RequestHooks
  readonly #queue: Turn[]
  readonly #beside: Candidate | null
  readonly #failures: { readonly candidate: Candidate; readonly failure: SourceFailure }[] = []
  readonly #over = new AbortController()
  readonly #result = Promise.withResolvers<Winner>()
  #running = 0
  /** Whether more candidates were asked for, and whether they may still come. */
  #search: 'not begun' | 'going on' | 'over' = 'not begun'
  /** What the search came to where it found nobody. */
  #searchLines: readonly string[] = []
  #hedge: NodeJS.Timeout | undefined

  /**
   * @param candidates in the order in which they are asked
   * @param beside the one of them that is asked at once, whatever the first one does
   */
  constructor(
    candidates: readonly Candidate[],
    clock: Clock,
    cid: Cid,
    hooks: RequestHooks,
    beside: Candidate | null = null,
  ) {
    this.#clock = clock
    this.#cid = cid
    this.#hooks = hooks
    this.#beside = beside
    this.#queue = candidates.map((candidate) => ({ candidate, waitMs: 0, retries: 0 }))
  }

  /**
   * @throws {GreenprintError} `content_unavailable`, one detail line per source; `content_unusable` for a block that is
   *   larger than any client accepts
   */
  async run(): Promise<Winner> {
    this.#startNext()
    this.#startProbe()
    try {
      return await this.#result.promise
    } finally {
      clearTimeout(this.#hedge)
      this.#over.abort(outrun)
    }
  }

  abort(reason: unknown): void {
    this.#over.abort(reason)
    this.#result.reject(reason)
  }

  #startNext(): void {
    clearTimeout(this.#hedge)
    const next = this.#queue.shift()
    if (next === undefined) {
      const isOver = this.#running === 0 && this.#search === 'over'
      if (isOver) this.#result.reject(this.#unavailable())
      else if (this.#running === 0) this.#startSearch()
      return
    }
    this.#running++
    void this.#ask(next, false)
    const hedgeMs = next.waitMs + next.candidate.health.score.hedgeMs
    this.#hedge = setTimeout(() => this.#goOn(), hedgeMs)
  }

  /** The one that was asked is late, or has failed. */
  #goOn(): void {
    this.#startSearch()
    this.#startNext()
  }

  #startSearch(): void {
    if (this.#search !== 'not begun') return
    this.#search = 'going on'
    const end = ({ candidates: found, lines }: More) => {
      this.#search = 'over'
      this.#searchLines = lines
      this.#queue.push(...found.map((candidate) => ({ candidate, waitMs: 0, retries: 0 })))
      if (!this.#over.signal.aborted && (found.length > 0 || this.#running === 0)) this.#startNext()
    }
    this.#hooks.findMore().then(end, () => end({ candidates: [], lines: [] }))
  }

  /** One source that is to be tried, or has cooled down, is asked beside the first one: no block waits for it. */
  #startProbe(): void {
    const now = this.#clock.elapsed()
    const isProbe = (candidate: Candidate) =>
      this.#beside === null ? candidate.health.score.takeProbe(now) : candidate === this.#beside
    const at = this.#queue.findIndex(({ candidate }) => isProbe(candidate))
    const [probe] = at < 0 ? [] : this.#queue.splice(at, 1)
    if (probe === undefined) return
    this.#running++
    void this.#ask(probe, true)
  }

  async #ask(turn: Turn, isProbe: boolean): Promise<void> {
    const { candidate, waitMs } = turn
    const { source, health } = candidate
    const signal = this.#over.signal
    try {
      if (waitMs > 0) await this.#clock.sleep(waitMs, signal)
      const { value: block, ms } = await health.ask(() => {
        this.#hooks.onRequest()
        return askSource(source, this.#cid, signal)
      }, signal)
      health.served(ms)
      this.#blameOversized(block.length)
      this.#result.resolve({ block, candidate })
    } catch (error) {
      // A probe that was called off in its queue gives its turn back.
      if (signal.aborted) return health.score.outrun(0, this.#clock.elapsed())
      this.#running--
      if (!(error instanceof SourceFailure)) return this.#result.reject(error)
      this.#failures.push({ candidate, failure: error })
      health.failed(error)
      // What was asked first is still on its way: the queue moves on when that fails, or its time is up.
      if (isProbe && this.#running > 0) return
      this.#moveOn(turn, error)
    }
  }

  /** A passing failure is asked about again, after all others. */
  #moveOn({ candidate, retries }: Turn, { kind, retryAfterMs }: SourceFailure): void {
    const most = kind === 'busy' ? MOST_RETRIES : kind === 'broken' ? 1 : 0
    const patience = this.#hooks.patience() ?? PATIENCE_MS
    // It was our own crowd that it refused, which is smaller now: what it says is for strangers.
    const isCrowd = kind === 'busy' && candidate.health.isNarrowed
    const pause = RETRY_AFTER_MS * (kind === 'busy' ? 2 ** retries : 1)
    const waitMs = isCrowd ? pause : Math.max(1, retryAfterMs ?? pause)
    if (retries < most && waitMs <= patience)
      this.#queue.push({ candidate, waitMs, retries: retries + 1 })
    this.#goOn()
  }

  /** The block is of a lawful size after all: who sent more for it did not send the block. */
  #blameOversized(length: number): void {
    for (const { candidate, failure } of this.#failures) {
      if (failure.kind !== 'oversized') continue
      const reason = `${failure.message}, for a block of ${length} bytes`
      candidate.health.failed(new SourceFailure(failure.source, 'lie', reason))
    }
  }

  #unavailable(): GreenprintError {
    const name = this.#cid.toString()
    const failures = this.#failures.map(({ failure }) => failure)
    const unavailable = new BlockUnavailable(name, failures, this.#searchLines)
    const kinds = failures.map(({ kind }) => kind)
    if (
      kinds.includes('oversized') &&
      kinds.every((kind) => kind === 'oversized' || kind === 'absent')
    ) {
      const message = `Block ${name} is larger than 2 MiB, the most that a client accepts: import the file again with smaller blocks.`
      const { details } = unavailable
      return new GreenprintError('content_unusable', message, { details, cause: failures[0] })
    }
    return unavailable
  }
}
