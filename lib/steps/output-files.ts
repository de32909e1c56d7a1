// The files of a result: the figure, the pixels, the STAC item and the request that anybody can run again.

import { captionOf } from '../figure/caption.ts'
import { drawFigure } from '../figure/figure.ts'
import { dataFootprint } from '../geo/data-footprint.ts'
import { pixelOnGround } from '../geo/ground-distance.ts'
import { canonicalJson } from '../ipld/canonical-json.ts'
import { fileChecksum } from '../ipld/cid.ts'
import { fileCid } from '../ipld/importer.ts'
import { type Bbox, type Grid, gridBounds } from '../model/grid.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { NdviRequest } from '../model/request.ts'
import type { Scene } from '../model/scene.ts'
import { assetKeyOf, mediaTypeOf } from '../publish/media-types.ts'
import { dayTaken } from '../stac/acquisition.ts'
import { deriveItem, type PublishedAsset } from '../stac/derived-item.ts'
import { type FileContent, memoryContent, readContent } from '../store/file-content.ts'
import type { AppliedRules } from './apply-rules.ts'
import type { Rules } from './choose-rules.ts'
import type { ComputedPixels } from './compute-pixels.ts'
import { nameOfSource } from './name-of-source.ts'
import type { Bands, OpenBand } from './open-bands.ts'
import { describeRules, describeWindow } from './published-rules.ts'
import type { Recipe } from './recipe.ts'
import type { SelectedWindow } from './select-window.ts'

export interface Computed {
  readonly request: NdviRequest
  readonly recipe: Recipe
  readonly scene: Scene
  readonly bands: Bands
  readonly selected: SelectedWindow
  readonly rules: Rules
  readonly applied: AppliedRules
  readonly pixels: ComputedPixels
}

const TITLE = 'Normalized Difference Vegetation Index (NDVI)'

/** The files of pixels with what STAC says about them, in the order of the item. */
const pixelFiles = [
  { file: 'figure.png', roles: ['overview', 'visual'], title: `${TITLE}, figure`, of: 'figure' },
  { file: 'layer.png', roles: ['visual'], title: `${TITLE}, layer`, of: 'layer' },
  { file: 'ndvi.tif', roles: ['data'], title: `${TITLE}, float32`, of: 'cog' },
] as const

/**
 * The files of the published directory, by name. They contain neither time nor place of their making, so the same
 * inputs give the same bytes.
 */
export async function drawOutputs(
  computed: Computed,
  signal: AbortSignal,
): Promise<Map<string, FileContent>> {
  const { request, recipe, pixels } = computed
  const { layer, cog } = pixels.rasters
  const files = new Map<string, FileContent>()
  if (request.outputs.includes('figure')) files.set('figure.png', await draw(computed, signal))
  if (layer !== undefined) files.set('layer.png', layer)
  if (cog !== undefined) files.set('ndvi.tif', cog)
  const drawn = new Map(files)
  files.set('request.json', encode({ ...recipe.request, inputs: inputsWithSizes(computed) }))
  const unverified = listUnverified(computed.bands)
  if (unverified !== null) files.set('transport.json', encode(unverified))
  if (recipe.outputs.includes('item')) {
    files.set('item.json', encode(await describe(computed, drawn, signal)))
  }
  return files
}

/** The STAC item among the files; null where none was made. */
export async function readItemOf(
  files: ReadonlyMap<string, FileContent>,
  signal: AbortSignal,
): Promise<JsonObject | null> {
  const content = files.get('item.json')
  if (content === undefined) return null
  const value: unknown = JSON.parse(new TextDecoder().decode(await readContent(content, signal)))
  return isJsonObject(value) ? value : null
}

/** All that was read without being checked, for a later fingerprint to confirm or refute; null where nothing was. */
function listUnverified({ red, nir, qa }: Bands): JsonObject | null {
  const bands = Object.entries({ red, nir, qa }).flatMap(([name, band]) => {
    if (band === null || band.trust !== 'transport') return []
    const { address, version, ranges } = band.file
    return [[name, { href: address, ...version, ranges: ranges.map((range) => ({ ...range })) }]]
  })
  return bands.length === 0 ? null : Object.fromEntries(bands)
}

function encode(value: JsonObject): FileContent {
  return memoryContent(new TextEncoder().encode(canonicalJson(value)))
}

