// Keys of a folder in their order, as a bucket lists them: of a large tree only what is asked for is read.

import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** @param folder of the whole store, on this disk */
export async function listKeys(
  folder: string,
  under: string,
  after: string | null,
  most: number,
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = []
  for await (const key of keysOf(folder, under, after, signal)) {
    if (found.length >= most) break
    found.push(key)
  }
  return found
}

async function* keysOf(
  folder: string,
  prefix: string,
  after: string | null,
  signal: AbortSignal,
): AsyncGenerator<string> {
  signal.throwIfAborted()
  const entries = await readdir(join(folder, ...prefix.split('/')), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException): Dirent[] => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
      throw error
    },
  )
  // A folder stands for its keys, which go on with a slash.
  const named = entries.map((entry) => ({
    isFolder: entry.isDirectory(),
    key: `${prefix}/${entry.name}${entry.isDirectory() ? '/' : ''}`,
  }))
  for (const { isFolder, key } of named.toSorted((one, other) => (one.key < other.key ? -1 : 1))) {
    const isPast = after !== null && key <= after && !(isFolder && after.startsWith(key))
    if (isPast) continue
    if (isFolder) yield* keysOf(folder, key.slice(0, -1), after, signal)
    else yield key
  }
}
