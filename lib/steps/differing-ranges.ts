// Which of what was once read unchecked is not in the file, now that it has a CID.

import { createHash } from 'node:crypto'
import type { RandomAccess, ReadRange } from '../model/bytes.ts'

/** Ranges that are compared at once. */
const AT_ONCE = 64
/** Of a range, in memory at a time: whoever wrote the list may name one of any length. */
const PIECE_BYTES = 512 * 1024

/**
 * @param file whose bytes are checked
 * @returns those that the file does not hold, in its order
 * @throws {GreenprintError} `content_unavailable`
 */
export async function differingRanges(
  ranges: readonly ReadRange[],
  file: Pick<RandomAccess, 'size' | 'readAll'>,
  signal: AbortSignal,
): Promise<readonly ReadRange[]> {
  const differing = ranges.filter((range) => endOf(range) > file.size)
  const within = ranges.filter((range) => endOf(range) <= file.size)
  for (let from = 0; from < within.length; from += AT_ONCE) {
    const some = within.slice(from, from + AT_ONCE)
    const digests = await digestsOf(some, file, signal)
    differing.push(...some.filter(({ sha256 }, at) => digests[at] !== sha256))
  }
  return differing.toSorted((one, other) => one.offset - other.offset)
}

/** SHA-256 of each, all of them piece by piece. */
async function digestsOf(
  ranges: readonly ReadRange[],
  file: Pick<RandomAccess, 'readAll'>,
  signal: AbortSignal,
): Promise<string[]> {
  const open = ranges.map((range) => ({ range, hash: createHash('sha256') }))
  const longest = Math.max(...ranges.map(({ length }) => length))
  for (let done = 0; done < longest; done += PIECE_BYTES) {
    const unread = open.filter(({ range }) => range.length > done)
    const next = unread.map(({ range: { offset, length } }) => ({
      offset: offset + done,
      length: Math.min(PIECE_BYTES, length - done),
    }))
    const pieces = await file.readAll(next, signal)
    for (const [at, { hash }] of unread.entries()) hash.update(pieces[at] ?? new Uint8Array(0))
  }
  return open.map(({ hash }) => hash.digest('hex'))
}

function endOf({ offset, length }: ReadRange): number {
  return offset + length
}
