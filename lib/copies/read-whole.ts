// A whole file from a plain copy, in order: many ranges at once where the server answers them and tells versions apart,
// resumed where they break; else one answer.
// Long: two ways to read that share the buffers and how a reading is begun and ended.

import type { Clock } from '../async/clock.ts'
import type { BufferPool } from './buffers.ts'
import { measured } from './measured.ts'
import { patiently } from './patience.ts'
import {
  CopyFailure,
  type CopyPart,
  type CopyVersion,
  PackedFailure,
  type PlainCopy,
} from './plain-copy.ts'

export interface WholeReading {
  readonly version: CopyVersion
  /** Whether a broken connection is resumed: else it is a `broken` failure of the whole. */
  readonly isRanged: boolean
  /**
   * The bytes in their order, in pieces as large as a buffer, the last one smaller. A piece is lent: it is another's
   * once
   * the next is asked for.
   */
  readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer>>
  /** Must be called in the end: what is on its way is called off. */
  close(): Promise<void>
}

export interface ReadingMeans {
  readonly buffers: BufferPool
  readonly clock: Clock
}

/** Ranges of one file on their way at once, where the buffers of the process allow it. */
const MOST_AT_ONCE = 8

/** @throws {CopyFailure} `changed` once the file is another one in the middle of it */
export async function openWhole(
  copy: PlainCopy,
  means: ReadingMeans,
  signal: AbortSignal,
): Promise<WholeReading> {
  const { buffers, clock } = means
  // Before the opening, which keeps a turn at its server until it is read: who has one there must not wait for a buffer
  // of those who wait for theirs.
  const buffer = await buffers.take(signal)
  try {
    const part = await patiently(clock, signal, () => openPart(copy, 0, buffers.size, null, signal))
    return await readOn(copy, { part, buffer }, means, signal)
  } catch (error) {
    buffers.give(buffer)
    throw error
  }
}

/** One that is as long as it says: nothing is hashed by which another could be told. */
async function openPart(
  copy: PlainCopy,
  ...asked: Parameters<PlainCopy['open']>
): Promise<CopyPart> {
  const part = await copy.open(...asked)
  if (part.packing === null) return part
  await part.close()
  throw new PackedFailure(copy.name, part.packing)
}

/** @throws {CopyFailure} */
async function readOn(
  copy: PlainCopy,
  opening: Opening,
  means: ReadingMeans,
  signal: AbortSignal,
): Promise<WholeReading> {
  const { version, isWhole } = opening.part
  if (version === null) {
    await opening.part.close()
    throw new CopyFailure(copy.name, 'refused', 'does not tell the size of the file')
  }
  const isOneAnswer = isWhole || !isTagged(version)
  const begun =
    isOneAnswer && !isWhole ? await asOneAnswer(copy, version, opening, means, signal) : opening
  let left: Opening | null = begun
  const begin = () => {
    left = null
    return begun
  }
  const reading = { copy, version, begin, ...means }
  const pieces = isOneAnswer ? oneStream(reading, signal) : manyRanges(reading, signal)
  return {
    version,
    isRanged: !isOneAnswer,
    pieces,
    async close() {
      await pieces.return()
      if (left === null) return
      await left.part.close()
      means.buffers.give(left.buffer)
      left = null
    },
  }
}

/** By its size alone another version of the same length could not be told from it. */
function isTagged({ etag, last_modified }: CopyVersion): boolean {
  return etag !== null || last_modified !== null
}

/** Ranges of a file that nothing tells from its next version may be of both: one answer is of one. */
async function asOneAnswer(
  copy: PlainCopy,
  version: CopyVersion,
  opening: Opening,
  { clock }: ReadingMeans,
  signal: AbortSignal,
): Promise<Opening> {
  const { size } = version
  if (size <= opening.buffer.length) return opening
  await opening.part.close()
  const part = await patiently(clock, signal, () => openPart(copy, 0, size, version, signal))
  return { ...opening, part }
}

