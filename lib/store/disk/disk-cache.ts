// Bytes by key in a folder of bounded size, the least recently used leaving first. What it gives back is checked by
// who asks.

import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface ByteCache {
  /** null where nothing is, whatever the reason. */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | null>
  /** Failing to write to the cache is not an error. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** After what was put before. */
  remove(key: string): Promise<void>
}

/** @param folder of this cache alone; made on the first write */
export function createDiskCache(folder: string, maxBytes: number): ByteCache {
  /** Sizes by key, the oldest use first. */
  let sizes: Promise<Map<string, number>> | undefined
  let total = 0
  let writes = 0
  let made: Promise<unknown> | undefined
  let line = Promise.resolve()

  async function known(): Promise<Map<string, number>> {
    sizes ??= listFiles(folder).then((files) => {
      for (const size of files.values()) total += size
      return files
    })
    return sizes
  }

  function forget(files: Map<string, number>, key: string): void {
    total -= files.get(key) ?? 0
    files.delete(key)
  }

  async function evict(files: Map<string, number>): Promise<void> {
    for (const key of files.keys()) {
      if (total <= maxBytes) return
      forget(files, key)
      await rm(join(folder, key), { force: true })
    }
  }

  async function write(key: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > maxBytes) return
    const files = await known()
    const temporary = join(folder, `~${process.pid}-${writes++}`)
    try {
      made ??= mkdir(folder, { recursive: true })
      await made
      await writeFile(temporary, bytes)
      await rename(temporary, join(folder, key))
      // A caller that puts a block which is there has found it damaged.
      forget(files, key)
      files.set(key, bytes.length)
      total += bytes.length
      await evict(files)
    } catch {
      made = undefined
      await rm(temporary, { force: true }).catch(() => undefined)
    }
  }

  async function drop(key: string): Promise<void> {
    forget(await known(), key)
    await rm(join(folder, key), { force: true }).catch(() => undefined)
  }

  return {
    async get(key) {
      const files = await known()
      const size = files.get(key)
      if (size === undefined) return null
      // A Map keeps insertion order: re-inserting makes this the newest.
      files.delete(key)
      files.set(key, size)
      return readFile(join(folder, key)).then(
        (bytes) => new Uint8Array(bytes),
        () => {
          forget(files, key)
          return null
        },
      )
    },
    put(key, bytes) {
      // One after the other: no reader waits for a cache, and tiles are decoded on the same threads.
      line = line.then(() => write(key, bytes))
      return line
    },
    remove(key) {
      line = line.then(() => drop(key))
      return line
    },
  }
}

/** What an earlier process left, the oldest first; half-written files of a killed one are cleared away. */
async function listFiles(folder: string): Promise<Map<string, number>> {
  const names = await readdir(folder).catch(() => [])
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      if (name.startsWith('~')) await rm(path, { force: true }).catch(() => undefined)
      const file = await stat(path).catch(() => null)
      return file?.isFile() === true ? { name, size: file.size, used: file.mtimeMs } : null
    }),
  )
  const files = found
    .filter((file) => file !== null)
    .toSorted((one, other) => one.used - other.used)
  return new Map(files.map(({ name, size }) => [name, size]))
}
