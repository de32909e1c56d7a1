// A scene that is opened once for all who look at it: its tiles on a map, its points.

import { type TileCache, withTileCache } from '../cog/tile-cache.ts'

import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { NdviRequest } from '../model/request.ts'
import type { Trust } from '../model/scene.ts'
import { qaTable } from '../pixels/qa.ts'
import { warpNdvi } from '../pixels/warp.ts'
import { checkOneGrid } from '../pixels/window.ts'
import { withNodata } from '../products/mask-rules.ts'
import { softwareLine } from '../software.ts'
import { applyRules } from './apply-rules.ts'
import { chooseRules } from './choose-rules.ts'
import { type FoundContent, findContent, leastTrust } from './find-content.ts'
import { findScene } from './find-scene.ts'
import { isCacheable } from './known-result.ts'
import { placeRaster } from './map-raster.ts'
import type { FoundForMap, MapServices, OpenedScene } from './map-services.ts'
import { type Bands, naming, type OpenBand, openBands } from './open-bands.ts'
import { checkPlace, datumWarnings, openCrs } from './open-crs.ts'
import { warmUp } from './preload.ts'
import { writeRecipe } from './recipe.ts'

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
    warmUp({ outputs: [] })
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
    const isGiven =
      typeof request.item === 'object' || /^(ipfs:|\/ipfs\/)/i.test(request.item ?? '')
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
    // What was begun for one request goes on for the next: nothing of it may depend on who asked first.
    const opening = untilDone(stop)
    const read = await openBands(content, whole, services, isTrusted, opening.signal)
    // Of a scene that is refused, nothing that was read stays.
    await using reads = read.reads
    const bands = withCaches(read, services.shelves.tiles)
    const { red, nir, qa } = bands
    checkOneGrid(red.cog, nir.cog)
    const { crs, warnings } = await openCrs(bands)
    const place = placeRaster(red.cog, crs)
    const applied = applyRules(bands, rules, scene)
    const { masking } = rules
    const mask =
      qa === null || masking === null
        ? null
        : { cog: qa.cog, table: qaTable(withNodata(masking, qa.cog.nodata)) }
    const warped = { red: red.cog, nir: nir.cog, qa: mask }
    const unchanged = stillThere(read)
    const checkUnchanged = () =>
      unchanged.catch((error: unknown) => {
        services.shelves.scenes.drop(key)
        throw error
      })
    reads.succeeded()
    opening.done()
    return {
      ...place,
      scene,
      bands,
      crs,
      applied,
      trust: leastTrust(content),
      warnings: [...warnings, ...datumWarnings(crs, place.footprint)],
      checkUnchanged,
      async values(targets, options, until) {
        const values = await warpNdvi(warped, applied.pixels, targets, options, until)
        // Asked beside the first tile, and known for all that follow.
        await checkUnchanged()
        return values
      },
    }
  }
}

/** A signal that follows another one until something is done. */
function untilDone(signal: AbortSignal): {
  readonly signal: AbortSignal
  readonly done: () => void
} {
  const own = new AbortController()
  const follow = () => {
    own.abort(signal.reason)
  }
  signal.addEventListener('abort', follow, { once: true })
  return {
    signal: own.signal,
    done: () => {
      signal.removeEventListener('abort', follow)
    },
  }
}

function bandsOf({ red, nir, qa }: Bands): OpenBand[] {
  return [red, nir, ...(qa === null ? [] : [qa])]
}

/** Fails with `source_changed` where another file lies at the address of a fingerprint by now. */
function stillThere(bands: Bands): Promise<void> {
  const checks = bandsOf(bands).map(async (band) => {
    if (band.trust !== 'transport') await naming(band.asset, () => band.unchanged)
  })
  const all = Promise.all(checks).then(() => undefined)
  // Told by the first tile or point that is read.
  all.catch(() => undefined)
  return all
}

function withCaches({ red, nir, qa, reads }: Bands, cache: TileCache): Bands {
  const cached = (band: OpenBand): OpenBand => ({ ...band, cog: withTileCache(band.cog, cache) })
  return { red: cached(red), nir: cached(nir), qa: qa === null ? null : cached(qa), reads }
}
