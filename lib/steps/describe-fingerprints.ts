// Fingerprints as the reply and the published item tell them.

import type { Fingerprint } from '../fingerprints/record.ts'
import type { AssetFingerprint } from '../model/fingerprint-result.ts'
import { checksumReasons, type ProducerChecksum } from '../model/result.ts'
import { checksumAuthorOf } from '../products/checksum-author.ts'
import type { Described } from '../products/product.ts'

export function describeFingerprint(record: Fingerprint, item: Described): AssetFingerprint {
  const { cid, profile, size, sha256, href, etag, last_modified, created } = record
  const checked = producerChecksumOf(record)
  const by = checked.status === 'absent' ? null : checksumAuthorOf(href, item)
  return {
    cid,
    profile,
    size,
    sha256,
    href,
    etag,
    last_modified,
    producer_checksum: { ...checked, by },
    created,
  }
}

/** What the producer's checksum said of the whole file when it was fingerprinted. */
export function producerChecksumOf({ checksum, checksum_verdict }: Fingerprint): ProducerChecksum {
  if (checksum === null) return { status: 'absent' }
  if (checksum_verdict !== null) {
    const algorithm = checksum.toLowerCase().startsWith('1340') ? 'sha2-512' : 'sha2-256'
    return { status: checksum_verdict, algorithm }
  }
  const known = knownHashes.find(([prefix]) => checksum.toLowerCase().startsWith(prefix))
  const reason =
    known === undefined
      ? checksumReasons.unsupported
      : `its file:checksum is ${known[1]}, which is known and not checked here`
  return { status: 'unsupported', reason }
}

/** Multihashes that catalogues use and that are not taken here: https://github.com/multiformats/multicodec. */
const knownHashes = [
  ['d50110', 'MD5'],
  ['1114', 'SHA-1'],
  ['1e20', 'BLAKE3'],
] as const
