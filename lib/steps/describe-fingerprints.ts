// Fingerprints as the reply and the published item tell them.

import type { Fingerprint } from '../fingerprints/record.ts'
import type { AssetFingerprint } from '../model/fingerprint-result.ts'
import { type AuthoredChecksum, checksumReasons, type ProducerChecksum } from '../model/result.ts'
import type { BandAsset, Scene } from '../model/scene.ts'
import { checksumAuthorOf } from '../products/checksum-author.ts'
import type { Described } from '../products/product.ts'
import type { FileAsset } from '../stac/file-asset.ts'

/** @param file what the item says of it: the record may be of another item, which said something else */
export function describeFingerprint(
  record: Fingerprint,
  item: Described,
  { checksum, sums }: Pick<FileAsset, 'checksum' | 'sums'>,
): AssetFingerprint {
  const { cid, profile, size, sha256, href, etag, last_modified, created } = record
  const checked = producerChecksumOf(record, checksum ?? null, sums)
  const author = checked.status === 'absent' ? null : checksumAuthorOf(href, item)
  return {
    cid,
    profile,
    size,
    sha256,
    href,
    etag,
    last_modified,
    producer_checksum: { ...checked, whose: author?.whose ?? null, by: author?.by ?? null },
    created,
  }
}

/**
 * What a producer's checksum says of the whole file, by what was hashed when it was fingerprinted.
 *
 * @param checksum of an item that means the same file; null where it has none
 * @param sums hash of a list of sums that lies beside the file
 */
export function producerChecksumOf(
  record: Fingerprint,
  checksum: string | null,
  sums?: string,
): ProducerChecksum {
  if (checksum === null) return withoutChecksum(sums)
  const text = checksum.toLowerCase()
  if (text === `1220${record.sha256}`) return { status: 'verified', algorithm: 'sha2-256' }
  if (text === record.checksum?.toLowerCase() && record.checksum_verdict !== null) {
    const algorithm = text.startsWith('1340') ? 'sha2-512' : 'sha2-256'
    return { status: record.checksum_verdict, algorithm }
  }
  const known = knownHashes.find(([prefix]) => text.startsWith(prefix))
  const reason =
    known === undefined
      ? checksumReasons.unsupported
      : `its file:checksum is ${known[1]}, which is known and not checked here`
  return { status: 'unsupported', reason }
}

/** With whose it is, where an item has one and its first copy tells. */
export function withAuthor(
  checksum: ProducerChecksum,
  { mirrors: [first] }: Pick<BandAsset, 'mirrors'>,
  scene: Pick<Scene, 'properties'>,
): AuthoredChecksum {
  if (checksum.status === 'absent' || first === undefined) return checksum
  return { ...checksum, ...checksumAuthorOf(first, scene) }
}

/** Of a file whose item gives no checksum of its own. */
export function withoutChecksum(sums: string | undefined): ProducerChecksum {
  if (sums === undefined) return { status: 'absent' }
  const reason = `its item has a list of ${sums} sums beside the files, which is known and not read here`
  return {
    status: 'unsupported',
    reason: sums === 'SHA-1' ? `${reason}; SHA-1 is a weak hash` : reason,
  }
}

/** Multihashes that catalogues use and that are not taken here: https://github.com/multiformats/multicodec. */
const knownHashes = [
  ['d50110', 'MD5'],
  ['1114', 'SHA-1'],
  ['1e20', 'BLAKE3'],
] as const
