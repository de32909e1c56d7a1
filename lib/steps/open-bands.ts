// From what the bands are read by to open rasters. Errors name the asset that they belong to.

import { allOrNone } from '../async/all-or-none.ts'
import { type Cog, HEAD_BYTES, openCog } from '../cog/cog.ts'
import type { OpenCopy } from '../copies/open-copy.ts'
import type { PlainCopy } from '../copies/plain-copy.ts'
import { rangesOf } from '../copies/range-reader.ts'
import type { TransportFile } from '../copies/transport-file.ts'
import { GreenprintError } from '../errors.ts'
import { guardFile } from '../fingerprints/guarded-file.ts'
import type { Fingerprint } from '../fingerprints/record.ts'
import { pinned } from '../fingerprints/staleness.ts'
import type { Blocks } from '../ipfs/blocks.ts'
import type { VerifiedFile } from '../ipfs/file.ts'
import type { KeptReads } from '../ipfs/kept-reads.ts'
import type { PlaceOf } from '../ipfs/leaf-places.ts'
import { Mirror } from '../ipfs/mirror.ts'
import { ReadSession } from '../ipfs/read-session.ts'
import { openPath } from '../ipfs/resolve-path.ts'
import type { RandomAccess } from '../model/bytes.ts'
import type { NdviRequest } from '../model/request.ts'
import type { BandAsset } from '../model/scene.ts'
import { isSameFile, oneBand } from '../stac/scene.ts'
import type { FoundContent } from './find-content.ts'
import { nameOfSource } from './name-of-source.ts'

export interface Sources {
  readonly blocks: Blocks
  readonly openCopy: OpenCopy
}

export type OpenBand = {
  readonly asset: BandAsset
  readonly cog: Cog
} & BandBytes

/** Where the bytes of a band come from, and what reading them came to. */
export type BandBytes =
  | {
      readonly trust: 'cid' | 'fingerprint'
      readonly file: VerifiedFile
      readonly reading: ReadSession
      /** What the producer's checksum said of the whole file when it was fingerprinted. */
      readonly record: Fingerprint | null
      /** Fails where another file lies at the address of the fingerprint by now. */
      readonly unchanged: Promise<void>
      /** Plain copies that blocks may have come from, by their names in the ledger. */
      readonly copies: readonly string[]
    }
  | { readonly trust: 'transport'; readonly file: TransportFile }

export interface Bands {
  readonly red: OpenBand
  readonly nir: OpenBand
  /** The quality band, where the request masks by it. */
  readonly qa: OpenBand | null
  /** What comes over the network from now on stays, unless this is disposed of without having succeeded. */
  readonly reads: KeptReads
}

/**
 * @param isTrusted whether who asks may spend this deployment's credentials
 * @throws {GreenprintError} `content_unavailable`, `content_unusable`, `raster_unusable`, `asset_unusable`,
 *   each naming the asset
 */
export async function openBands(
  { scene, rules: { masking }, found }: FoundContent,
  request: AreaWish,
  sources: Sources,
  isTrusted: boolean,
  signal: AbortSignal,
): Promise<Bands> {
  const reads = sources.blocks.keepReads(isTrusted, signal)
  const reading = { front: frontFor(request), isTrusted, found, reads }
  const open = (asset: BandAsset) => (both: AbortSignal) => openBand(asset, reading, sources, both)
  const { red, nir } = scene
  const qa = masking === null ? async () => null : open(masking.qa)
  try {
    const bands = await allOrNone({ red: open(red), nir: open(nir), qa }, signal)
    // That `stack:2` and `stack:B04` are one, or that a file has one alone, the file itself tells.
    const isOneBand = bands.red.cog.band === bands.nir.cog.band
    if (isOneBand && isSameFile(red, nir)) throw oneBand(scene.id, red, nir)
    reads.opened()
    return { ...bands, reads }
  } catch (error) {
    await reads[Symbol.asyncDispose]()
    throw error
  }
}

/** How much of a scene is wanted. */
export type AreaWish = Pick<NdviRequest, 'bbox' | 'geometry' | 'max_size'>

