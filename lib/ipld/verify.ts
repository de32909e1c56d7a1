// The choke point: the only place where bytes become verified bytes.

import type { ByteRange, VerifiedBytes } from '../model/bytes.ts'
import { unwrittenMemory } from '../model/unwritten-memory.ts'
import { type Cid, matchesCid } from './cid.ts'

/** The block itself when it hashes to `cid`, else null. */
export function verifyBlock(cid: Cid, bytes: Uint8Array<ArrayBuffer>): VerifiedBytes | null {
  return matchesCid(cid, bytes) ? trust(bytes) : null
}

/**
 * Bytes that a decoder found in a verified block: they are as good as the block.
 *
 * @throws {RangeError} for bytes that lie anywhere else, a copy among them
 */
export function takenFrom(block: VerifiedBytes, bytes: Uint8Array): VerifiedBytes {
  const start = bytes.byteOffset - block.byteOffset
  const lies = bytes.buffer === block.buffer && start >= 0 && start + bytes.length <= block.length
  if (bytes.length > 0 && !lies) throw new RangeError('these bytes were not found in the block')
  return trust(bytes)
}

/** A stretch of a file, assembled from verified pieces. */
export class VerifiedAssembly {
  readonly #bytes: Uint8Array<ArrayBuffer>
  /** What is written of it. */
  readonly #pieces: ByteRange[] = []

  constructor(length: number) {
    this.#bytes = unwrittenMemory(length)
  }

  /** Copies `[start, end)` of a piece to `offset` of the stretch. */
  put(piece: VerifiedBytes, start: number, end: number, offset: number): void {
    const part = piece.subarray(start, end)
    this.#bytes.set(part, offset)
    // What the piece had, which is less than was asked of it where it is shorter.
    this.#pieces.push({ offset, length: part.length })
  }

  /** @throws {RangeError} unless each byte is of one piece: what was not written is never handed out */
  finish(): VerifiedBytes {
    let written = 0
    for (const { offset, length } of this.#pieces.toSorted(
      (one, other) => one.offset - other.offset,
    )) {
      if (offset !== written) break
      written += length
    }
    if (written !== this.#bytes.length) {
      throw new RangeError(
        `of ${this.#bytes.length} bytes, ${written} were assembled without a gap`,
      )
    }
    return trust(this.#bytes)
  }
}

function trust(bytes: Uint8Array): VerifiedBytes {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the brand exists only in types; this file is its mint
  return bytes as VerifiedBytes
}
