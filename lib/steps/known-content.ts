// What is known of a scene's files without reading them: by its item, the catalogue of CIDs, records of fingerprints.

import { allOrNone } from '../async/all-or-none.ts'
import { currentInvocation } from '../async/invocation.ts'
import { GreenprintError } from '../errors.ts'
import type { Fingerprints } from '../fingerprints/fingerprints.ts'
import type { Fingerprint } from '../fingerprints/record.ts'
import type { BandAsset, ContentReference, Scene } from '../model/scene.ts'
import { type Catalogue, catalogueContents } from './catalogue-contents.ts'
import { findAnyFingerprint } from './fingerprint-file.ts'

export interface KnownFrom extends Catalogue {
  readonly fingerprints: Pick<Fingerprints, 'byAddress' | 'byChecksum'>
}

/** A band's content by whoever knows it, and how well. */
export type KnownContent =
  | {
      readonly trust: 'cid'
      /** Where the item does not say it. */
      readonly content?: ContentReference
    }
  | { readonly trust: 'fingerprint'; readonly record: Fingerprint }

/**
 * By asset key: a CID goes before a fingerprint.
 *
 * @param byRecord whether a fingerprint is known well enough
 * @throws {GreenprintError} `store_failed` for the record of a band whose content nobody else names
 */
export async function findKnown(
  scene: Pick<Scene, 'id' | 'datetime' | 'bbox' | 'properties'>,
  bands: readonly BandAsset[],
  byRecord: boolean,
  services: KnownFrom,
  signal: AbortSignal,
): Promise<Readonly<Record<string, KnownContent>>> {
  const known: Record<string, KnownContent> = {}
  for (const { key, content } of bands) if (content !== null) known[key] = { trust: 'cid' }
  const unnamed = bands.filter(({ content }) => content === null)
  if (unnamed.length === 0) return known
  const sought = byRecord ? unnamed : []
  const { fingerprints } = services
  const seek = (band: BandAsset) => (stop: AbortSignal) =>
    findAnyFingerprint(band, fingerprints, stop).catch((error: unknown) => {
      if (isStoreFailure(error)) return error
      throw error
    })
  // One is a search of another host, the other a look into our own store: neither waits for the other.
  const { contents, records } = await allOrNone(
    {
      contents: (stop) => catalogueContents(scene, unnamed, services, stop),
      records: (stop) => allOrNone(sought.map(seek), stop),
    },
    signal,
  )
  for (const [at, { key }] of sought.entries()) {
    const record = records[at] ?? null
    if (record instanceof GreenprintError) {
      // Who names the content in another place makes up for it.
      if (!contents.has(key)) throw record
      currentInvocation()?.sources.passOver(record)
    } else if (record !== null) known[key] = { trust: 'fingerprint', record }
  }
  for (const [key, content] of contents) known[key] = { trust: 'cid', content }
  return known
}

function isStoreFailure(error: unknown): error is GreenprintError {
  return error instanceof GreenprintError && error.code === 'store_failed'
}
