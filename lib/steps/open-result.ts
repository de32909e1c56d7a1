// A published NDVI that is opened once for all who look at it.

import { type Cog, openCog } from '../cog/cog.ts'
import { withTileCache } from '../cog/tile-cache.ts'
import { GreenprintError } from '../errors.ts'
import { crsOfKeys } from '../geo/crs/crs.ts'
import type { Blocks } from '../ipfs/blocks.ts'
import { ReadSession } from '../ipfs/read-session.ts'
import { openPath } from '../ipfs/resolve-path.ts'
import { parseCid } from '../ipld/cid.ts'
import { decodeDirectory } from '../ipld/unixfs.ts'
import { UNCHECKED_READS } from '../model/result.ts'
import type { Trust } from '../model/scene.ts'
import { warpValues } from '../pixels/warp.ts'
import { placeRaster } from './map-raster.ts'
import type { MapServices, OpenedResult } from './map-services.ts'

/**
 * @param root its CID
 * @param ownOnly whether nothing may be fetched for it
 * @throws {GreenprintError} `asset_unusable` where it has no raster; `content_unavailable`, `content_unusable`,
 *   `raster_unusable`
 */
export async function openResult(
  root: string,
  ownOnly: boolean,
  { shelves, blocks, ownBlocks }: MapServices,
  signal: AbortSignal,
): Promise<OpenedResult> {
  return shelves.results.take(`${root} ${ownOnly ? 'own' : ''}`, open, signal)

  async function open(stop: AbortSignal): Promise<OpenedResult> {
    const reading = new ReadSession()
    const front = () => 64 * 1024
    const from = ownOnly ? ownBlocks : blocks
    const { name, file } = await openFirst(rasters, async (path) => ({
      name: path,
      file: await openPath({ cid: root, path }, from, reading, stop, { front }),
    })).catch((cause: unknown) => {
      throw withoutCog(root, cause)
    })
    const plain: Cog = await openCog(file, stop, { band: 1 })
    await file.atRest
    const cog = withTileCache(plain, shelves.tiles)
    const trust = await trustOf(root, from, reading, stop)
    const crs = await crsOfKeys(cog.geoKeys)
    if (crs === null) {
      throw new GreenprintError('raster_unusable', `The raster of ${root} names no CRS.`)
    }
    return {
      ...placeRaster(cog, crs),
      cog,
      file,
      quantity: name === 'change.tif' ? 'difference' : 'ndvi',
      trust,
      values: (targets, options, until) => warpValues(cog, targets, options, until),
    }
  }
}

/** That its blocks hash says nothing of what a result was made of. */
async function trustOf(
  root: string,
  blocks: Blocks,
  reading: ReadSession,
  signal: AbortSignal,
): Promise<Trust> {
  const cid = parseCid(root)
  const block = await blocks.get(cid, reading, signal, 'root')
  const entries = decodeDirectory(cid, block) ?? []
  return entries.some(({ name }) => name === UNCHECKED_READS) ? 'transport' : 'cid'
}

/** What the raster of a result may be called; of several bands the first is drawn. */
const rasters = ['ndvi.tif', 'change.tif', 'composite.tif'] as const

/** The first that is there. */
async function openFirst<T>(
  [name, ...others]: readonly [string, ...string[]],
  open: (name: string) => Promise<T>,
): Promise<T> {
  try {
    return await open(name)
  } catch (error) {
    const [next, ...rest] = others
    const isMissing = error instanceof GreenprintError && error.code === 'not_found'
    if (next === undefined || !isMissing) throw error
    return openFirst([next, ...rest], open)
  }
}

function withoutCog(root: string, cause: unknown): unknown {
  if (!(cause instanceof GreenprintError) || cause.code !== 'not_found') return cause
  const message = `${root} has neither ${rasters.join(' nor ')}: ask for the result with "outputs": ["cog"] among its outputs.`
  return new GreenprintError('asset_unusable', message, { cause })
}
