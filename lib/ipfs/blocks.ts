// Verified blocks by CID: memory, then our own stores, then the race of gateways; each block fetched once at a time.

import { blockKey, type Cid, inlineContent, isVerifiable } from '../cid/cid.ts'
import { GreenprintError } from '../errors.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { BlockCache } from './block-cache.ts'
import type { ReadLedger } from './ledger.ts'
import { createLimit } from './limit.ts'
import { askSource, type BlockRace, type Served } from './race.ts'
import { type BlockSource, SourceFailure } from './source.ts'
import { verifyBlock } from './verify.ts'

export interface Blocks {
  /**
   * The block that `cid` names, checked.
   *
   * @throws {GreenprintError} `content_unavailable`, one detail line per source; `content_unusable` for a hash
   *   that cannot be checked here
   */
  get(cid: Cid, ledger: ReadLedger, signal: AbortSignal): Promise<VerifiedBytes>
}

export interface BlocksOptions {
  /** Asked one after the other before the network. */
  readonly own: readonly BlockSource[]
  readonly network: BlockRace
  readonly cacheBytes: number
}

/** Blocks on their way at once, over all readers: bounds memory to 32 MiB of blocks in flight. */
const MOST_IN_FLIGHT = 16

export function createBlocks({ own, network, cacheBytes }: BlocksOptions): Blocks {
  const cache = new BlockCache(cacheBytes)
  const flights = new Map<string, Flight>()
  const limit = createLimit(MOST_IN_FLIGHT)

  async function fetchBlock(cid: Cid, signal: AbortSignal): Promise<Served> {
    const misses: string[] = []
    for (const source of own) {
      try {
        const block = await askSource(source, cid, signal)
        return { block, source: source.name, requests: 0 }
      } catch (error) {
        if (!(error instanceof SourceFailure)) throw error
        if (error.kind !== 'absent') misses.push(error.line)
      }
    }
    try {
      return await network.get(cid, signal)
    } catch (error) {
      if (!(error instanceof GreenprintError) || misses.length === 0) throw error
      throw new GreenprintError(error.code, error.message, {
        details: [...misses, ...error.details],
        cause: error,
      })
    }
  }

  function flightFor(cid: Cid, key: string): Flight {
    const known = flights.get(key)
    if (known !== undefined) return known
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key)
    }
    const flight = new Flight((signal) => limit.run(() => fetchBlock(cid, signal), signal), land)
    flights.set(key, flight)
    flight.served.then(({ block }) => cache.put(key, block)).then(land, land)
    return flight
  }

  return {
    async get(cid, ledger, signal) {
      signal.throwIfAborted()
      if (!isVerifiable(cid)) throw unverifiable(cid)
      const inline = inlineContent(cid)
      const carried = inline === null ? null : verifyBlock(cid, inline)
      if (carried !== null) return carried
      const key = blockKey(cid)
      const cached = cache.get(key)
      if (cached !== undefined) {
        ledger.record(cid, cached.length, 'memory', 0)
        return cached
      }
      const joined = flights.has(key)
      const { block, source, requests } = await flightFor(cid, key).join(signal)
      ledger.record(cid, block.length, source, joined ? 0 : requests)
      return block
    },
  }
}

/** Said before anybody is asked: whatever a source answered, it would look like a lie. */
function unverifiable(cid: Cid): GreenprintError {
  const code = cid.multihash.code.toString(16)
  return new GreenprintError(
    'content_unusable',
    `Block ${cid.toString()} uses multihash 0x${code}; only sha2-256 and identity can be verified here.`,
  )
}

/** One fetch that several readers wait for: a reader who gives up harms nobody, the last one to give up ends it. */
class Flight {
  readonly served: Promise<Served>
  readonly #abort = new AbortController()
  readonly #land: () => void
  #readers = 0

  constructor(start: (signal: AbortSignal) => Promise<Served>, land: () => void) {
    this.served = start(this.#abort.signal)
    this.#land = land
  }

  async join(signal: AbortSignal): Promise<Served> {
    this.#readers++
    const gone = Promise.withResolvers<never>()
    const leave = () => gone.reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([this.served, gone.promise])
    } finally {
      signal.removeEventListener('abort', leave)
      this.#readers--
      if (this.#readers === 0) {
        // Taken off first: whoever asks next must not join a fetch that is being called off.
        this.#land()
        this.#abort.abort(new Error('nobody waits for this block any more'))
      }
    }
  }
}
