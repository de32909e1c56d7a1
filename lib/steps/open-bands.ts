// From a scene's content references to open rasters. Errors name the asset that they belong to.

import { allOrNone } from '../async/all-or-none.ts'
import { type Cog, HEAD_BYTES, openCog } from '../cog/cog.ts'
import type { GivenGeoreference } from '../cog/georeference.ts'
import type { OpenCopy } from '../copies/open-copy.ts'
import { rangesOf } from '../copies/range-reader.ts'
import { GreenprintError } from '../errors.ts'
import type { Blocks } from '../ipfs/blocks.ts'
import type { VerifiedFile } from '../ipfs/file.ts'
import { Mirror } from '../ipfs/mirror.ts'
import { ReadSession } from '../ipfs/read-session.ts'
import { openPath } from '../ipfs/resolve-path.ts'
import type { RandomAccess } from '../model/bytes.ts'
import type { NdviRequest } from '../model/request.ts'
import type { BandAsset, Scene } from '../model/scene.ts'
import type { MaskChoice } from '../products/mask-rules.ts'
import { formatContentReference } from '../stac/content-reference.ts'

export interface Sources {
  readonly blocks: Blocks
  readonly openCopy: OpenCopy
}

export interface OpenBand {
  readonly asset: BandAsset
  readonly reading: ReadSession
  readonly file: VerifiedFile
  readonly cog: Cog
}

export interface Bands {
  readonly red: OpenBand
  readonly nir: OpenBand
  /** The quality band, where the request masks by it. */
  readonly qa: OpenBand | null
}

/**
 * @param masking what is masked by the quality band, or null where none is read
 * @throws {GreenprintError} `content_unavailable`, `content_unusable`, `raster_unusable`, `asset_unusable`,
 *   each naming the asset
 */
export async function openBands(
  scene: Scene,
  masking: MaskChoice | null,
  request: NdviRequest,
  sources: Sources,
  signal: AbortSignal,
): Promise<Bands> {
  const front = frontFor(request)
  const open = (asset: BandAsset) => (both: AbortSignal) => openBand(asset, front, sources, both)
  const { red, nir } = scene
  const qa = masking === null ? async () => null : open(masking.qa)
  return allOrNone({ red: open(red), nir: open(nir), qa }, signal)
}

/**
 * A COG's overviews lie at its front, the smallest first. Up to a 64th of the pixels they are 1.6 % of all, and 2 %
 * of the bytes, for averages pack worse: where an overview will be read, as much comes with the header in one pass.
 */
function frontFor({ bbox, geometry, max_size }: NdviRequest): (size: number) => number {
  const isWhole = bbox === undefined && geometry === undefined
  const overview = isWhole && max_size !== 'full' && max_size <= 1024
  return (size) => Math.max(HEAD_BYTES, overview ? Math.ceil(0.0205 * size) : 0)
}

async function openBand(
  asset: BandAsset,
  front: (size: number) => number,
  { blocks, openCopy }: Sources,
  signal: AbortSignal,
): Promise<OpenBand> {
  return naming(asset, async () => {
    const reading = new ReadSession()
    const copies = asset.mirrors.map((href) => openCopy(href, true)).filter((copy) => copy !== null)
    const file = await openPath(asset.content, blocks, reading, signal, {
      front,
      mirrors: (placeOf) => copies.map((copy) => new Mirror(rangesOf(copy, null), placeOf)),
    })
    // Tiles are read long after this; their errors belong to this asset too.
    const tiles: RandomAccess = {
      size: file.size,
      readAll: (ranges, stop) => naming(asset, () => file.readAll(ranges, stop)),
    }
    const cog = await openCog(tiles, signal, { band: asset.band, georeference: givenBy(asset) })
    return { asset, reading, file, cog }
  })
}

/** For a file that does not say where it lies. */
function givenBy({ georeference }: BandAsset): GivenGeoreference | null {
  if (georeference === undefined) return null
  const { crs, transform, shape } = georeference
  return { code: crs !== null && /^[A-Z]+:\w+$/.test(crs) ? crs : null, transform, shape }
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
    const where = `Asset "${asset.key}" (${formatContentReference(asset.content)})`
    if (error.message.startsWith(where)) throw error
    // A path that leads nowhere is an error of the item here, not of the URL that was asked for.
    const code = error.code === 'not_found' ? 'asset_unusable' : error.code
    throw new GreenprintError(code, `${where}: ${error.message}`, {
      details: error.details,
      cause: error,
    })
  }
}
