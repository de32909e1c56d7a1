// Several untrusted sources, one verified block: the best source first, the next one soon after, the hash decides.

import type { Clock } from '../async/clock.ts'
import { GreenprintError } from '../errors.ts'
import { blockKey, type Cid } from '../ipld/cid.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { type BlockSource, SourceFailure } from './source.ts'
import { outrun, SourceHealth } from './source-health.ts'

export interface Served {
  readonly block: VerifiedBytes
  /** Name of the source whose bytes fitted. */
  readonly source: string
  /** Requests made for this block, won or lost. */
  readonly requests: number
}

/** What the race may know of who asks. */
export interface Entry {
  /** The file or directory that is read: who served it before goes first. */
  readonly root: Cid | null
  /** Sources of this file alone. */
  readonly mirrors: readonly BlockSource[]
}

interface Candidate {
  readonly source: BlockSource
  readonly member: SourceHealth
}

const anybody: Entry = { root: null, mirrors: [] }

/** Public gateways answer 429 to more. */
const MOST_PER_SOURCE = 8
/** Leaves that a mirror may fetch at once: neighbours among them travel in one request. */
const MOST_PER_MIRROR = 32
/** Hosts of mirrors and roots that are remembered. */
const MOST_REMEMBERED = 1_000
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
    throw new SourceFailure(
      source.name,
      'lie',
      looksLikePage(bytes) ? `${reason}: a web page` : reason,
    )
  }
  return block
}

/** What is left of many gateways answers 200 to everything: who reads the error need not guess. */
function looksLikePage(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('latin1')
  return /^\s*<(!doctype|html|head|\?xml)/i.test(start)
}

export class BlockRace {
  readonly #runners: readonly Candidate[]
  readonly #mirrors = new Map<string, SourceHealth>()
  readonly #servers = new Map<string, SourceHealth>()
  readonly #clock: Clock

