// From a scene, or a published result, to the tiles of a map. Each line is a step; lib/steps/ has one file for each.

import { tileGrid } from './geo/web-mercator.ts'
import { canonicalDigest } from './ipld/canonical-json.ts'
import type { TileAddress, TileSource } from './model/tile.ts'
import { giveMapMemory, takeMapMemory } from './pixels/map-memory.ts'
import { softwareLine } from './software.ts'
import { areaOfRequest } from './steps/asked-area.ts'
import { cropOnMap } from './steps/crop-on-map.ts'
import { encodeImage, type ImageForm } from './steps/encode-image.ts'
import { describeExtent, type MapExtent } from './steps/map-extent.ts'
import type { MapRaster } from './steps/map-raster.ts'
import type { MapServices } from './steps/map-services.ts'
import { openResult } from './steps/open-result.ts'
import { findForMap, openScene } from './steps/open-scene.ts'
import { placeOnMap } from './steps/place-on-map.ts'
import { type SceneAgain, sceneAgain } from './steps/scene-again.ts'

/** A source of tiles that was found, and is opened when the first of them is drawn. */
export interface TileMap {
  readonly source: TileSource
  /** Of everything that decides its pixels. */
  readonly id: string
  /** Name of the scene, or CID of the result. */
  readonly name: string
  /** Whether its tiles stay as they are for ever. */
  readonly isFixed: boolean
  /** How its scene is asked for again, where a search found it. */
  readonly again: SceneAgain | null
  readonly open: (signal: AbortSignal) => Promise<MapRaster>
}

export interface MapCaller {
  /** Whether who asks may spend this deployment's credentials. */
  readonly isTrusted: boolean
  /** Whether nothing is fetched for who asks. */
  readonly ownOnly: boolean
}

export async function findMap(
  source: TileSource,
  services: MapServices,
  { isTrusted, ownOnly }: MapCaller,
  signal: AbortSignal,
): Promise<TileMap> {
  const { style, resampling } = source
  const idOf = (pixels: string) =>
    canonicalDigest({ pixels, style: { ...style }, resampling, software: softwareLine })
  if (source.kind === 'result') {
    const { root } = source
    const open = (stop: AbortSignal) => openResult(root, ownOnly, services, stop)
    return { source, id: idOf(root), name: root, isFixed: true, again: null, open }
  }
  const wish = { request: source.request, trust: source.trust, isTrusted }
  const found = await findForMap(wish, services, signal)
  const { isFixed, content } = found
  const open = (stop: AbortSignal) => openScene(found, wish, services, stop)
  const { scene } = content
  const { search } = source.request
  const again = search === undefined ? null : sceneAgain(search, scene, services.stacApiUrl)
  return { source, id: idOf(found.id), name: scene.id, isFixed, again, open }
}

/** Where its tiles lie, and at which zooms they have something to show. @param most pixels read for one tile */
export async function extentOf(
  map: TileMap,
  most: number,
  signal: AbortSignal,
): Promise<MapExtent> {
  return describeExtent(await map.open(signal), map.source, most)
}

/**
 * @param maxPixels of the scene that may be read for one tile
 * @returns its bytes; transparent where the source has no value
 */
export async function drawTile(
  map: TileMap,
  address: TileAddress,
  form: ImageForm,
  maxPixels: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const { source } = map
  const raster = await map.open(signal)
  const grid = tileGrid(address, form.size)
  const memory = takeMapMemory(form.size ** 2)
  try {
    const targets = placeOnMap(raster, grid, memory)
    if (targets === null) return await encodeImage(null, grid, source.style, form)
    const options = { resampling: source.resampling, maxPixels, into: memory.values }
    const values = await raster.values(targets, options, signal)
    const area = source.kind === 'scene' ? areaOfRequest(source.request) : null
    if (area !== null) cropOnMap(values, grid, area)
    return await encodeImage(values, grid, source.style, form)
  } finally {
    giveMapMemory(memory)
  }
}