interface BandReading {
  /** Bytes at the front that are wanted at once, of a file of this size. */
  readonly front: (size: number) => number
  readonly isTrusted: boolean
  readonly found: FoundContent['found']
  readonly reads: KeptReads
}

/**
 * A COG's overviews lie at its front, the smallest first. Up to a 64th of the pixels they are 1.6 % of all, and 2 %
 * of the bytes, for averages pack worse: where an overview will be read, as much comes with the header in one pass.
 */
function frontFor({ bbox, geometry, max_size }: AreaWish): (size: number) => number {
  const isWhole = bbox === undefined && geometry === undefined
  const overview = isWhole && max_size !== 'full' && max_size <= 1024
  return (size) => Math.max(HEAD_BYTES, overview ? Math.ceil(0.0205 * size) : 0)
}

async function openBand(
  asset: BandAsset,
  reading: BandReading,
  sources: Sources,
  signal: AbortSignal,
): Promise<OpenBand> {
  return naming(asset, async () => {
    const bytes = await openBytes(asset, reading, sources, signal)
    const { file } = bytes
    // Tiles are read long after this; their errors belong to this asset too.
    const tiles: RandomAccess = {
      size: file.size,
      isLent: file.isLent,
      readAll: (ranges, stop) => naming(asset, () => file.readAll(ranges, stop)),
    }
    const cog = await openCog(tiles, signal, { band: asset.band, georeference: asset.georeference })
    return { asset, cog, ...bytes }
  })
}

/** @throws {GreenprintError} what openPath throws, `source_changed` for what is read by its fingerprint */
export async function openBytes(
  asset: BandAsset,
  { front, isTrusted, found, reads }: BandReading,
  { blocks, openCopy }: Sources,
  signal: AbortSignal,
): Promise<BandBytes> {
  const known = found[asset.key] ?? { trust: 'cid' }
  if (known.trust === 'transport') return known
  const { content, mirrors } = asset
  if (content === null) throw new TypeError(`asset ${asset.key} has no content to be read by`)
  const record = known.trust === 'fingerprint' ? known.record : null
  const copies = mirrors.map((href) => openCopy(href, isTrusted)).filter((copy) => copy !== null)
  const reading = new ReadSession().with({ kept: reads })
  const made: Mirror[] = []
  const opening = {
    front,
    mirrors: (placeOf: PlaceOf) => {
      for (const copy of copies)
        made.push(new Mirror(rangesOf(copy, pinned(copy, record)), placeOf, sizeOf(copy, record)))
      return made
    },
  }
  const open = (stop: AbortSignal) => openPath(content, blocks, reading, stop, opening)
  const names = copies.map(({ name }) => name)
  if (record === null) {
    return { trust: 'cid', file: await open(signal), reading, record, unchanged, copies: names }
  }
  const differs = () => made.some((mirror) => mirror.hasOtherBytes)
  const guarded = await guardFile(open, { record, copies, differs }, signal)
  return { trust: 'fingerprint', reading, record, copies: names, ...guarded }
}

const unchanged = Promise.resolve()

/** Of the file that a copy has, where its fingerprint is of this very address. */
function sizeOf({ address }: PlainCopy, record: Fingerprint | null): number | null {
  return record?.href === address ? record.size : null
}

/** What was not taken from the files, each with the asset that it is of. */
export function fileWarnings({ red, nir, qa }: Bands): string[] {
  return [red, nir, ...(qa === null ? [] : [qa])].flatMap(({ asset, cog }) =>
    cog.warnings.map((warning) => `asset "${asset.key}": ${warning}`),
  )
}

/** Runs a task on one band; its errors then name the asset. */
export async function naming<T>(asset: BandAsset, task: () => Promise<T>): Promise<T> {
  try {
    return await task()
  } catch (error) {
    if (!(error instanceof GreenprintError) || error.code === 'deadline_exceeded') throw error
    const where = `Asset "${asset.key}" (${nameOfSource(asset)})`
    if (error.message.startsWith(where)) throw error
    // A path that leads nowhere is an error of the item here, not of the URL that was asked for.
    const code = error.code === 'not_found' ? 'asset_unusable' : error.code
    throw new GreenprintError(code, `${where}: ${error.message}`, {
      details: error.details,
      cause: error,
    })
  }
}
