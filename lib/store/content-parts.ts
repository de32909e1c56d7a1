// A file in parts of one length, as services take large ones, whatever the length of its pieces.

import type { FileContent } from './file-content.ts'

/**
 * One part is in memory at a time; the last one is as long as what is left.
 *
 * @param partBytes of each part but the last
 * @throws {RangeError} when the pieces are not as long together as the file says it is
 */
export async function* contentParts(
  content: FileContent,
  partBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let part = new Uint8Array(Math.min(partBytes, content.size))
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
      part = new Uint8Array(Math.min(partBytes, left))
      filled = 0
    }
  }
  if (left > 0) throw wrongSize(content)
}

function wrongSize({ size }: FileContent): RangeError {
  return new RangeError(`a file of ${size} bytes came with more or fewer`)
}
