// Files on their way into a store: written whole under a name of their own, gone again whatever happens.

import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { memoryContent } from '../file-content.ts'

/** No write takes this long: an older file belongs to a process that was killed. */
const ABANDONED_MS = 60 * 60 * 1000

/** What is written: a file in pieces of whatever memory. */
export interface Written {
  readonly size: number
  pieces(signal: AbortSignal): AsyncIterable<Uint8Array>
}

/**
 * Writes `content` into `folder`, flushed to the disk, and removes it after `act`, which may have moved it away.
 *
 * @param act is told the SHA-256 of what was written, in lower-case hexadecimal
 * @throws {RangeError} when the pieces are not as long together as the file says it is
 */
export async function withTemporaryFile<T>(
  folder: string,
  content: Written,
  act: (path: string, sha256: string) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const path = join(folder, randomUUID())
  await mkdir(folder, { recursive: true })
  try {
    return await act(path, await writeWhole(path, content, signal))
  } finally {
    await rm(path, { force: true })
  }
}

async function writeWhole(path: string, content: Written, signal: AbortSignal) {
  const hash = createHash('sha256')
  let size = 0
  const file = await open(path, 'wx')
  try {
    for await (const piece of content.pieces(signal)) {
      signal.throwIfAborted()
      hash.update(piece)
      size += piece.length
      await file.writeFile(piece)
    }
    if (size !== content.size) {
      throw new RangeError(`a file of ${content.size} bytes came with ${size}`)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

/**
 * Removes what killed processes left in `folder`. Ages are measured against a file made now, so
 * that the disk's own clock decides and no other is needed.
 */
export async function sweepTemporaryFiles(folder: string, signal: AbortSignal): Promise<void> {
  const now = await withTemporaryFile(
    folder,
    memoryContent(new Uint8Array(0)),
    async (path) => (await stat(path)).mtimeMs,
    signal,
  )
  for (const name of await readdir(folder)) {
    signal.throwIfAborted()
    const path = join(folder, name)
    // Another process may sweep, or finish its write, at the same time.
    const written = await stat(path).then(
      (found) => found.mtimeMs,
      () => now,
    )
    if (now - written > ABANDONED_MS) await rm(path, { force: true })
  }
}
