// Verified blocks by CID: memory, disk, our own stores, then the race of gateways; each block fetched once at a time.

import { Background } from '../async/background.ts'
import { createLimit } from '../async/limit.ts'
import { SharedTask } from '../async/shared-task.ts'
import { GreenprintError } from '../errors.ts'
import { blockKey, type Cid, DAG_PB, inlineContent, isVerifiable } from '../ipld/cid.ts'
import { linksOf } from '../ipld/unixfs.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { SourceFailure } from '../model/source-failure.ts'
import type { ByteCache } from '../store/disk/disk-cache.ts'
import { BlockCache } from './block-cache.ts'
import { askSource } from './hedged-request.ts'
import type { Prefetcher } from './prefetch.ts'
import type { BlockRace, Served } from './race.ts'
import type { BlockKind, ReadSession } from './read-session.ts'
import type { BlockSource } from './source.ts'

export interface Blocks {
  /**
   * The block that `cid` names, checked.
   *
   * @throws {GreenprintError} `content_unavailable`, one detail line per source; `content_unusable` for a hash
   *   that cannot be checked here
   */
  get(cid: Cid, reading: ReadSession, signal: AbortSignal, kind?: BlockKind): Promise<VerifiedBytes>
  /** Once every block that was fetched until now is where it stays. */
  settle(): Promise<void>
}

export interface BlocksOptions {
  /** Asked one after the other before the network. */
  readonly own: readonly BlockSource[]
  /** Where inner nodes are kept once seen: with them, bytes from anywhere make the file. */
  readonly keep?: (cid: Cid, block: VerifiedBytes) => Promise<void>
  readonly disk?: ByteCache
  readonly openings?: Prefetcher
  readonly network: BlockRace
  readonly cacheBytes: number
}

/** A block as its first reader asked for it. */
interface Wanted {
  readonly cid: Cid
  readonly kind: BlockKind
  readonly reading: ReadSession
  readonly asker: AbortSignal
}

/** First byte of dag-pb that has links, as nearly everybody writes it: the field with the links before that with the data. */
const LINKS_FIRST = 0x12

/** Blocks on their way at once, over all readers: bounds memory to 32 MiB of blocks in flight. */
const MOST_IN_FLIGHT = 16

export function createBlocks(options: BlocksOptions): Blocks {
  const { own, keep, disk, openings, network, cacheBytes } = options
  const cache = new BlockCache(cacheBytes)
  const flights = new Map<string, SharedTask<Served>>()
  const limit = createLimit(MOST_IN_FLIGHT)
  const behind = new Background()

  async function onDisk(cid: Cid): Promise<Served | null> {
    const bytes = (await disk?.get(blockKey(cid))) ?? null
    const block = bytes === null ? null : verifyBlock(cid, bytes)
    return block === null ? null : { block, source: 'disk', requests: 0 }
  }

  /** Brought by the prefetch of this file that is on its way. */
  async function inOpening(cid: Cid, reading: ReadSession): Promise<Served | null> {
    await reading.opening
    const brought = reading.brought(cid)
    return brought === null ? null : { ...brought, requests: 0 }
  }

  async function fetchBlock(
    { cid, kind, reading, asker }: Wanted,
    signal: AbortSignal,
  ): Promise<Served> {
    const stored = await onDisk(cid)
    if (stored !== null) return stored
    const opened = await inOpening(cid, reading)
    if (opened !== null) {
      keepBehind(cid, kind, opened.block)
      return opened
    }
    const misses: string[] = []
    for (const source of own) {
      signal.throwIfAborted()
      if (reading.lacks(source.name, kind)) continue
      try {
        const block = await askSource(source, cid, signal)
        return { block, source: source.name, requests: 0 }
      } catch (error) {
        if (!(error instanceof SourceFailure)) throw error
        if (error.kind !== 'absent') misses.push(error.line)
        else if (kind === 'root' || kind === 'leaf') reading.noteLack(source.name, kind)
      }
    }
    if (kind === 'root') openings?.start(cid, reading, asker)
    const served = await network.get(cid, signal, reading).catch((error: unknown) => {
      throw withLines(error, misses)
    })
    keepBehind(cid, kind, served.block)
    return served
  }

  /**
   * What came over the network stays on this disk. Inner nodes, and the leaf that a file's header lies in, go into the
   * store too, for every process after this: no reading does without them.
   */
  function keepBehind(cid: Cid, kind: BlockKind, block: VerifiedBytes): void {
    if (disk !== undefined) behind.goOn(() => disk.put(blockKey(cid), block))
    const isInner =
      cid.code === DAG_PB && (block[0] === LINKS_FIRST || linksOf(cid, block).length > 0)
    if ((isInner || kind === 'front') && keep !== undefined) behind.goOn(() => keep(cid, block))
  }

  function flightFor(key: string, wanted: Wanted): SharedTask<Served> {
    const known = flights.get(key)
    if (known !== undefined) return known
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key)
    }
    const start = (signal: AbortSignal) => limit.run(() => fetchBlock(wanted, signal), signal)
    const flight = new SharedTask(start, land)
    flights.set(key, flight)
    flight.outcome.then(({ block }) => cache.put(key, block)).then(land, land)
    return flight
  }

  return {
    async get(cid, reading, signal, kind = 'unknown') {
      signal.throwIfAborted()
      if (!isVerifiable(cid)) throw unverifiable(cid)
      const inline = inlineContent(cid)
      const carried = inline === null ? null : verifyBlock(cid, inline)
      if (carried !== null) return carried
      const key = blockKey(cid)
      const cached = cache.get(key)
      if (cached !== undefined) {
        reading.ledger.record(cid, cached.length, 'memory', 0)
        return cached
      }
      const joined = flights.has(key)
      const wanted = { cid, kind, reading, asker: signal }
      const { block, source, requests } = await flightFor(key, wanted).join(signal)
      reading.ledger.record(cid, block.length, source, joined ? 0 : requests)
      return block
    },
    settle: () => behind.settle(),
  }
}

/** The network's failure, with what our own stores had to say before it. */
function withLines(error: unknown, lines: readonly string[]): unknown {
  if (!(error instanceof GreenprintError) || lines.length === 0) return error
  const details = [...lines, ...error.details]
  return new GreenprintError(error.code, error.message, { details, cause: error })
}

/** Said before anybody is asked: whatever a source answered, it would look like a lie. */
function unverifiable(cid: Cid): GreenprintError {
  const code = cid.multihash.code.toString(16)
  return new GreenprintError(
    'content_unusable',
    `Block ${cid.toString()} uses multihash 0x${code}; only sha2-256 and identity can be verified here.`,
  )
}
