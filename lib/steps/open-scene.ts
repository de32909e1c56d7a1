// A scene that is opened once for all who look at it: its tiles on a map, its points.

import type { Shelf } from '../async/shelf.ts'
import { type Cog, openCog } from '../cog/cog.ts'
import { type TileCache, withTileCache } from '../cog/tile-cache.ts'
import { GreenprintError } from '../errors.ts'
import type { Crs } from '../geo/crs/crs.ts'
import { crsOfKeys } from '../geo/crs/crs.ts'
import type { VerifiedFile } from '../ipfs/file.ts'
import { ReadSession } from '../ipfs/read-session.ts'
import { openPath } from '../ipfs/resolve-path.ts'
import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { NdviRequest } from '../model/request.ts'
import type { Scene, Trust } from '../model/scene.ts'
import { qaTable } from '../pixels/qa.ts'
import { warpNdvi, warpValues } from '../pixels/warp.ts'
import { checkOneGrid } from '../pixels/window.ts'
import { softwareLine } from '../software.ts'
import { type AppliedRules, applyRules } from './apply-rules.ts'
import { chooseRules } from './choose-rules.ts'
import {
  type ContentServices,
  type FoundContent,
  findContent,
  isCacheable,
  leastTrust,
} from './find-content.ts'
import { findScene } from './find-scene.ts'
import { type MapRaster, placeRaster } from './map-raster.ts'
import { type Bands, type OpenBand, openBands, type Sources } from './open-bands.ts'
import { checkPlace, openCrs } from './open-crs.ts'
import { writeRecipe } from './recipe.ts'

/** What this process has open; lib/services.ts makes one. */
export interface OpenShelves {
  /** What requests stood for a moment ago. */
  readonly found: Shelf<FoundForMap>
  readonly scenes: Shelf<OpenedScene>
  readonly results: Shelf<OpenedResult>
  readonly tiles: TileCache
}

export interface MapServices extends ContentServices, Sources {
  readonly shelves: OpenShelves
  /** What is here already, for callers for whom nothing is fetched. */
  readonly ownBlocks: Sources['blocks']
}

/** A scene with what its bands are read by, before any of them is opened. */
export interface FoundForMap {
  readonly content: FoundContent
  /** Of everything that decides its pixels, and of how they are read. */
  readonly id: string
  /** Whether the same request stands for the same pixels for ever. */
  readonly isFixed: boolean
  readonly warnings: readonly string[]
}

export interface OpenedScene extends MapRaster {
  readonly scene: Scene
  readonly bands: Bands
  readonly crs: Crs
  readonly applied: AppliedRules
  readonly warnings: readonly string[]
}

/** The NDVI of a published directory. */
export interface OpenedResult extends MapRaster {
  readonly cog: Cog
  readonly file: VerifiedFile
}

export interface SceneWish {
  readonly request: NdviRequest
  readonly trust: Trust
  /** Whether who asks may spend this deployment's credentials. */
  readonly isTrusted: boolean
}

/**
 * What a request stands for; looked up once in a while, however many tiles are asked for.
 *
 * @throws {GreenprintError} `fingerprint_needed` where nobody knows the CIDs: none is made here; what findScene and
 *   findContent throw
 */
export async function findForMap(
  wish: SceneWish,
  services: MapServices,
  signal: AbortSignal,
): Promise<FoundForMap> {
  const { request, trust, isTrusted } = wish
  const { found } = services.shelves
  return found.take(canonicalDigest({ ...wish }), find, signal)

  async function find(stop: AbortSignal): Promise<FoundForMap> {
    const { scene } = await findScene({ request }, services, stop)
    // A tile waits for no whole file, whoever asks.
    const run = {
      fresh: false,
      isTrusted: isTrusted && trust === 'transport',
      mostMs: 0,
      tell: () => undefined,
    }
    const rules = chooseRules(scene, request)
    const content = await findContent(scene, rules, trust, services, run, stop)
    const asked = { ...request, outputs: ['layer'] as const, max_size: 'full' as const }
    const recipe = writeRecipe(asked, content.scene, content.rules, softwareLine)
    const read = [scene.red, scene.nir, ...(rules.masking === null ? [] : [rules.masking.qa])]
    const isByContent = read.every((band) => band.content !== null)
    const isGiven = typeof request.item === 'object' || /^ipfs:/i.test(request.item ?? '')
    return {
      content,
      id: canonicalDigest({ recipe: recipe.id, found: foundBy(content) }),
      isFixed: isByContent && isGiven && request.names !== true,
      warnings: [...content.scene.warnings, ...content.rules.warnings],
    }
  }
}

