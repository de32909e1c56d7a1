// Whether what lies at an address is still the file that was fingerprinted there.

import { explainFailure } from '../copies/explain-failure.ts'
import {
  type CopyVersion,
  describeVersions,
  isSameVersion,
  type PlainCopy,
} from '../copies/plain-copy.ts'
import { GreenprintError } from '../errors.ts'
import { SourceFailure } from '../model/source-failure.ts'
import type { Fingerprint } from './record.ts'

/** The version that a fingerprint is of. */
function versionOf({ size, etag, last_modified }: Fingerprint): CopyVersion {
  return { size, etag, last_modified }
}

/**
 * Asks for one byte of the copy and compares size, ETag and Last-Modified with the record; of the same file at another
 * address the size alone. A copy that cannot be asked says nothing: blocks are checked by their hashes wherever they
 * come from.
 *
 * @throws {GreenprintError} `source_changed`, `checksum_mismatch` of a copy at another address
 */
export async function checkVersion(
  copy: PlainCopy,
  record: Fingerprint,
  signal: AbortSignal,
): Promise<void> {
  const found = await versionAt(copy, signal)
  if (found === null) return
  const isSame =
    copy.address === record.href
      ? isSameVersion(found, versionOf(record))
      : found.size === record.size
  if (!isSame) throw otherFile(record, copy.address, found)
}

/** The copy that a record is of, else the first. */
export function ownCopy(copies: readonly PlainCopy[], { href }: Fingerprint): PlainCopy | null {
  return copies.find(({ address }) => address === href) ?? copies[0] ?? null
}

/** The version that is to be read of a copy: at another address than the record's it has tags of its own. */
export function pinned(copy: PlainCopy, record: Fingerprint | null): CopyVersion | null {
  return record !== null && copy.address === record.href ? versionOf(record) : null
}

/** null where the copy cannot be asked, or does not tell. */
export async function versionAt(copy: PlainCopy, signal: AbortSignal): Promise<CopyVersion | null> {
  try {
    // Not HEAD: a presigned address is signed for one method.
    const part = await copy.open(0, 1, null, signal)
    await part.close()
    return part.version
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof SourceFailure) return null
    throw error
  }
}

/** Why a copy is never read, as far as asking for one byte tells; null where another attempt may read it. */
export async function refusalOf(
  copy: PlainCopy,
  signal: AbortSignal,
): Promise<GreenprintError | null> {
  try {
    const part = await copy.open(0, 1, null, signal)
    await part.close()
    return null
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof SourceFailure)) throw error
    const told = explainFailure(copy, error, null)
    return told.code === 'content_unavailable' ? null : told
  }
}

/**
 * Why a file is not that of a record: it changed, or it never was where it lies elsewhere.
 *
 * @param found what lies at the address now; null where only its bytes show that it is another file
 * @returns `source_changed`, or `checksum_mismatch` at another address than the record's
 */
export function otherFile(
  record: Fingerprint,
  address: string,
  found: CopyVersion | null,
): GreenprintError {
  if (address !== record.href) {
    const there = found === null ? 'Other bytes are' : `One of ${found.size} bytes is`
    return new GreenprintError(
      'checksum_mismatch',
      `${address} is not the file that its item describes, by its file:checksum or as a copy: that has ${record.size} bytes, and was fingerprinted at ${record.href}. ${there} here.`,
    )
  }
  const [was, is] = found === null ? [] : describeVersions(versionOf(record), found)
  const change =
    is === undefined
      ? 'other bytes are there now'
      : `that was of the version ${was}, and the one ${is} is there now`
  return new GreenprintError(
    'source_changed',
    `${address} changed since its fingerprint of ${record.created}: ${change}. Ask with "Cache-Control: no-cache" for a new fingerprint.`,
  )
}
