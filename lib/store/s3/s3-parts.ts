// The parts in which a large object goes to a bucket: of bytes in memory, or of a file that comes in pieces.

import type { FileContent } from '../file-content.ts'

/** Larger bodies go in parts of this size; S3 itself wants at least 5 MiB a part. */
export const PART_BYTES = 8 * 1024 * 1024

/** Each is done with before the next is asked for. */
export type Parts = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

export function* bodyParts(body: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < body.length; start += PART_BYTES) {
    yield body.subarray(start, start + PART_BYTES)
  }
}

/**
 * One part is in memory at a time, whatever the length of the pieces.
 *
 * @throws {RangeError} when the pieces are not as long together as the file says it is
 */
export async function* contentParts(
  content: FileContent,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(Math.min(PART_BYTES, content.size))
  let filled = 0
  let left = content.size
  for await (const piece of content.pieces(signal)) {
    for (let taken = 0; taken < piece.length; ) {
      if (left === 0) throw wrongSize(content)
      const some = piece.subarray(taken, taken + part.length - filled)
      part.set(some, filled)
      taken += some.length
      filled += some.length
      if (filled < part.length) continue
      yield part
      left -= filled
      part = new Uint8Array(Math.min(PART_BYTES, left))
      filled = 0
    }
  }
  if (left > 0) throw wrongSize(content)
}

function wrongSize({ size }: FileContent): RangeError {
  return new RangeError(`a file of ${size} bytes came with more or fewer`)
}