interface Reading extends ReadingMeans {
  readonly copy: PlainCopy
  readonly version: CopyVersion
  /** Hands over the opening: whoever takes it ends it. */
  readonly begin: () => Opening
}

/** The first stretch of a file, on its way, and the buffer for it. */
interface Opening {
  readonly part: CopyPart
  readonly buffer: Uint8Array<ArrayBuffer>
}

async function* manyRanges(
  reading: Reading,
  outer: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { buffers, version } = reading
  const over = new AbortController()
  const signal = AbortSignal.any([outer, over.signal])
  const opening = reading.begin()
  const ahead: Promise<Uint8Array<ArrayBuffer>>[] = []
  let from = 0

  function begin(): void {
    while (ahead.length < MOST_AT_ONCE && from < version.size) {
      const next = readRange(reading, from, from === 0 ? opening : null, signal)
      // One that fails is told when its turn comes.
      next.catch(() => undefined)
      ahead.push(next)
      from += buffers.size
    }
  }

  try {
    begin()
    for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
      const piece = await next
      try {
        begin()
        yield piece
      } finally {
        buffers.give(wholeOf(piece))
      }
    }
  } finally {
    over.abort(new Error('no more of the file is wanted'))
    await opening.part.close()
    // Of an empty file no range was begun.
    if (from === 0) buffers.give(opening.buffer)
    const left = await Promise.allSettled(ahead)
    for (const one of left) if (one.status === 'fulfilled') buffers.give(wholeOf(one.value))
  }
}

/** The stretch of one buffer, in a buffer that the caller gives back. */
async function readRange(
  reading: Reading,
  from: number,
  opening: Opening | null,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const { buffers, version } = reading
  const buffer = opening?.buffer ?? (await buffers.take(signal))
  try {
    const stretch = buffer.subarray(0, Math.min(buffers.size, version.size - from))
    await fill(stretch, from, opening?.part ?? null, reading, signal)
    return stretch
  } catch (error) {
    buffers.give(buffer)
    throw error
  }
}

/** Goes on from the last byte that arrived, as long as some do. */
async function fill(
  stretch: Uint8Array<ArrayBuffer>,
  from: number,
  first: CopyPart | null,
  { copy, version, clock }: Reading,
  signal: AbortSignal,
): Promise<void> {
  let filled = 0
  let begun = first
  const attempt = async () => {
    const left = stretch.length - filled
    const part = begun ?? (await openPart(copy, from + filled, left, version, signal))
    begun = null
    try {
      for await (const piece of part.pieces) {
        signal.throwIfAborted()
        // The opening was asked for before the size of the file was known.
        const taken = piece.subarray(0, stretch.length - filled)
        stretch.set(taken, filled)
        filled += taken.length
        if (filled === stretch.length) return
      }
    } finally {
      await part.close()
    }
    throw new CopyFailure(copy.name, 'broken', 'connection closed early')
  }
  const counted = () => {
    const before = filled
    return measured(copy.name, clock, signal, attempt, () => filled - before)
  }
  await patiently(clock, signal, counted, () => filled)
}

/** For servers that answer no ranges, or do not tell versions apart: what breaks here breaks the whole. */
async function* oneStream(
  { buffers, copy, begin, version }: Reading,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { part: first, buffer } = begin()
  let filled = 0
  let total = 0
  try {
    for await (const piece of first.pieces) {
      signal.throwIfAborted()
      total += piece.length
      for (let taken = 0; taken < piece.length; ) {
        const part = piece.subarray(taken, taken + buffer.length - filled)
        buffer.set(part, filled)
        taken += part.length
        filled += part.length
        if (filled < buffer.length) continue
        yield buffer
        filled = 0
      }
    }
    if (total !== version.size) {
      throw new CopyFailure(copy.name, 'broken', 'connection closed early')
    }
    if (filled > 0) yield buffer.subarray(0, filled)
  } finally {
    buffers.give(buffer)
    await first.close()
  }
}

function wholeOf(piece: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(piece.buffer)
}
