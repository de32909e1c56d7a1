// Bodies whose server compresses them though it was asked not to.

import { pipeline, type Transform } from 'node:stream'
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib'

const unpackers = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
])

/** null for an encoding that is not known: its bytes are left as they are. */
export function unpackerOf(encoding: string | null): Transform | null {
  return makerOf(encoding)?.() ?? null
}

/** Whether bytes come out of an answer that its server has in another form. */
export function isPacked(encoding: string | null): boolean {
  return makerOf(encoding) !== undefined
}

function makerOf(encoding: string | null): (() => Transform) | undefined {
  return unpackers.get(encoding?.trim().toLowerCase() ?? '')
}

export function unpacked(
  body: AsyncIterable<Uint8Array>,
  unpacker: Transform,
): AsyncIterable<Uint8Array> {
  // Errors on the way are thrown to the reader.
  return pipeline(body, unpacker, () => undefined)
}
