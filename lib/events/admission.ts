// Which announced scenes are computed: not those that are preliminary, outside WATCH, or cannot be read.

import { GreenprintError } from '../errors.ts'
import type { Fingerprints } from '../fingerprints/fingerprints.ts'
import { boxGeometry, touches } from '../geo/antimeridian.ts'
import type { WatchedArea } from '../geo/watch-area.ts'
import type { BandAsset, Scene, Trust } from '../model/scene.ts'
import type { Task } from '../model/tasks.ts'
import type { Item } from '../stac/item.ts'
import { readScene } from '../stac/scene.ts'
import { findAnyFingerprint } from '../steps/fingerprint-file.ts'
import { isRealTimeId, realTime } from './usgs-product.ts'

/** By what the content of the scene's bands is known, or why nothing is done with it. */
export type Admission = { readonly known: Trust } | { readonly filtered: string }

export interface AdmissionRules {
  /** null = everywhere */
  readonly watch: readonly WatchedArea[] | null
  readonly wanted: readonly Task[]
  readonly fingerprints: Pick<Fingerprints, 'byAddress' | 'byChecksum'>
}

/** @throws {GreenprintError} `store_failed` */
export async function admit(
  item: Item,
  { watch, wanted, fingerprints }: AdmissionRules,
  signal: AbortSignal,
): Promise<Admission> {
  const { id, properties } = item
  if (properties['landsat:collection_category'] === 'RT' || isRealTimeId(id)) {
    return { filtered: realTime(id) }
  }
  const elsewhere = whyNotThere(item, watch)
  if (elsewhere !== null) return { filtered: elsewhere }
  const scene = sceneOf(item)
  if (typeof scene === 'string') return { filtered: `cannot be used: ${scene}` }
  const known = await knownBy(scene, fingerprints, signal)
  if (known !== 'transport' || wanted.includes('fingerprint')) return { known }
  return { filtered: `no CID: ${id} names no content on IPFS, and was not fingerprinted here` }
}

function sceneOf(item: Item): Scene | string {
  try {
    return readScene(item)
  } catch (error) {
    if (!(error instanceof GreenprintError)) throw error
    return error.message
  }
}

/** The least of red and near infrared. */
async function knownBy(
  { red, nir }: Scene,
  fingerprints: AdmissionRules['fingerprints'],
  signal: AbortSignal,
): Promise<Trust> {
  const unnamed = [red, nir].filter(({ content }) => content === null)
  if (unnamed.length === 0) return 'cid'
  const seek = (band: BandAsset) => findAnyFingerprint(band, fingerprints, signal)
  const records = await Promise.all(unnamed.map(seek))
  return records.includes(null) ? 'transport' : 'fingerprint'
}

function whyNotThere({ id, geometry, bbox }: Item, watch: readonly WatchedArea[] | null) {
  if (watch === null) return null
  const outline = geometry ?? (bbox === null ? null : boxGeometry(bbox))
  if (outline === null) return `not watched: ${id} has neither geometry nor bbox`
  return watch.some((area) => touches(area, outline))
    ? null
    : `not watched: ${id} lies outside WATCH`
}
