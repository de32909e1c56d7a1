// The fingerprint of an asset's file: as it is known here, or made now from the first plain copy that can be read.

import { allOrNone } from '../async/all-or-none.ts'
import { mostTelling } from '../copies/most-telling.ts'
import type { OpenCopy } from '../copies/open-copy.ts'
import { GreenprintError } from '../errors.ts'
import type { LeafListener } from '../fingerprints/build.ts'
import type { BytesListener, Fingerprinter } from '../fingerprints/fingerprinter.ts'
import type { Fingerprints } from '../fingerprints/fingerprints.ts'
import { answersItem, type Fingerprint } from '../fingerprints/record.ts'
import { type UnixFsProfile, unixFsProfiles } from '../model/fingerprint-request.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import type { FileAsset } from '../stac/file-asset.ts'

export interface FingerprintSources {
  readonly openCopy: OpenCopy
  readonly fingerprints: Fingerprints
  readonly fingerprinter: Fingerprinter
}

/** Looked up by each address of the file, then by its checksum: the same file at another address. */
export async function findFingerprint(
  file: Pick<FileAsset, 'mirrors' | 'checksum' | 'size'>,
  profile: UnixFsProfile,
  fingerprints: Pick<Fingerprints, 'byAddress' | 'byChecksum'>,
  signal: AbortSignal,
): Promise<Fingerprint | null> {
  const { mirrors, checksum } = file
  for (const address of new Set(mirrors.map(unsignedUrl))) {
    const record = await fingerprints.byAddress(address, profile, signal)
    if (record !== null && answersItem(record, file)) return record
  }
  if (checksum === undefined || !/^(1220|1340)/.test(checksum.toLowerCase())) return null
  const record = await fingerprints.byChecksum(checksum, profile, signal)
  return record !== null && answersItem(record, file) ? record : null
}

/** Under whichever profile: the bytes are the same. */
export async function findAnyFingerprint(
  file: Pick<FileAsset, 'mirrors' | 'checksum' | 'size'>,
  fingerprints: Pick<Fingerprints, 'byAddress' | 'byChecksum'>,
  signal: AbortSignal,
): Promise<Fingerprint | null> {
  const seek = (profile: UnixFsProfile) => (stop: AbortSignal) =>
    findFingerprint(file, profile, fingerprints, stop)
  const records = await allOrNone(unixFsProfiles.map(seek), signal)
  return records.find((record) => record !== null) ?? null
}

export interface FileReader {
  /** Whether who asks may spend this deployment's credentials. */
  readonly isTrusted: boolean
  readonly onLeaf?: LeafListener
  readonly onBytes?: BytesListener
}

/**
 * Reads the file of an asset whole, from the first of its copies that can be read, checks and keeps its fingerprint.
 *
 * @throws {GreenprintError} `asset_unusable` without a copy that could be read; of the last copy what
 *   makeFingerprint throws
 */
export async function fingerprintFile(
  file: FileAsset,
  profile: UnixFsProfile,
  { openCopy, fingerprinter }: Pick<FingerprintSources, 'openCopy' | 'fingerprinter'>,
  { isTrusted, ...follower }: FileReader,
  signal: AbortSignal,
): Promise<Fingerprint> {
  const { mirrors } = file
  const wish = { profile, checksum: file.checksum ?? null, size: file.size ?? null }
  const copies = mirrors.map((href) => openCopy(href, isTrusted)).filter((copy) => copy !== null)
  const failures: GreenprintError[] = []
  for (const copy of copies) {
    try {
      return await fingerprinter.make(copy, wish, follower, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof GreenprintError) || !isOfCopy(error)) throw error
      failures.push(error)
    }
  }
  throw mostTelling(failures) ?? withoutCopy(file)
}

/** Faults of one copy, which another copy of the same file need not have. */
function isOfCopy({ code }: GreenprintError): boolean {
  return [
    'login_needed',
    'source_refused',
    'content_unavailable',
    'checksum_mismatch',
    'source_changed',
  ].includes(code)
}

function withoutCopy({ key, mirrors }: FileAsset): GreenprintError {
  const where =
    mirrors.length === 0
      ? 'it has no https: or s3: address'
      : `of its addresses (${mirrors.map(unsignedUrl).join(', ')}) none can be read here; s3: is read where S3_MIRROR_BUCKETS names the bucket`
  return new GreenprintError(
    'asset_unusable',
    `There is no plain copy of asset "${key}" to make a CID from: ${where}.`,
  )
}
