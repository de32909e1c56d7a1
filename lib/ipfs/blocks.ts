// Verified blocks by CID: memory, disk, our own stores, then the network; each block fetched once at a time.

import { Background } from '../async/background.ts'
import { timeLeft } from '../async/deadline.ts'
import { JointReads } from '../async/joint-reads.ts'
import { createLimit } from '../async/limit.ts'
import { GreenprintError } from '../errors.ts'
import { blockKey, type Cid, inlineContent, requireVerifiable } from '../ipld/cid.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { ByteRange, VerifiedBytes } from '../model/bytes.ts'
import type { SourceFailure } from '../model/source-failure.ts'
import type { ByteCache } from '../store/disk/disk-cache.ts'
import { BlockCache } from './block-cache.ts'
import { KeptReads } from './kept-reads.ts'
import { fromOwn, type OwnSource } from './own-stores.ts'
import type { Prefetcher } from './prefetch.ts'
import type { BlockRace } from './race.ts'
import type { ReadSession } from './read-session.ts'
import type { Prefetch, Served } from './source.ts'
import { calledOff } from './source-health.ts'
import type { BlockKind } from './store-gaps.ts'

export interface Blocks {
  /**
   * The block that `cid` names, checked.
   *
   * @throws {GreenprintError} `content_unavailable`, one detail line per source; `content_unusable` for a hash
   *   that cannot be checked here, or a block larger than any client accepts
   */
  get(cid: Cid, session: ReadSession, signal: AbortSignal, kind?: BlockKind): Promise<VerifiedBytes>
  /** Ranges of a file that may come together, for a session that goes on with it; null where none are worth it. */
  prefetch(
    cid: Cid,
    ranges: readonly ByteRange[],
    session: ReadSession,
    signal: AbortSignal,
  ): Prefetch | null
  /**
   * What a request brings over the network is noted in the sessions of its files, and kept as it ends.
   *
   * @param lasts whether anything of it may be kept for other processes
   * @param signal of the request
   */
  keepReads(lasts: boolean, signal: AbortSignal): KeptReads
  /** Keeps a verified block on this machine, in memory and on its disk, as if it had been fetched. */
  keep(cid: Cid, block: VerifiedBytes): void
  /** Once every block that was fetched until now is where it stays. */
  settle(): Promise<void>
}

export interface BlocksOptions {
  /** Asked before the network. */
  readonly own: readonly OwnSource[]
  /** Where inner nodes are kept of what is read: with them, bytes from anywhere make the file. */
  readonly keep?: (cid: Cid, block: VerifiedBytes) => Promise<void>
  readonly disk?: ByteCache
  readonly prefetcher?: Pick<Prefetcher, 'plan'>
  readonly network: BlockRace
  readonly cacheBytes: number
}

/** A block as its first reader asked for it. */
interface Wanted {
  readonly cid: Cid
  readonly kind: BlockKind
  readonly session: ReadSession
  readonly reader: AbortSignal
}

const never = new AbortController().signal
const notInCar = new Error('the CAR does not hold the root')

/** Blocks on their way at once, over all readers: bounds memory to 32 MiB of blocks in flight. */
const MOST_IN_FLIGHT = 16

export function createBlocks(options: BlocksOptions): Blocks {
  const { own, keep, disk, prefetcher, network, cacheBytes } = options
  const cache = new BlockCache(cacheBytes)
  const reads = new JointReads<Served>()
  const limit = createLimit(MOST_IN_FLIGHT)
  const background = new Background()

  async function fromDisk(cid: Cid): Promise<Served | null> {
    const bytes = (await disk?.get(blockKey(cid))) ?? null
    const block = bytes === null ? null : verifyBlock(cid, bytes)
    return block === null ? null : { block, source: 'disk' }
  }

  /** What comes together with others of the file, or by itself: of the root, whichever is first. */
  async function fromNetwork(wanted: Wanted, signal: AbortSignal): Promise<Served> {
    const { cid, kind, session, reader } = wanted
    const { root, mirrors, ledger } = session
    const entry = { root, mirrors, ledger, timeLeft: () => timeLeft(reader) }
    const { prefetch } = session
    if (kind === 'root') {
      session.gaps.noteRemote()
      prefetch?.start()
    }
    const together = Promise.resolve(prefetch?.take(cid) ?? null)
    if (kind !== 'root') return (await together) ?? network.get(cid, signal, entry)
    const over = new AbortController()
    const alone = network.get(cid, AbortSignal.any([signal, over.signal]), entry)
    try {
      return await Promise.any([alone, together.then((found) => found ?? Promise.reject(notInCar))])
    } catch {
      // Both have failed, and only this failure has something to say.
      return await alone
    } finally {
      over.abort(calledOff)
    }
  }

  async function fetchBlock(wanted: Wanted, signal: AbortSignal): Promise<Served> {
    const { cid, kind } = wanted
    const stored = await fromDisk(cid)
    if (stored !== null) return stored
    const misses: SourceFailure[] = []
    const held = await fromOwn(own, wanted, misses, signal)
    if (held !== null) return held
    const served = await fromNetwork(wanted, signal).catch((error: unknown) => {
      throw withLines(error, misses)
    })
    wanted.session.kept?.note(cid, kind, served.block)
    const damaged = misses.filter((failure) => failure.kind === 'lie')
    for (const { source } of damaged) heal(source, cid, served.block)
    return served
  }

  function heal(name: string, cid: Cid, block: VerifiedBytes): void {
    const store = own.find((source) => source.name === name)
    background.goOn(async () => store?.put?.(cid, block, never))
  }

  const fetchOf = (key: string, wanted: Wanted) => async (signal: AbortSignal) => {
    const served = await limit.run(() => fetchBlock(wanted, signal), signal)
    cache.put(key, served.block)
    return served
  }

  return {
    async get(cid, session, signal, kind = 'unknown') {
      signal.throwIfAborted()
      // Before any source is asked: whatever it answered, it would look like a lie.
      requireVerifiable(cid)
      const inline = inlineContent(cid)
      const carried = inline === null ? null : verifyBlock(cid, inline)
      if (carried !== null) return carried
      const key = blockKey(cid)
      const cached = cache.get(key)
      if (cached !== undefined) {
        session.ledger.record(cid, cached.length, 'memory')
        return cached
      }
      const fetchIt = fetchOf(key, { cid, kind, session, reader: signal })
      const { block, source } = await reads.read(key, fetchIt, signal).catch((error: unknown) => {
        if (isLack(error)) session.kept?.interrupted()
        throw error
      })
      session.ledger.record(cid, block.length, source)
      return block
    },
    prefetch: (cid, ranges, session, signal) =>
      prefetcher?.plan(cid, ranges, session, signal) ?? null,
    keepReads(lasts, signal) {
      const goOn = (work: () => Promise<unknown>) => background.goOn(work)
      const lasting = lasts ? (keep ?? null) : null
      return new KeptReads({ disk: disk ?? null, lasting, goOn }, signal)
    },
    keep(cid, block) {
      const key = blockKey(cid)
      cache.put(key, block)
      background.goOn(async () => disk?.put(key, block))
    },
    settle: () => background.settle(),
  }
}

function isLack(error: unknown): boolean {
  return error instanceof GreenprintError && error.code === 'content_unavailable'
}

/** The network's failure, with what our own stores had to say before it. */
function withLines(error: unknown, failures: readonly SourceFailure[]): unknown {
  if (!(error instanceof GreenprintError) || failures.length === 0) return error
  const details = [...failures.map(({ line }) => line), ...error.details]
  return new GreenprintError(error.code, error.message, { details, cause: error })
}
