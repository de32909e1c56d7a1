// From a scene's content references to open rasters, each fault told with the asset it belongs to.

import { GreenprintError } from './errors.ts'
import type { Blocks } from './ipfs/blocks.ts'
import { openFile, type VerifiedFile } from './ipfs/file.ts'
import { ReadLedger } from './ipfs/ledger.ts'
import { resolvePath } from './ipfs/path.ts'
import type { BandProof } from './model/result.ts'
import type { BandAsset, Scene } from './model/scene.ts'
import { type Cog, openCog } from './raster/cog.ts'
import { formatContentReference } from './stac/content-reference.ts'

export interface OpenBand {
  readonly asset: BandAsset
  readonly file: VerifiedFile
  readonly cog: Cog
}

export interface Bands {
  readonly red: OpenBand
  readonly nir: OpenBand
}

/**
 * @throws {GreenprintError} `content_unavailable`, `content_unusable`, `raster_unusable`, `asset_unusable`,
 *   each naming the asset
 */
export async function openBands(scene: Scene, blocks: Blocks, signal: AbortSignal): Promise<Bands> {
  const [red, nir] = await Promise.all([
    openBand(scene.red, blocks, signal),
    openBand(scene.nir, blocks, signal),
  ])
  return { red, nir }
}

async function openBand(asset: BandAsset, blocks: Blocks, signal: AbortSignal): Promise<OpenBand> {
  return naming(asset, async () => {
    const ledger = new ReadLedger()
    const cid = await resolvePath(asset.content, blocks, ledger, signal)
    const file = await openFile(cid, blocks, ledger, signal)
    return { asset, file, cog: await openCog(file, signal) }
  })
}

/** Runs a task on one band; what it throws then says which asset was the trouble. */
export async function naming<T>(asset: BandAsset, task: () => Promise<T>): Promise<T> {
  try {
    return await task()
  } catch (error) {
    if (!(error instanceof GreenprintError) || error.code === 'deadline_exceeded') throw error
    const where = `Asset "${asset.key}" (${formatContentReference(asset.content)})`
    // The path of an asset that leads nowhere is a fault of the item, not of the request's address.
    const code = error.code === 'not_found' ? 'asset_unusable' : error.code
    throw new GreenprintError(code, `${where}: ${error.message}`, {
      details: error.details,
      cause: error,
    })
  }
}

/** What reading a band has cost until now. */
export function proofOf({ asset, file }: OpenBand): BandProof {
  const checksum = asset.checksum === undefined ? 'none given' : 'not checked (range)'
  return {
    cid: asset.content.cid,
    size: file.size,
    ...file.ledger.totals,
    producer_checksum: checksum,
  }
}
