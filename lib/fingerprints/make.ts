// Makes a fingerprint: the whole copy, once, in order; a copy that changes meanwhile is read once more.

import type { Clock } from '../async/clock.ts'
import { type BufferPool } from '../copies/buffers.ts'
import { explainFailure } from '../copies/explain-failure.ts'
import { CopyFailure, type CopyVersion, type PlainCopy } from '../copies/plain-copy.ts'
import { openWhole, type WholeReading } from '../copies/read-whole.ts'
import { GreenprintError } from '../errors.ts'
import { SourceFailure } from '../model/source-failure.ts'
import { softwareLine } from '../software.ts'
import { type BuildWish, type BuiltFile, buildFile, type LeafListener } from './build.ts'
import type { Fingerprint } from './record.ts'

export interface FingerprintMeans {
  readonly buffers: BufferPool
  readonly clock: Clock
  /** Bytes of the largest file that is read whole. */
  readonly maxFileBytes: number
}

export interface FingerprintWish extends BuildWish {
  /** What the item says of the size; null where it says nothing. */
  readonly size: number | null
}

export interface MadeFingerprint {
  readonly file: BuiltFile
  readonly record: Fingerprint
}

/** Who follows the work. */
export interface Follower {
  readonly onLeaf?: LeafListener
  /** Told bytes that are hashed, of all. */
  readonly onBytes?: (done: number, size: number) => void
}

/** Readings of a file that changes in the middle, or of a server without ranges whose connection breaks. */
const MOST_READINGS = 3
const MOST_VERSIONS = 2

/**
 * Reads the copy whole and checks it against what the item says of it. Nothing is kept here.
 *
 * @throws {GreenprintError} `checksum_mismatch`, `too_large`, `source_changed`, `login_needed`, `source_refused`,
 *   `content_unusable` for an empty file, `content_unavailable`
 */
export async function makeFingerprint(
  copy: PlainCopy,
  wish: FingerprintWish,
  means: FingerprintMeans,
  follower: Follower,
  signal: AbortSignal,
): Promise<MadeFingerprint> {
  let first: CopyVersion | null = null
  for (let readings = 1, versions = 1; ; readings++) {
    let reading: WholeReading | null = null
    try {
      reading = await openWhole(copy, means, signal)
      first ??= reading.version
      return await readOnce(reading, copy, wish, means, follower)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof SourceFailure)) throw error
      const isChanged = error instanceof CopyFailure && error.trouble === 'changed'
      if (isChanged && versions++ < MOST_VERSIONS) continue
      const isBroken = reading?.isRanged === false && error.kind === 'broken'
      if (isBroken && readings < MOST_READINGS) continue
      throw explainFailure(copy, error, first)
    } finally {
      await reading?.close()
    }
  }
}

async function readOnce(
  { version, pieces }: WholeReading,
  copy: PlainCopy,
  wish: FingerprintWish,
  { maxFileBytes, clock }: FingerprintMeans,
  { onLeaf, onBytes }: Follower,
): Promise<MadeFingerprint> {
  const { size } = version
  if (size > maxFileBytes) throw tooLarge(copy, size, maxFileBytes)
  if (wish.size !== null && wish.size !== size) throw otherSize(copy, wish.size, size)
  async function* counted(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    let done = 0
    for await (const piece of pieces) {
      yield piece
      done += piece.length
      onBytes?.(done, size)
    }
  }
  const file = await buildFile(counted(), wish, onLeaf)
  if (file.verdict === 'mismatch') throw otherFile(copy, wish.checksum)
  const { etag, last_modified } = version
  const record: Fingerprint = {
    href: copy.address,
    size,
    etag,
    last_modified,
    checksum: wish.checksum,
    checksum_verdict: file.verdict,
    sha256: file.sha256,
    cid: file.root.toString(),
    profile: wish.profile,
    software: softwareLine,
    created: new Date(clock.now()).toISOString(),
  }
  return { file, record }
}

function tooLarge({ address }: PlainCopy, size: number, most: number): GreenprintError {
  return new GreenprintError(
    'too_large',
    `${address} has ${size} bytes; files of at most ${most} are fingerprinted here (FINGERPRINT_MAX_BYTES).`,
  )
}

function otherSize({ address }: PlainCopy, told: number, size: number): GreenprintError {
  return new GreenprintError(
    'checksum_mismatch',
    `${address} has ${size} bytes, but its item says ${told} (file:size): it is another file, or the item is out of date.`,
  )
}

function otherFile({ address }: PlainCopy, checksum: string | null): GreenprintError {
  return new GreenprintError(
    'checksum_mismatch',
    `${address} is not the file that its item describes: its bytes do not have the file:checksum ${checksum}. Nothing of it was kept.`,
  )
}
