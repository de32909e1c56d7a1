// Ranges of a plain copy, each as one piece of memory: what a mirror's leaves are made of.

import type { FrontListener, RangeReader } from '../model/range-reader.ts'
import { Body } from '../net/body.ts'
import { CopyFailure, type CopyPart, type CopyVersion, type PlainCopy } from './plain-copy.ts'

/** All of a part, as one piece of memory. @throws {CopyFailure} where it has another length */
export async function gather(
  name: string,
  part: CopyPart,
  length: number,
  onFront?: FrontListener,
): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Body(length)
  try {
    for await (const piece of part.pieces) {
      if (body.length + piece.length > length) {
        throw new CopyFailure(name, 'refused', 'answered more than the range')
      }
      body.add(piece)
      onFront?.(body.front)
    }
  } finally {
    await part.close()
  }
  if (body.length === length) return body.take()
  throw new CopyFailure(name, 'refused', 'answered less than the range')
}

/** @param version the only one that is wanted; null takes what is there */
export function rangesOf(copy: PlainCopy, version: CopyVersion | null): RangeReader {
  const { name } = copy
  return {
    name,
    async read(offset, length, signal, onFront) {
      if (length === 0) return new Uint8Array(0)
      const part = await copy.open(offset, length, version, signal)
      // A file of this very length is the range.
      if (!part.isWhole || part.version?.size === length) return gather(name, part, length, onFront)
      await part.close()
      throw new CopyFailure(name, 'refused', 'does not answer ranges')
    },
    async readWhole(maxBytes, signal) {
      const part = await copy.open(0, maxBytes, version, signal)
      const size = part.version?.size
      if (size !== undefined && size <= maxBytes) return gather(name, part, size)
      await part.close()
      throw size === undefined
        ? new CopyFailure(name, 'refused', 'does not tell the size of the file')
        : new CopyFailure(name, 'oversized', `the file has ${size} bytes`)
    },
  }
}
