// Places to write a file to in a test, and files of any length to read.

import { openScratch, type Scratch } from '../../lib/store/disk/scratch.ts'
import type { FileContent } from '../../lib/store/file-content.ts'

/** Scratch that never needs the disk: a folder that cannot be made would show it. */
export function memoryScratch(): Scratch {
  return openScratch('/dev/null/none', Number.POSITIVE_INFINITY)
}

export async function bytesOf(content: FileContent): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  for await (const piece of content.pieces(new AbortController().signal)) pieces.push(piece)
  return Uint8Array.from(Buffer.concat(pieces))
}
