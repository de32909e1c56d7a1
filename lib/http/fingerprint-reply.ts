// Fingerprints as the API answers them: the item with its CIDs, and where this deployment serves what belongs to them.

import type { AssetFingerprint, FingerprintResult } from '../model/fingerprint-result.ts'
import { type AddressedFiles, addressed } from './reply.ts'

export interface FingerprintReply
  extends Omit<FingerprintResult, 'root' | 'assets' | 'item' | 'stac' | 'fingerprints'>,
    AddressedFiles {
  /** The item with the CIDs of its files. */
  readonly item: FingerprintResult['stac']
  /** Where that item was found, and why it. */
  readonly source: FingerprintResult['item']
  readonly fingerprints: Readonly<
    Record<string, AssetFingerprint & { readonly ipfs: string; readonly outboard: string }>
  >
}

/** @param base address of this deployment, without a trailing slash */
export function fingerprintReply(result: FingerprintResult, base: string): FingerprintReply {
  const { root: _root, assets: _assets, item, stac, fingerprints, ...rest } = result
  const prints = Object.entries(fingerprints).map(
    ([key, print]) =>
      [
        key,
        {
          ...print,
          ipfs: `ipfs://${print.cid}`,
          outboard: `${base}/fingerprints/${print.cid}.car`,
        },
      ] as const,
  )
  return {
    ...rest,
    item: stac,
    source: item,
    fingerprints: Object.fromEntries(prints),
    ...addressed(result, base),
  }
}
