// Whether what was once read unchecked is what the file holds, now that it has a CID.

import { createHash } from 'node:crypto'
import type { ReadRange } from '../../lib/copies/transport-file.ts'
import type { VerifiedFile } from '../../lib/ipfs/file.ts'

export type RangeVerdict =
  /** Every range that was read is in the file, byte for byte. */
  | { readonly status: 'confirmed'; readonly ranges: number }
  | {
      readonly status: 'refuted'
      /** Those that the file does not hold, in its order. */
      readonly differing: readonly ReadRange[]
    }

/** Pieces that are compared at once. */
const AT_ONCE = 16

/**
 * Compares the ranges of a reading over TLS with the file as its fingerprint names it.
 *
 * @throws {GreenprintError} `content_unavailable`, `source_changed`
 */
export async function confirmRanges(
  ranges: readonly ReadRange[],
  file: Pick<VerifiedFile, 'size' | 'readAll'>,
  signal: AbortSignal,
): Promise<RangeVerdict> {
  const differing: ReadRange[] = ranges.filter(({ offset, length }) => offset + length > file.size)
  const within = ranges.filter(({ offset, length }) => offset + length <= file.size)
  for (let from = 0; from < within.length; from += AT_ONCE) {
    const some = within.slice(from, from + AT_ONCE)
    const pieces = await file.readAll(some, signal)
    for (const [at, range] of some.entries()) {
      const piece = pieces[at] ?? new Uint8Array(0)
      const digest = createHash('sha256').update(piece).digest('hex')
      if (digest !== range.sha256) differing.push(range)
    }
  }
  if (differing.length === 0) return { status: 'confirmed', ranges: ranges.length }
  return {
    status: 'refuted',
    differing: differing.toSorted((one, other) => one.offset - other.offset),
  }
}
