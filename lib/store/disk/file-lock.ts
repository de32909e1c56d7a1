// One holder at a time, across processes: a lock file made with O_EXCL, and broken when its owner must have died.

import { randomUUID } from 'node:crypto'
import { readFile, unlink, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemCode } from '../../errors.ts'

const POLL_MS = 20

/** A holder keeps a lock for a few file operations; one that sits unchanged for so long has no living owner. */
export const STALE_LOCK_MS = 10_000

/**
 * Runs `act` while holding the lock file at `path`.
 *
 * A process that was suspended may find its lock broken, so `act` asks `stillHeld` right before
 * the step that must not happen twice.
 *
 * @param staleMs how long the lock must have been seen unchanged, by this waiter's own watch, to be broken
 */
export async function withFileLock<T>(
  path: string,
  staleMs: number,
  act: (stillHeld: () => Promise<boolean>) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const owner = randomUUID()
  await take(path, owner, staleMs, signal)
  const stillHeld = async () => (await ownerOf(path)) === owner
  try {
    return await act(stillHeld)
  } finally {
    if (await stillHeld()) await removeFile(path)
  }
}

async function take(
  path: string,
  owner: string,
  staleMs: number,
  signal: AbortSignal,
): Promise<void> {
  let watched: string | null = null
  let unchangedMs = 0
  while (!(await create(path, owner))) {
    const current = await ownerOf(path)
    if (current === null) continue
    if (current !== watched) {
      watched = current
      unchangedMs = 0
    } else if (unchangedMs >= staleMs) {
      await removeFile(path)
      continue
    }
    await sleep(POLL_MS, undefined, { signal })
    unchangedMs += POLL_MS
  }
}

async function create(path: string, owner: string): Promise<boolean> {
  try {
    await writeFile(path, owner, { flag: 'wx' })
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

/** null when the lock is free. A lock whose owner was killed before it wrote its name belongs to ''. */
async function ownerOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw error
  }
}

async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}