/** A version of a copy that tells nothing of itself is another one each time. */
function foundBy(content: FoundContent): string {
  return isCacheable(content) ? leastTrust(content) : 'unknown version'
}

/**
 * @throws {GreenprintError} `content_unavailable`, `content_unusable`, `raster_unusable`, `grids_differ`,
 *   `mask_unavailable`, `asset_unusable`, `source_changed`
 */
export async function openScene(
  { content }: FoundForMap,
  { request, isTrusted }: SceneWish,
  services: MapServices,
  signal: AbortSignal,
): Promise<OpenedScene> {
  const { bbox: _, geometry: _area, ...rest } = request
  const whole: NdviRequest = {
    ...rest,
    // Nothing of these is a matter of what is open.
    max_size: 'full',
    outputs: ['layer'],
    rescale: [-1, 1],
    colormap_name: 'rdylgn',
  }
  const { id } = writeRecipe(whole, content.scene, content.rules, softwareLine)
  const key = `${id} ${isTrusted ? 'trusted' : ''}`
  const opened = await services.shelves.scenes.take(key, open, signal)
  // Each caller's own item may say that it lies elsewhere.
  const placeWarning = checkPlace(content.scene, opened.footprint)
  if (placeWarning === null) return opened
  return { ...opened, warnings: [...opened.warnings, placeWarning] }

  async function open(stop: AbortSignal): Promise<OpenedScene> {
    const { scene, rules } = content
    const read = await openBands(content, whole, services, isTrusted, stop)
    // Of a scene that is refused, nothing that was read stays.
    await using reads = read.reads
    await Promise.all(bandsOf(read).map(settled))
    const bands = withCaches(read, services.shelves.tiles)
    const { red, nir, qa } = bands
    checkOneGrid(red.cog, nir.cog)
    const { crs, warnings } = await openCrs(bands)
    const place = placeRaster(red.cog, crs)
    const applied = applyRules(bands, rules, scene)
    const table = rules.masking === null ? null : qaTable(rules.masking.rules)
    const mask = qa === null || table === null ? null : { cog: qa.cog, table }
    const warped = { red: red.cog, nir: nir.cog, qa: mask }
    reads.succeeded()
    return {
      ...place,
      scene,
      bands,
      crs,
      applied,
      trust: leastTrust(content),
      warnings,
      values: (targets, options, until) =>
        warpNdvi(warped, applied.pixels, targets, options, until),
    }
  }
}

function bandsOf({ red, nir, qa }: Bands): OpenBand[] {
  return [red, nir, ...(qa === null ? [] : [qa])]
}

/** What was begun for one request goes on for the next: nothing of it may depend on who asked first. */
async function settled(band: OpenBand): Promise<void> {
  if (band.trust === 'transport') return
  await band.unchanged
  await band.file.atRest
}

function withCaches({ red, nir, qa, reads }: Bands, cache: TileCache): Bands {
  const cached = (band: OpenBand): OpenBand => ({ ...band, cog: withTileCache(band.cog, cache) })
  return { red: cached(red), nir: cached(nir), qa: qa === null ? null : cached(qa), reads }
}

/**
 * @param root its CID
 * @param ownOnly whether nothing may be fetched for it
 * @throws {GreenprintError} `asset_unusable` where it has no `ndvi.tif`; `content_unavailable`, `content_unusable`,
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
    const content = { cid: root, path: 'ndvi.tif' }
    const from = ownOnly ? ownBlocks : blocks
    const file = await openPath(content, from, reading, stop, { front }).catch((cause: unknown) => {
      throw withoutCog(root, cause)
    })
    const plain: Cog = await openCog(file, stop)
    await file.atRest
    const cog = withTileCache(plain, shelves.tiles)
    const crs = await crsOfKeys(cog.geoKeys)
    if (crs === null) {
      throw new GreenprintError('raster_unusable', `The ndvi.tif of ${root} names no CRS.`)
    }
    return {
      ...placeRaster(cog, crs),
      cog,
      file,
      trust: 'cid',
      values: (targets, options, until) => warpValues(cog, targets, options, until),
    }
  }
}

function withoutCog(root: string, cause: unknown): unknown {
  if (!(cause instanceof GreenprintError) || cause.code !== 'not_found') return cause
  const message = `${root} has no ndvi.tif: ask for the result with "outputs": ["cog"] among its outputs.`
  return new GreenprintError('asset_unusable', message, { cause })
}
