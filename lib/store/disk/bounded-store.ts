// A store on disk of bounded size: what can be had or made again is given up, the oldest first.

import type { Dirent } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { eachOf } from '../../async/each-of.ts'
import type { ObjectStore, PutOutcome } from '../objects.ts'
import { VISITORS } from '../visitors.ts'

/**
 * Folders that count, those that are given up first in front: caches, then results that nobody published. What is
 * published, and records, which are small, stay.
 */
const ranks: readonly (readonly string[])[] = [
  [VISITORS, 'read'],
  ['files', 'blocks'],
]

/** Of the bound, what may be written until the folder is looked at again, and what is left after that. */
const UNSEEN = 1 / 16
const LEFT = 7 / 8
const LOOKS_AT_ONCE = 16

interface Found {
  readonly path: string
  readonly rank: number
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly written: number
}

/** @param folder of the store, on this disk, which another process may write too */
export function createBoundedStore(
  store: ObjectStore,
  folder: string,
  mostBytes: number,
): ObjectStore {
  let unseen = Infinity
  let sweeping: Promise<void> | undefined

  async function wrote(bytes: number): Promise<void> {
    unseen += bytes
    if (unseen <= mostBytes * UNSEEN) return
    sweeping ??= sweep(folder, mostBytes).finally(() => {
      unseen = 0
      sweeping = undefined
    })
    await sweeping
  }

  async function counted(write: Promise<PutOutcome>, bytes: number): Promise<PutOutcome> {
    const outcome = await write
    if (outcome.written) await wrote(bytes)
    return outcome
  }

  return {
    ...store,
    put: (key, body, options, signal) =>
      counted(store.put(key, body, options, signal), body.length),
    putContent: (key, content, options, signal) =>
      counted(store.putContent(key, content, options, signal), content.size),
  }
}

/** What vanishes meanwhile is gone; what cannot be removed stays. */
async function sweep(folder: string, mostBytes: number): Promise<void> {
  const found = (
    await Promise.all(
      ranks.flatMap((names, rank) => names.map((name) => filesIn(join(folder, name), rank))),
    )
  ).flat()
  let total = found.reduce((sum, { bytes }) => sum + bytes, 0)
  if (total <= mostBytes) return
  const order = found.toSorted((one, other) => one.rank - other.rank || one.written - other.written)
  for (const { path, bytes } of order) {
    if (total <= mostBytes * LEFT) return
    await rm(path, { force: true }).catch(() => undefined)
    total -= bytes
  }
}

async function filesIn(folder: string, rank: number): Promise<Found[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const found: Found[] = []
  const look = async ({ parentPath, name }: Dirent): Promise<void> => {
    const path = join(parentPath, name)
    const file = await stat(path).catch(() => null)
    if (file !== null) found.push({ path, rank, bytes: file.size, written: file.mtimeMs })
  }
  const files = entries.filter((entry) => entry.isFile())
  await eachOf(files, LOOKS_AT_ONCE, look, new AbortController().signal)
  return found
}
