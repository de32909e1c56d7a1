// Several untrusted sources, one verified block: who is asked first, by what is remembered of each.

import type { Clock } from '../async/clock.ts'
import { blockKey, type Cid } from '../ipld/cid.ts'
import { remember } from '../model/remember.ts'
import { type Candidate, HedgedRequest, type More } from './hedged-request.ts'
import { apart } from './operators.ts'
import type { Providers } from './providers.ts'
import { RootServers } from './root-servers.ts'
import type { AnySource, BlockSource, Served } from './source.ts'
import { SourceHealth } from './source-health.ts'

/** What is known of the reading that a block is for. */
export interface Entry {
  /** The file or directory that is read: sources that served of it before go first. */
  readonly root: Cid | null
  /** Sources of this file alone. */
  readonly mirrors: readonly AnySource[]
  /** Told of every request. */
  readonly ledger?: { countRequest(): void }
  /** Milliseconds that its reader has left; null where no deadline is known. */
  readonly timeLeft?: () => number | null
}

const anybody: Entry = { root: null, mirrors: [] }

/** Of a reader's time, kept for the answer after a wait. */
const MARGIN_MS = 2_000

/** The operator of copies and of gateways that were found: anybody may name some, and metrics are counted. */
const GUESTS = 'others'

/**
 * Those that have a file, and of them those that have a request to spare, are asked before all others; within a place
 * by their scores.
 */
const places = ['serves', 'serves later', 'may serve'] as const

/** Public gateways answer 429 to more. */
const MOST_PER_SOURCE = 8
/** Leaves that a mirror may fetch at once: neighbours among them travel in one request. */
const MOST_PER_MIRROR = 32

export class BlockRace {
  readonly #gateways: readonly Candidate[]
  /** Of mirrors and of gateways that routers named. */
  readonly #guests = new Map<string, SourceHealth>()
  /** Of the files that were read last, by their root's key. */
  readonly #servers = new Map<string, RootServers>()
  readonly #clock: Clock
  readonly #providers: Providers | null

  /** @param providers asked when the sources are late */
  constructor(sources: readonly BlockSource[], clock: Clock, providers: Providers | null = null) {
    this.#clock = clock
    this.#providers = providers
    this.#gateways = sources.map((source) => ({
      source,
      health: new SourceHealth(source.name, MOST_PER_SOURCE, clock, source.operator),
    }))
  }

  /**
   * @throws {GreenprintError} `content_unavailable`, one detail line per source; `content_unusable` for a block that is
   *   larger than any client accepts
   */
  async get(cid: Cid, signal: AbortSignal, entry: Entry = anybody): Promise<Served> {
    signal.throwIfAborted()
    const onRequest = () => entry.ledger?.countRequest()
    const candidates = this.#rank(entry, cid)
    const findMore = () => this.#findMore(entry.root ?? cid, candidates)
    const patience = () => {
      const left = entry.timeLeft?.() ?? null
      return left === null ? null : left - MARGIN_MS
    }
    const hooks = { onRequest, findMore, patience }
    const beside = this.#besideFull(entry, cid, candidates)
    const hedged = new HedgedRequest(candidates, this.#clock, cid, hooks, beside)
    const stop = () => hedged.abort(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    try {
      const { block, candidate } = await hedged.run()
      this.noteServer(entry.root, candidate)
      return { block, source: candidate.source.name }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /** The gateway that would be asked first, for requests of more than one block. */
  best(entry: Entry): Candidate | null {
    return this.#rank({ ...entry, mirrors: [] }, null)[0] ?? null
  }

  /** A source that has a block of a file is asked first for the rest of it. */
  noteServer(root: Cid | null, { health }: Candidate): void {
    this.#serversOf(root)?.note(health)
  }

  /**
   * Where all that serve a file have as many requests as they take: another source that may have it, for one block.
   * If that comes, the source is asked for its share of the rest.
   */
  #besideFull({ root }: Entry, cid: Cid, candidates: readonly Candidate[]): Candidate | null {
    const [first, ...others] = candidates
    if (first?.health.isFull !== true || root === null || isSame(cid, root)) return null
    const servers = this.#serversOf(root)
    return others.find(({ health }) => servers?.takeTry(health)) ?? null
  }

  /** One line per source: what it served and what it owes. */
  get lines(): string[] {
    const healths = [...this.#gateways.map(({ health }) => health), ...this.#guests.values()]
    return healths.map((health) => health.line)
  }

  #rank({ root, mirrors }: Entry, cid: Cid | null): Candidate[] {
    const now = this.#clock.elapsed()
    const servers = this.#serversOf(root)
    const placeOf = (candidate: Candidate): number => {
      const { health } = candidate
      const serves = isSure(candidate) || servers?.has(health) === true
      return places.indexOf(!serves ? 'may serve' : health.isFull ? 'serves later' : 'serves')
    }
    const byRank = (one: Candidate, other: Candidate) =>
      placeOf(one) - placeOf(other) || one.health.score.rank(now) - other.health.score.rank(now)
    const copies = mirrors.map((source) => this.#guest(source, MOST_PER_MIRROR))
    const known = root === null ? [] : (this.#providers?.known(root) ?? [])
    const gateways = [...this.#gateways, ...this.#strangers(known)]
    // A copy makes the root of a one-block file alone, and for that it is fetched whole: the last resort.
    const isLast = cid !== null && root !== null && isSame(cid, root)
    const [last, others] = isLast
      ? [copies.filter((copy) => !isSure(copy)), copies.filter(isSure)]
      : [[], copies]
    const ranked = [...gateways, ...others].toSorted(byRank)
    return apart([...ranked, ...last.toSorted(byRank)], operatorOfSource)
  }

  async #findMore(root: Cid, asked: readonly Candidate[]): Promise<More> {
    const names = new Set(asked.map(({ source }) => source.name))
    const { sources, lines } = (await this.#providers?.find(root)) ?? { sources: [], lines: [] }
    return { candidates: this.#strangers(sources.filter(({ name }) => !names.has(name))), lines }
  }

  /** Gateways that routers named, without those that are configured anyway. */
  #strangers(found: readonly BlockSource[]): Candidate[] {
    const configured = new Set(this.#gateways.map(({ source }) => source.name))
    const strangers = found.filter(({ name }) => !configured.has(name))
    return strangers.map((source) => this.#guest(source, MOST_PER_SOURCE))
  }

  #serversOf(root: Cid | null): RootServers | null {
    if (root === null) return null
    const key = blockKey(root)
    const servers = this.#servers.get(key) ?? new RootServers()
    remember(this.#servers, key, servers)
    return servers
  }

  #guest(source: AnySource, most: number): Candidate {
    const { name } = source
    const health = this.#guests.get(name) ?? new SourceHealth(name, most, this.#clock, GUESTS)
    remember(this.#guests, name, health)
    return { source, health }
  }
}

/** Whether it is known to have the file, and well. */
function isSure({ source, health }: Candidate): boolean {
  return 'make' in source && source.isSure && health.score.inGoodStanding
}

function isSame(one: Cid, other: Cid): boolean {
  return blockKey(one) === blockKey(other)
}

function operatorOfSource({ source }: Candidate): string | null {
  return source.operator ?? null
}
