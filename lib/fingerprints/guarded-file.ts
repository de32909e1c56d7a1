// A file that is read by its fingerprint: another file at the address of its copy is told as that.

import type { PlainCopy } from '../copies/plain-copy.ts'
import { GreenprintError } from '../errors.ts'
import { BlockUnavailable } from '../ipfs/block-unavailable.ts'
import type { VerifiedFile } from '../ipfs/file.ts'
import type { Fingerprint } from './record.ts'
import { checkVersion, otherFile, ownCopy, refusalOf, versionAt } from './staleness.ts'

export interface CopyGuard {
  readonly record: Fingerprint
  readonly copies: readonly PlainCopy[]
  /** Whether a copy gave bytes that are in no leaf of the file. */
  readonly differs: () => boolean
}

export interface GuardedFile {
  readonly file: VerifiedFile
  /** Fails with `source_changed` or `checksum_mismatch` where another file lies at the address by now, whoever served the blocks. */
  readonly unchanged: Promise<void>
}

/**
 * Opens the file, and asks its copy beside that which version it is.
 *
 * @throws {GreenprintError} `source_changed`, `checksum_mismatch`, `source_refused`, `login_needed`, and what `open`
 *   throws; so does reading the file
 */
export async function guardFile(
  open: (signal: AbortSignal) => Promise<VerifiedFile>,
  guard: CopyGuard,
  signal: AbortSignal,
): Promise<GuardedFile> {
  const { record, copies } = guard
  const copy = ownCopy(copies, record)
  const unchanged = copy === null ? Promise.resolve() : checkVersion(copy, record, signal)
  // Told once the bands were read, or with the first block that cannot be had.
  unchanged.catch(() => undefined)

  async function explaining<T>(read: () => Promise<T>, stop: AbortSignal): Promise<T> {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof GreenprintError) || error.code !== 'content_unavailable') throw error
      await unchanged
      if (copy === null) throw error
      if (guard.differs()) {
        throw otherFile(record, copy.address, await versionAt(copy, stop))
      }
      // Nobody but its copy is sure to have it: where that is never read, asking again changes nothing.
      const isSettled = error instanceof BlockUnavailable && error.isSettled
      throw (isSettled ? await refusalOf(copy, stop) : null) ?? error
    }
  }

  const file = await explaining(() => open(signal), signal)
  const guarded: VerifiedFile = {
    cid: file.cid,
    size: file.size,
    isLent: file.isLent,
    get isWhole() {
      return file.isWhole
    },
    get atRest() {
      return file.atRest
    },
    leavesOf: (ranges, stop) => file.leavesOf(ranges, stop),
    readAll: (ranges, stop) => explaining(() => file.readAll(ranges, stop), stop),
  }
  return { file: guarded, unchanged }
}
