// Blocks of a file that come together in one CAR: taken where they are right, and never waited for long.

import type { Clock } from '../async/clock.ts'
import { freeMemory } from '../async/free-memory.ts'
import { type CarBlock, decodeCar } from '../ipld/car.ts'
import { blockKey, type Cid, RAW } from '../ipld/cid.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { ByteRange, VerifiedBytes } from '../model/bytes.ts'
import { SourceFailure } from '../model/source-failure.ts'
import { CarStanding } from './car-standing.ts'
import type { BlockRace } from './race.ts'
import type { ReadSession } from './read-session.ts'
import type { Prefetch, Served } from './source.ts'

export interface PrefetchLimits {
  readonly maxBytes: number
  /** Counted from when the request leaves. */
  readonly firstByteMs: number
}

/** A source that can answer with a CAR. */
export interface CarSource {
  readonly name: string
  /** The blocks on the way to a range of a file, in memory of their own. @throws {SourceFailure} */
  getCar(
    cid: Cid,
    range: ByteRange,
    limits: PrefetchLimits,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>>
}

/** Real gateways answered 40 MB for 300 KB: more than this is not read. */
const slack = (length: number) => Math.ceil(length * 1.5) + 1024 * 1024
/** The least that a first byte is waited for. */
const FIRST_BYTE_MS = 500

/** Remembers, while the process lives, how the sources answer CARs. */
export class Prefetcher {
  readonly #standings = new Map<string, CarStanding>()
  readonly #sources: ReadonlyMap<string, CarSource>
  readonly #race: BlockRace
  readonly #clock: Clock
  readonly #firstByteMs: number

  /** @param firstByteMs the least that an answer is waited for; a slow source gets as long as it is known to take */
  constructor(
    sources: readonly CarSource[],
    race: BlockRace,
    clock: Clock,
    firstByteMs = FIRST_BYTE_MS,
  ) {
    this.#sources = new Map(sources.map((source) => [source.name, source]))
    this.#race = race
    this.#clock = clock
    this.#firstByteMs = firstByteMs
  }

  /**
   * Ranges of a file, one CAR each, from the gateway that would be asked first; null where it is not worth while.
   *
   * @param signal of the reader: the prefetch outlives the request for any one block
   */
  plan(
    cid: Cid,
    ranges: readonly ByteRange[],
    session: ReadSession,
    signal: AbortSignal,
  ): Prefetch | null {
    // A raw root is the whole file.
    if (cid.code === RAW || ranges.length === 0) return null
    return new CarPrefetch(() => ranges.map((range) => this.#fetch(cid, range, session, signal)))
  }

  async #fetch(
    cid: Cid,
    range: ByteRange,
    session: ReadSession,
    signal: AbortSignal,
  ): Promise<readonly [string, Served][]> {
    const best = this.#race.best(session)
    const source = best === null ? undefined : this.#sources.get(best.source.name)
    if (best === null || source === undefined) return []
    const standing = this.#standingOf(source)
    if (!standing.mayAsk(this.#clock.elapsed())) return []
    const firstByteMs = Math.max(this.#firstByteMs, best.health.score.hedgeMs)
    const limits = { maxBytes: slack(range.length), firstByteMs }
    try {
      const { value: blocks } = await best.health.askThen(
        () => {
          session.ledger.countRequest()
          return source.getCar(cid, range, limits, signal)
        },
        (car) => checkedBlocks(source, car),
        (found) => found.reduce((sum, [, block]) => sum + block.length, 0),
        signal,
      )
      standing.answered()
      this.#race.noteServer(cid, best)
      return blocks.map(([key, block]) => [key, { block, source: source.name }])
    } catch (error) {
      if (!signal.aborted && error instanceof SourceFailure)
        standing.failed(error, this.#clock.elapsed())
      return []
    }
  }

  #standingOf({ name }: CarSource): CarStanding {
    const known = this.#standings.get(name) ?? new CarStanding()
    this.#standings.set(name, known)
    return known
  }
}

class CarPrefetch implements Prefetch {
  readonly #ask: () => readonly Promise<readonly [string, Served][]>[]
  #coming: Promise<ReadonlyMap<string, Served>> | null = null

  constructor(ask: () => readonly Promise<readonly [string, Served][]>[]) {
    this.#ask = ask
  }

  start(): void {
    this.#coming ??= Promise.all(this.#ask()).then((cars) => new Map(cars.flat()))
  }

  async take(cid: Cid): Promise<Served | null> {
    return (await this.#coming)?.get(blockKey(cid)) ?? null
  }
}

/**
 * Copies, each in memory of its own: one that is kept does not keep the CAR, whose memory is free then.
 *
 * @throws {SourceFailure} `lie` for a CAR that holds anything wrong, `absent` for one that holds nothing
 */
async function checkedBlocks(
  { name }: CarSource,
  car: Uint8Array<ArrayBuffer>,
): Promise<[string, VerifiedBytes][]> {
  const blocks = await readBlocks(name, car)
  // Kubo answers so, with status 200, for a root that it lacks.
  if (blocks.length === 0) throw new SourceFailure(name, 'absent', 'answered a CAR without blocks')
  const checked = blocks.map(({ cid, bytes }): [string, VerifiedBytes] => {
    const block = verifyBlock(cid, bytes.slice())
    if (block !== null) return [blockKey(cid), block]
    throw new SourceFailure(name, 'lie', `answered a CAR whose block ${cid.toString()} is damaged`)
  })
  freeMemory(car.buffer)
  return checked
}

async function readBlocks(
  name: string,
  car: Uint8Array<ArrayBuffer>,
): Promise<readonly CarBlock[]> {
  try {
    return (await decodeCar(car)).blocks
  } catch (cause) {
    throw new SourceFailure(name, 'lie', 'answered something that is not a CAR', { cause })
  }
}