  constructor(sources: readonly BlockSource[], clock: Clock) {
    this.#clock = clock
    this.#runners = sources.map((source) => ({
      source,
      member: new SourceHealth(source.name, MOST_PER_SOURCE, clock),
    }))
  }

  /**
   * @throws {GreenprintError} `content_unavailable`, one detail line per source
   */
  async get(cid: Cid, signal: AbortSignal, entry: Entry = anybody): Promise<Served> {
    signal.throwIfAborted()
    const heat = new HedgedRequest(this.#lineUp(entry, cid), this.#clock, cid)
    const stop = () => heat.abort(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    try {
      const { runner, ...served } = await heat.run()
      if (entry.root !== null) remember(this.#servers, blockKey(entry.root), runner.member)
      return served
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /** The gateway that would be asked first, for requests that are no race. */
  best(entry: Entry): Candidate | null {
    return this.#lineUp({ ...entry, mirrors: [] }, null)[0] ?? null
  }

  /** One line per source: what it served and what it owes. */
  get lines(): string[] {
    const members = [...this.#runners.map(({ member }) => member), ...this.#mirrors.values()]
    return members.map((member) => member.line)
  }

  #lineUp({ root, mirrors }: Entry, cid: Cid | null): Candidate[] {
    const now = this.#clock.elapsed()
    const server = root === null ? undefined : this.#servers.get(blockKey(root))
    const rank = ({ member }: Candidate) =>
      member === server && member.score.inGoodStanding ? -1 : member.score.rank(now)
    const byRank = (one: Candidate, other: Candidate) => rank(one) - rank(other)
    const guests = mirrors.map((source) => ({ source, member: this.#memberOf(source) }))
    // A copy makes the root of a one-block file alone, and for that it is fetched whole: the last resort.
    if (cid !== null && root !== null && blockKey(cid) === blockKey(root))
      return [...this.#runners.toSorted(byRank), ...guests.toSorted(byRank)]
    return [...this.#runners, ...guests].toSorted(byRank)
  }

  #memberOf({ name }: BlockSource): SourceHealth {
    const known = this.#mirrors.get(name)
    const member = known ?? new SourceHealth(name, MOST_PER_MIRROR, this.#clock)
    remember(this.#mirrors, name, member)
    return member
  }
}

function remember(memory: Map<string, SourceHealth>, key: string, member: SourceHealth): void {
  memory.delete(key)
  memory.set(key, member)
  if (memory.size <= MOST_REMEMBERED) return
  const [oldest] = memory.keys()
  if (oldest !== undefined) memory.delete(oldest)
}

/** The race for one block. */
class HedgedRequest {
  readonly #clock: Clock
  readonly #cid: Cid
  readonly #line: { readonly runner: Candidate; readonly waitMs: number }[]
  readonly #failures: SourceFailure[] = []
  readonly #over = new AbortController()
  readonly #result = Promise.withResolvers<Served & { readonly runner: Candidate }>()
  #running = 0
  #requests = 0
  #hedge: NodeJS.Timeout | undefined

  constructor(runners: readonly Candidate[], clock: Clock, cid: Cid) {
    this.#clock = clock
    this.#cid = cid
    this.#line = runners.map((runner) => ({ runner, waitMs: 0 }))
  }

  async run(): Promise<Served & { readonly runner: Candidate }> {
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
    const next = this.#line.shift()
    if (next === undefined) {
      if (this.#running === 0) this.#result.reject(this.#nobody())
      return
    }
    this.#running++
    void this.#ask(next.runner, next.waitMs, false)
    const hedgeMs = next.waitMs + next.runner.member.score.hedgeMs
    this.#hedge = setTimeout(() => this.#startNext(), hedgeMs)
  }

  /** One source that has cooled down is asked beside the first one, so that nobody waits for it in vain. */
  #startProbe(): void {
    const now = this.#clock.elapsed()
    const at = this.#line.findIndex(({ runner }) => runner.member.score.takeProbe(now))
    const [probe] = at < 0 ? [] : this.#line.splice(at, 1)
    if (probe === undefined) return
    this.#running++
    void this.#ask(probe.runner, 0, true)
  }

  async #ask(runner: Candidate, waitMs: number, isProbe: boolean): Promise<void> {
    const { source, member } = runner
    const signal = this.#over.signal
    try {
      if (waitMs > 0) await this.#clock.sleep(waitMs, signal)
      const { value, ms } = await member.ask(() => {
        this.#requests++
        return askSource(source, this.#cid, signal)
      }, signal)
      member.served(ms)
      const requests = this.#requests
      this.#result.resolve({ block: value, source: source.name, requests, runner })
    } catch (error) {
      // A probe that was called off in its line gives its turn back.
      if (signal.aborted) return member.score.outrun(0, this.#clock.elapsed())
      this.#running--
      if (!(error instanceof SourceFailure)) return this.#result.reject(error)
      this.#failures.push(error)
      member.failed(error)
      // What was asked first is still on its way: the line moves on when that fails, or its time is up.
      if (isProbe && this.#running > 0) return
      this.#moveOn(runner, waitMs > 0, error)
    }
  }

  #moveOn(runner: Candidate, retried: boolean, error: SourceFailure): void {
    const passing = error.kind === 'busy' || error.kind === 'broken'
    const waitMs = Math.max(1, error.retryAfterMs ?? RETRY_AFTER_MS)
    if (passing && !retried && waitMs <= MAX_RETRY_WAIT_MS) this.#line.push({ runner, waitMs })
    this.#startNext()
  }

  #nobody(): GreenprintError {
    // Of a source that failed twice, the last.
    const lines = new Map(this.#failures.map((failure) => [failure.source, failure.line]))
    return new GreenprintError(
      'content_unavailable',
      `No source could serve block ${this.#cid.toString()}.`,
      {
        details: lines.size > 0 ? [...lines.values()] : ['no gateway is configured'],
        cause: this.#failures[0],
      },
    )
  }
}
