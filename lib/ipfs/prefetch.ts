// The opening of a file in one answer: a CAR of its first bytes, taken if it is right and forgotten if it is not.

import type { Clock } from '../async/clock.ts'
import { decodeCar } from '../ipld/car.ts'
import type { Cid } from '../ipld/cid.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { BlockRace } from './race.ts'
import type { ReadSession } from './read-session.ts'

/** A source that can answer with a CAR. */
export interface CarSource {
  readonly name: string
  /**
   * The blocks on the way to bytes `[0, length)` of a file.
   *
   * @throws {Error} when there is no such answer within `maxBytes`
   */
  getOpening(
    cid: Cid,
    length: number,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>>
}

/** Real gateways answered 40 MB for 300 KB, or no leaf at all: more than this is not read. */
const slack = (length: number) => Math.ceil(length * 1.5) + 1024 * 1024
/** A slower prefetch is no gain: the blocks are fetched one by one then. */
const MOST_MS = 500

/** Remembers, while the process lives, which sources answer openings wrongly. */
export class Prefetcher {
  readonly #wrong = new Set<string>()
  readonly #sources: ReadonlyMap<string, CarSource>
  readonly #race: BlockRace
  readonly #clock: Clock

  constructor(sources: readonly CarSource[], race: BlockRace, clock: Clock) {
    this.#sources = new Map(sources.map((source) => [source.name, source]))
    this.#race = race
    this.#clock = clock
  }

  /**
   * Starts a prefetch from the best gateway; nothing when that is known to answer wrongly.
   *
   * @param signal of the reader: the prefetch outlives the request for the root
   */
  start(cid: Cid, reading: ReadSession, signal: AbortSignal): void {
    const best = this.#race.best(reading)
    const source = best === null ? undefined : this.#sources.get(best.source.name)
    if (source === undefined || this.#wrong.has(source.name) || reading.front === 0) return
    const over = new AbortController()
    const either = AbortSignal.any([signal, over.signal])
    const opening = Promise.race([
      this.#take(source, cid, reading, either).catch(() => {
        if (!signal.aborted) this.#wrong.add(source.name)
      }),
      this.#clock.sleep(MOST_MS, over.signal),
    ])
      .catch(() => undefined)
      .finally(() => over.abort())
    reading.opening = opening
  }

  async #take(
    source: CarSource,
    cid: Cid,
    reading: ReadSession,
    signal: AbortSignal,
  ): Promise<void> {
    reading.ledger.countRequest()
    const car = await source.getOpening(cid, reading.front, slack(reading.front), signal)
    const { blocks } = await decodeCar(car)
    for (const { cid: name, bytes } of blocks) {
      const block = verifyBlock(name, bytes.slice())
      if (block === null) throw new Error('a block does not hash to its CID')
      reading.bring(name, block, source.name)
    }
    if (blocks.length === 0) throw new Error('no blocks')
  }
}
