// A folder as an object store: whole files by rename, conditions that hold between processes.

import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GreenprintError, systemCode } from '../../errors.ts'
import { unwrittenMemory } from '../../model/unwritten-memory.ts'
import { keySegments } from '../object-key.ts'
import type { ObjectStore, PutOptions, PutOutcome } from '../objects.ts'
import { explainDiskFailure } from './disk-failure.ts'
import { STALE_LOCK_MS, withFileLock } from './file-lock.ts'
import { listKeys } from './list-keys.ts'
import { sweepTemporaryFiles, type Written, withTemporaryFile } from './temporary-file.ts'

/** `~` is in no key, so these never meet an object. */
const TEMPORARY = '~tmp'
const LOCKS = '~locks'

/**
 * Objects as files below `folder`, which is made on the first write. The etag is the SHA-256 of the
 * content; the content type is not kept, readers know it by the name.
 *
 * @param staleLockMs after how long a dead writer's lock is broken
 */
export function createDiskStore(folder: string, staleLockMs = STALE_LOCK_MS): ObjectStore {
  const locate = (key: string) => join(folder, ...keySegments(key))
  const temporary = join(folder, TEMPORARY)
  let swept: Promise<void> | undefined

  const write = (
    key: string,
    content: Written,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutOutcome> =>
    guard(signal, async () => {
      const target = locate(key)
      const once = options.ifNoneMatch === '*'
      if (once && (await orNull(stat(target))) !== null) return { written: false }
      // Housekeeping, once per process: what stops it stops the write below too, and says so there.
      swept ??= sweepTemporaryFiles(temporary, signal).catch(() => undefined)
      await swept
      const lock = {
        path: join(folder, LOCKS, createHash('sha256').update(key).digest('hex')),
        staleMs: staleLockMs,
      }
      return withTemporaryFile(
        temporary,
        content,
        (path, etag) =>
          once ? create(path, target, etag) : replace(path, target, etag, options, lock, signal),
        signal,
      )
    })

  return {
    name: 'disk',
    get: (key, signal) =>
      guard(signal, async () => {
        const body = await read(locate(key), (size) => ({ offset: 0, length: size }))
        if (body === null) return null
        // Hashed for whoever asks: blocks are read by the hundred, and are hashed by those who know what they must be.
        return {
          body,
          get etag() {
            return etagOf(body)
          },
        }
      }),
    getRange: (key, offset, length, signal) =>
      guard(signal, () =>
        read(locate(key), (size) => (offset + length <= size ? { offset, length } : null)),
      ),
    size: (key, signal) =>
      guard(signal, async () => {
        const found = await orNull(stat(locate(key)))
        return found?.isFile() ? found.size : null
      }),
    list: (under, after, most, signal) =>
      guard(signal, () => listKeys(folder, keySegments(under).join('/'), after, most, signal)),
    put: (key, body, options, signal) => write(key, inOnePiece(body), options, signal),
    putContent: write,
    copy: (from, to, signal) =>
      guard(signal, async () => {
        const [source, target] = [locate(from), locate(to)]
        const found = await orNull(stat(source))
        if (found?.isFile() !== true) return false
        await mkdir(dirname(target), { recursive: true })
        // Objects are replaced whole and never written into: two names of one file are two objects.
        const name = join(temporary, randomUUID())
        await mkdir(temporary, { recursive: true })
        try {
          await link(source, name)
          await rename(name, target)
        } finally {
          // Between two names of one file nothing is renamed.
          await rm(name, { force: true })
        }
        return true
      }),
    remove: (key, signal) => guard(signal, () => rm(locate(key), { force: true })),
  }
}

/** Bytes of whatever memory, as they are. */
function inOnePiece(body: Uint8Array): Written {
  return {
    size: body.length,
    async *pieces() {
      yield body
    },
  }
}

type Stretch = { readonly offset: number; readonly length: number }

/** The bytes that `choose` picks of a file of known size; null without a file, or when nothing is picked. */
async function read(
  path: string,
  choose: (size: number) => Stretch | null,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const handle = await orNull(open(path))
  if (handle === null) return null
  try {
    const found = await handle.stat()
    const stretch = found.isFile() ? choose(found.size) : null
    if (stretch === null) return null
    const bytes = unwrittenMemory(stretch.length)
    for (let filled = 0; filled < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, {
        offset: filled,
        position: stretch.offset + filled,
      })
      if (bytesRead === 0) return null
      filled += bytesRead
    }
    return bytes
  } finally {
    await handle.close()
  }
}

/** A hard link is made by one process only, and never over an existing name. */
async function create(temporary: string, target: string, etag: string): Promise<PutOutcome> {
  await mkdir(dirname(target), { recursive: true })
  try {
    await link(temporary, target)
    return { written: true, etag }
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return { written: false }
    throw error
  }
}

interface Lock {
  readonly path: string
  readonly staleMs: number
}

/** Unconditional writes take the lock too: else one could slip in between another's comparison and its rename. */
async function replace(
  temporary: string,
  target: string,
  etag: string,
  { ifMatch }: PutOptions,
  lock: Lock,
  signal: AbortSignal,
): Promise<PutOutcome> {
  await mkdir(dirname(target), { recursive: true })
  await mkdir(dirname(lock.path), { recursive: true })
  for (;;) {
    const outcome = await withFileLock<PutOutcome | 'lock lost'>(
      lock.path,
      lock.staleMs,
      async (stillHeld) => {
        if (ifMatch !== undefined && (await currentEtag(target)) !== ifMatch) {
          return { written: false }
        }
        if (!(await stillHeld())) return 'lock lost'
        await rename(temporary, target)
        return { written: true, etag }
      },
      signal,
    )
    if (outcome !== 'lock lost') return outcome
  }
}

async function currentEtag(path: string): Promise<string | null> {
  const body = await read(path, (size) => ({ offset: 0, length: size }))
  return body && etagOf(body)
}

function etagOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex')
}

/** A path through a file (`a/b` where `a` is an object) holds nothing, as in a bucket. */
async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return null
    throw error
  }
}

async function guard<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  try {
    return await act()
  } catch (cause) {
    signal.throwIfAborted()
    throw cause instanceof GreenprintError || cause instanceof RangeError
      ? cause
      : explainDiskFailure(cause)
  }
}
