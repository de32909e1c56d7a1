// Files on their way into a store: written whole under a name of their own, gone again whatever happens.

import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** No write takes this long: an older file belongs to a process that was killed. */
const ABANDONED_MS = 60 * 60 * 1000

/**
 * Writes `body` into `folder`, flushed to the disk, and removes it after `act`, which may have moved it away.
 */
export async function withTemporaryFile<T>(
  folder: string,
  body: Uint8Array,
  act: (path: string) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const path = join(folder, randomUUID())
  await mkdir(folder, { recursive: true })
  try {
    await writeFile(path, body, { flag: 'wx', flush: true, signal })
    return await act(path)
  } finally {
    await rm(path, { force: true })
  }
}

/**
 * Removes what killed processes left in `folder`. Ages are measured against a file made now, so
 * that the disk's own clock decides and no other is needed.
 */
export async function sweepTemporaryFiles(folder: string, signal: AbortSignal): Promise<void> {
  const now = await withTemporaryFile(
    folder,
    new Uint8Array(0),
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
