// A plain copy of the file somewhere on the web: stretches of it, wrapped as the leaf that the parent names, hashed.

import { createHash } from 'node:crypto'
import { blockKey, type Cid, RAW } from '../ipld/cid.ts'
import {
  encodeLeaf,
  type LeafEncoding,
  leafEncodings,
  leafOverhead,
} from '../ipld/leaf-encoding.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { RangeReader } from '../model/range-reader.ts'
import { SourceFailure } from '../model/source-failure.ts'
import { GatheredRanges } from '../net/gathered-ranges.ts'
import type { LeafPlace, PlaceOf } from './leaf-places.ts'
import type { CheckedSource } from './source.ts'

const MAX_SINGLE_BLOCK = 2 * 1024 * 1024
/**
 * Requests for neighbours: one is answered while the next is under way. Leaves are there one by one, and each asked for
 * the next by itself: a host had ten times as many requests as runs, and some answer no more than a few at a time.
 */
const AT_ONCE = 2

export class Mirror implements CheckedSource {
  readonly name: string
  readonly #reader: RangeReader
  readonly #ranges: GatheredRanges
  readonly #placeOf: PlaceOf
  readonly #size: number | null
  readonly #unmatched = new Map<string, string>()
  #encoding: LeafEncoding | null = null
  /** Why it cannot serve this file, once that is known: a log-in page is the same for every range. */
  #useless: SourceFailure | null = null

  /** @param size of the file that it is known to be a copy of; null where an item only says so */
  constructor(reader: RangeReader, placeOf: PlaceOf, size: number | null = null) {
    this.name = reader.name
    this.#size = size
    this.#reader = reader
    this.#ranges = new GatheredRanges(reader, 0, AT_ONCE)
    this.#placeOf = placeOf
  }

  get isSure(): boolean {
    return this.#size !== null
  }

  /** Whether some of its bytes were those of no leaf that was asked for. */
  get hasOtherBytes(): boolean {
    return this.#unmatched.size > 0
  }

  async make(cid: Cid, signal: AbortSignal): Promise<VerifiedBytes> {
    const place = this.#placeOf(cid)
    const isTooLarge = place === 'whole file' && (this.#size ?? 0) > MAX_SINGLE_BLOCK
    if (place === null || isTooLarge)
      throw new SourceFailure(this.name, 'absent', 'a plain copy has leaves only')
    if (place !== 'whole file' && place.length > MAX_SINGLE_BLOCK)
      throw new SourceFailure(this.name, 'refused', `no block has ${place.length} bytes`)
    if (this.#useless !== null) throw this.#useless
    const data = await this.#read(place, signal)
    const block = this.#wrap(cid, data)
    if (block !== null) return block
    this.#unmatched.set(blockKey(cid), digestOf(data))
    const where = place === 'whole file' ? 'its bytes' : bytesAt(place)
    throw new SourceFailure(this.name, 'refused', `${where} fit the CID in no known leaf encoding`)
  }

  /**
   * Told what a leaf really holds, once it came by CID. Only this shows whether the copy differs or
   * the leaf was written in another way.
   */
  judge(cid: Cid, data: Uint8Array): void {
    const digest = this.#unmatched.get(blockKey(cid))
    if (digest === undefined || digest === digestOf(data)) return
    this.#useless = new SourceFailure(this.name, 'lie', 'is a copy of another file')
  }

  async #read(
    place: LeafPlace | 'whole file',
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    try {
      if (place === 'whole file') return await this.#reader.readWhole(MAX_SINGLE_BLOCK, signal)
      return await this.#ranges.read(place, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof SourceFailure)) throw error
      if (place !== 'whole file' && isFinal(error)) this.#useless ??= error
      // A file of many blocks is larger than one: that is not the copy's fault.
      if (error.kind === 'oversized') {
        const reason = `${error.message}, more than a block: what links them has to come from a gateway or an outboard`
        throw new SourceFailure(this.name, 'refused', reason)
      }
      throw error
    }
  }

  #wrap(cid: Cid, data: Uint8Array<ArrayBuffer>): VerifiedBytes | null {
    if (cid.code === RAW) return verifyBlock(cid, data)
    const known = this.#encoding
    const tried =
      known === null ? leafEncodings : [known, ...leafEncodings.filter((other) => other !== known)]
    for (const encoding of tried) {
      const block = verifyBlock(cid, encodeLeaf(data, encoding))
      if (block === null) continue
      this.#encoding = encoding
      return block
    }
    return null
  }
}

/** Whether a dag-pb child of this size in all can be a leaf that a mirror's bytes make. */
export function mayBeLeaf(cid: Cid, length: number, encodedLength: number | null): boolean {
  if (cid.code === RAW) return true
  if (encodedLength === null) return false
  return leafEncodings.some((encoding) => encodedLength - length === leafOverhead(length, encoding))
}

/** Which stretch of the file it is that others have otherwise. */
function bytesAt({ offset, length }: LeafPlace): string {
  return `its bytes ${offset} to ${offset + length - 1}`
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** No file there, a refused host, a bucket that says no: asking again for this file changes nothing. */
function isFinal({ kind }: SourceFailure): boolean {
  return kind === 'refused' || kind === 'absent'
}
