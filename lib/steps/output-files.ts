// The files of a result: the figure, the pixels, the STAC item and the request that anybody can run again.

import type { FigureInput } from '../figure/figure.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { NdviRequest } from '../model/request.ts'
import { UNCHECKED_READS } from '../model/result.ts'
import type { Scene } from '../model/scene.ts'
import { dayTaken } from '../stac/acquisition.ts'
import { deriveItem } from '../stac/derived-item.ts'
import { type FileContent, readContent } from '../store/file-content.ts'
import type { AppliedRules } from './apply-rules.ts'
import type { Rules } from './choose-rules.ts'
import type { ComputedPixels } from './compute-pixels.ts'
import {
  describeFiles,
  drawPage,
  encodeJson,
  footed,
  listUnverified,
  type PixelFile,
  pictureFiles,
  sizedInputs,
} from './file-parts.ts'
import type { Bands } from './open-bands.ts'
import { figurePlace, itemPlace } from './place-of-pixels.ts'
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
  files.set(
    'request.json',
    encodeJson({ ...recipe.request, inputs: sizedInputs(recipe.inputs, computed.bands) }),
  )
  const unverified = listUnverified(computed.bands)
  if (unverified !== null) files.set(UNCHECKED_READS, encodeJson(unverified))
  if (recipe.outputs.includes('item')) {
    files.set('item.json', encodeJson(await describe(computed, drawn, signal)))
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

async function draw(
  { request, scene, bands, selected, pixels }: Computed,
  signal: AbortSignal,
): Promise<FileContent> {
  const place = { grid: selected.window.grid, crs: selected.crs }
  const day = dayTaken(scene)
  const figure: FigureInput = {
    ...figurePlace(place, pixels.picture, request, pixels.statistics.valid_count),
    title: TITLE,
    subtitle: `${scene.id}${day === null ? '' : ` · ${day}`}${isVerified(bands) ? '' : ' · not verified'}`,
    footer: [
      `Red\t${footed(bands.red)}`,
      `NIR\t${footed(bands.nir)}`,
      ...(bands.qa === null ? [] : [`QA\t${footed(bands.qa)}`]),
    ],
  }
  return drawPage(figure, signal)
}

function isVerified({ red, nir, qa }: Bands): boolean {
  return [red, nir, qa].every((band) => band?.trust !== 'transport')
}

async function describe(
  computed: Computed,
  drawn: ReadonlyMap<string, FileContent>,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { request, scene, recipe, selected, pixels, applied } = computed
  const { window } = selected
  return deriveItem({
    scene,
    itemId: recipe.itemId,
    request: recipe.request,
    inputs: sizedInputs(recipe.inputs, computed.bands),
    rules: describeRules(computed.bands, computed.rules, applied),
    ...itemPlace({ ...selected, grid: window.grid }, computed, pixels.observed, request),
    window: describeWindow(window, selected.selection),
    digest: pixels.digest,
    statistics: pixels.statistics,
    radiometry: applied.radiometry,
    mask: applied.mask,
    software: recipe.software,
    assets: await describeFiles(filesOf(computed), drawn, signal),
  })
}

/** With what STAC says about them, in the order of the item. */
function filesOf({ selected: { window, pictures } }: Computed): readonly PixelFile[] {
  const { grid } = window
  return [
    ...pictureFiles(TITLE, pictures.layer?.grid ?? grid),
    { file: 'ndvi.tif', roles: ['data'], title: `${TITLE}, float32`, grid },
  ]
}
