// A plain copy of the file somewhere on the web: stretches of it, wrapped as the leaf that the parent names, hashed.

import { createHash } from 'node:crypto'
import { blockKey, type Cid, matchesCid, RAW } from '../ipld/cid.ts'
import {
  encodeLeaf,
  type LeafEncoding,
  leafEncodings,
  leafOverhead,
} from '../ipld/leaf-encoding.ts'
import type { RangeReader } from '../model/range-reader.ts'
import { SourceFailure } from '../model/source-failure.ts'
import type { LeafPlace, PlaceOf } from './leaf-places.ts'
import type { BlockSource } from './source.ts'

/** Neighbouring leaves travel in one request of at most this much. */
const MOST_BYTES = 8 * 1024 * 1024
/** Leaves that are asked for within this time of each other may travel together. */
const GATHER_MS = 3
const MAX_SINGLE_BLOCK = 2 * 1024 * 1024

interface PendingRead {
  readonly place: LeafPlace
  readonly bytes: PromiseWithResolvers<Uint8Array<ArrayBuffer>>
  readonly signal: AbortSignal
}

export class Mirror implements BlockSource {
  readonly name: string
  readonly #reader: RangeReader
  readonly #placeOf: PlaceOf
  readonly #unmatched = new Map<string, string>()
  #encoding: LeafEncoding | null = null
  /** Why it cannot serve this file, once that is known: a log-in page is the same for every range. */
  #useless: SourceFailure | null = null
  #pending: PendingRead[] = []

  constructor(reader: RangeReader, placeOf: PlaceOf) {
    this.name = reader.name
    this.#reader = reader
    this.#placeOf = placeOf
  }

  async get(cid: Cid, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
    const place = this.#placeOf(cid)
    if (place === null) throw new SourceFailure(this.name, 'absent', 'a plain copy has leaves only')
    if (place !== 'whole file' && place.length > MAX_SINGLE_BLOCK)
      throw new SourceFailure(this.name, 'refused', `no block has ${place.length} bytes`)
    if (this.#useless !== null) throw this.#useless
    const data = await this.#read(place, signal)
    const block = this.#wrap(cid, data)
    if (block !== null) return block
    this.#unmatched.set(blockKey(cid), digestOf(data))
    throw new SourceFailure(this.name, 'refused', 'its bytes fit the CID in no known leaf encoding')
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
      return await this.#enqueue(place, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof SourceFailure)) throw error
      if (place !== 'whole file' && isFinal(error)) this.#useless ??= error
      // A file of many blocks is larger than one: that is not the copy's fault.
      if (error.kind === 'oversized') throw new SourceFailure(this.name, 'refused', error.message)
      throw error
    }
  }

  #wrap(cid: Cid, data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
    if (cid.code === RAW) return matchesCid(cid, data) ? data : null
    const known = this.#encoding
    const tried =
      known === null ? leafEncodings : [known, ...leafEncodings.filter((other) => other !== known)]
    for (const encoding of tried) {
      const block = encodeLeaf(data, encoding)
      if (!matchesCid(cid, block)) continue
      this.#encoding = encoding
      return block
    }
    return null
  }

  /** Joins the next request; those that are asked for together are sent together. */
  #enqueue(place: LeafPlace, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#pending.length === 0) setTimeout(() => this.#send(), GATHER_MS)
    const bytes = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
    this.#pending.push({ place, bytes, signal })
    return bytes.promise
  }

  #send(): void {
    const reads = this.#pending.filter(({ signal }) => !signal.aborted)
    for (const { signal, bytes } of this.#pending) if (signal.aborted) bytes.reject(signal.reason)
    this.#pending = []
    for (const run of neighbours(reads)) void this.#fetch(run)
  }

  async #fetch(run: readonly PendingRead[]): Promise<void> {
    const over = new AbortController()
    const leave = () => {
      if (run.every(({ signal }) => signal.aborted)) over.abort(run[0]?.signal.reason)
    }
    for (const { signal } of run) signal.addEventListener('abort', leave, { once: true })
    try {
      const [first, last] = [run[0]?.place, run.at(-1)?.place]
      if (first === undefined || last === undefined) return
      const length = last.offset + last.length - first.offset
      const bytes = await this.#reader.read(first.offset, length, over.signal)
      for (const { place, bytes: wanted } of run) {
        const start = place.offset - first.offset
        wanted.resolve(bytes.subarray(start, start + place.length))
      }
    } catch (error) {
      for (const { bytes } of run) bytes.reject(error)
    } finally {
      for (const { signal } of run) signal.removeEventListener('abort', leave)
    }
  }
}

/** Pending reads in runs without a gap, each within one request's size. */
function neighbours(reads: readonly PendingRead[]): PendingRead[][] {
  const runs: PendingRead[][] = []
  for (const read of reads.toSorted((one, other) => one.place.offset - other.place.offset)) {
    const run = runs.at(-1)
    const [first, last] = [run?.[0]?.place, run?.at(-1)?.place]
    const end = read.place.offset + read.place.length
    const follows = last !== undefined && last.offset + last.length === read.place.offset
    if (run !== undefined && first !== undefined && follows && end - first.offset <= MOST_BYTES) {
      run.push(read)
    } else {
      runs.push([read])
    }
  }
  return runs
}

/** Whether a dag-pb child of this size in all can be a leaf that a mirror's bytes make. */
export function mayBeLeaf(cid: Cid, length: number, encodedLength: number | null): boolean {
  if (cid.code === RAW) return true
  if (encodedLength === null) return false
  return leafEncodings.some((encoding) => encodedLength - length === leafOverhead(length, encoding))
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** No file there, a refused host, a bucket that says no: asking again for this file changes nothing. */
function isFinal({ kind }: SourceFailure): boolean {
  return kind === 'refused' || kind === 'absent'
}