async function draw(
  { request, scene, bands, selected, pixels }: Computed,
  signal: AbortSignal,
): Promise<FileContent> {
  const { grid } = selected.window
  const { picture } = pixels
  const day = dayTaken(scene)
  const png = await drawFigure({
    picture,
    rampName: request.colormap_name,
    rescale: request.rescale,
    title: TITLE,
    subtitle: `${scene.id}${day === null ? '' : ` · ${day}`}${isVerified(bands) ? '' : ' · not verified'}`,
    footer: [
      `Red\t${footed(bands.red)}`,
      `NIR\t${footed(bands.nir)}`,
      ...(bands.qa === null ? [] : [`QA\t${footed(bands.qa)}`]),
    ],
    bounds:
      picture.step === null
        ? gridBounds(grid)
        : pictureBounds(grid, picture.step, picture.width, picture.height),
    crs: grid.crs,
    axes: selected.crs.axes,
    caption: captionOf(pixels.statistics.valid_count, picture.step),
  })
  signal.throwIfAborted()
  return memoryContent(png)
}

function isVerified({ red, nir, qa }: Bands): boolean {
  return [red, nir, qa].every((band) => band?.trust !== 'transport')
}

function footed({ asset, trust }: OpenBand): string {
  return `${nameOfSource(asset)}${trust === 'transport' ? ' (not verified)' : ''}`
}

/** A decimated picture may reach past the grid's last pixels: its own pixels set its bounds. */
function pictureBounds(
  { transform: [a, , c, , e, f] }: Grid,
  step: number,
  width: number,
  height: number,
): Bbox {
  return [c, f + e * step * height, c + a * step * width, f]
}

async function describe(
  computed: Computed,
  drawn: ReadonlyMap<string, FileContent>,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { request, scene, recipe, selected, pixels, applied } = computed
  const { window, crs, footprint, area } = selected
  const { projection } = crs
  return deriveItem({
    scene,
    itemId: recipe.itemId,
    request: recipe.request,
    inputs: inputsWithSizes(computed),
    rules: describeRules(computed.bands, computed.rules, applied),
    grid: window.grid,
    definition: window.grid.crs === null ? crs.describe() : null,
    gsd: gsdOf(computed),
    window: describeWindow(window, selected.selection),
    digest: pixels.digest,
    footprint: dataFootprint(
      window.grid,
      projection,
      footprint,
      pixels.observed,
      request.geometry ?? null,
    ),
    area: {
      geometry: area.geometry === null ? footprint.geometry : { ...area.geometry },
      coveredPercent: area.coveredPercent,
    },
    statistics: pixels.statistics,
    radiometry: applied.radiometry,
    mask: applied.mask,
    software: recipe.software,
    assets: await describeFiles(drawn, computed, signal),
  })
}

/** The source's own, larger for an overview or every nth pixel; without one, the distance on the ground. */
function gsdOf({ scene: { gsd }, bands, selected }: Computed): number {
  const { grid } = selected.window
  if (gsd === null) return Number(pixelOnGround(grid, selected.crs.projection).toPrecision(3))
  const [full] = bands.red.cog.levels
  return Number(((gsd * grid.transform[0]) / full.transform[0]).toPrecision(6))
}

async function describeFiles(
  drawn: ReadonlyMap<string, FileContent>,
  { selected: { window, pictures } }: Computed,
  signal: AbortSignal,
): Promise<PublishedAsset[]> {
  const grids = { figure: null, layer: pictures.layer?.grid ?? window.grid, cog: window.grid }
  const described: PublishedAsset[] = []
  for (const { of, ...known } of pixelFiles) {
    const content = drawn.get(known.file)
    if (content === undefined) continue
    described.push({
      ...known,
      grid: grids[of],
      key: assetKeyOf(known.file),
      type: mediaTypeOf(known.file),
      cid: (await fileCid(content.pieces(signal))).toString(),
      size: content.size,
      checksum: await fileChecksum(content.pieces(signal)),
    })
  }
  return described
}

/** A file's size is known once it was opened; the recipe was written before. */
function inputsWithSizes({ recipe, bands }: Computed): JsonObject {
  const { red, nir, qa } = bands
  const sized = (input: JsonObject, band: OpenBand): JsonObject => ({
    ...input,
    size: band.file.size,
  })
  return {
    ...recipe.inputs,
    red: sized(recipe.inputs.red, red),
    nir: sized(recipe.inputs.nir, nir),
    ...(qa === null ? {} : { qa: sized(recipe.inputs.qa ?? {}, qa) }),
  }
}
