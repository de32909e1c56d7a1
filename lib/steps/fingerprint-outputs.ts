// What is made of fingerprints: the item that names the CIDs, and an outboard for each file.

import { GreenprintError } from '../errors.ts'
import type { Fingerprints } from '../fingerprints/fingerprints.ts'
import type { Fingerprint } from '../fingerprints/record.ts'
import { canonicalDigest, canonicalJson } from '../ipld/canonical-json.ts'
import { nodeKey, parseCid } from '../ipld/cid.ts'
import type { FingerprintRequest } from '../model/fingerprint-request.ts'
import type { AssetFingerprint, FingerprintResult } from '../model/fingerprint-result.ts'
import { unsignedJson } from '../model/unsigned-url.ts'
import type { PackedDirectory } from '../publish/directory.ts'
import { softwareLine } from '../software.ts'
import { contentOf } from '../stac/asset-content.ts'
import { formatContentReference } from '../stac/content-reference.ts'
import type { FileAsset } from '../stac/file-asset.ts'
import { fingerprintedItem } from '../stac/fingerprinted-item.ts'
import type { Item } from '../stac/item.ts'
import { type FileContent, memoryContent } from '../store/file-content.ts'
import { describeFingerprint } from './describe-fingerprints.ts'
import { describeScene } from './describe-result.ts'

export interface Prints {
  readonly request: FingerprintRequest
  readonly item: Item
  /** Why this item. */
  readonly chosen: string
  readonly files: readonly FileAsset[]
  /** By asset key. */
  readonly records: Readonly<Record<string, Fingerprint>>
}

/**
 * `item.json`, and `<cid>.car` with the root and inner nodes of each file of more than one block.
 *
 * @throws {GreenprintError} `store_failed`
 */
export async function writePrints(
  prints: Prints,
  fingerprints: Fingerprints,
  signal: AbortSignal,
): Promise<Map<string, FileContent>> {
  const item = fingerprintedItem(prints.item, describeAll(prints))
  const files = new Map([['item.json', memoryContent(encode(canonicalJson(item)))]])
  for (const { cid } of Object.values(prints.records)) {
    const car = await fingerprints.outboardCar(parseCid(cid), signal)
    if (car === null) {
      throw new GreenprintError('store_failed', `The store lost the outboard of ${cid}.`)
    }
    files.set(`${cid}.car`, memoryContent(car))
  }
  return files
}

export function describePrints(prints: Prints, directory: PackedDirectory): FingerprintResult {
  const { item, chosen } = prints
  const fingerprints = describeAll(prints)
  return {
    id: printsId(prints),
    cached: false,
    item: describeScene(item, chosen),
    stac: fingerprintedItem(item, fingerprints),
    fingerprints,
    root: directory.root.toString(),
    assets: directory.assets,
    publications: [],
    software: softwareLine,
    warnings: unsignedJson([...item.warnings, ...otherwiseNamed(prints)]),
  }
}

/** Whoever keeps the blocks of a CID that the item no longer names should know. */
function otherwiseNamed({ item, files, records }: Prints): string[] {
  return files.flatMap(({ key }) => {
    const asset = item.assets.find((each) => each.key === key)
    const named = asset === undefined ? null : contentOf(asset).content
    const record = records[key]
    if (named === null || record === undefined) return []
    // What a path leads to is not looked up for this.
    if (named.path !== '' || isOneNode(named.cid, record.cid)) return []
    return [
      `the item named ${formatContentReference(named)} for asset "${key}", and its file has the CID ${record.cid} (${record.profile}), which it names now: the other is of the same file cut otherwise, or of another file`,
    ]
  })
}

/** Whichever version either is written in. */
function isOneNode(one: string, other: string): boolean {
  return nodeKey(parseCid(one)) === nodeKey(parseCid(other))
}

/** SHA-256 of what decides the CIDs: the item as it was read, which files, how they are cut. */
export function printsId({
  request: { profile },
  item: { source },
  files,
}: Pick<Prints, 'request' | 'item' | 'files'>): string {
  const assets = files.map(({ key }) => key)
  return canonicalDigest({
    kind: 'fingerprint',
    item: source,
    assets,
    profile,
    software: softwareLine,
  })
}

function describeAll({ item, files, records }: Prints): Record<string, AssetFingerprint> {
  const described = files.flatMap((file) => {
    const record = records[file.key]
    return record === undefined
      ? []
      : [[file.key, describeFingerprint(record, item, file)] as const]
  })
  return Object.fromEntries(described)
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
