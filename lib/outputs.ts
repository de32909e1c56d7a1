// The files of a result: the figure, the STAC item and the request that anybody can run again.

import { fileChecksum } from './cid/cid.ts'
import { canonicalJson } from './cid/canonical-json.ts'
import { drawFigure } from './figure/figure.ts'
import type { Bands, OpenBand } from './inputs.ts'
import { fileCid } from './ipfs/importer.ts'
import type { Measured } from './measure.ts'
import type { Bbox, Grid } from './model/grid.ts'
import type { JsonObject } from './model/json.ts'
import type { NdviRequest } from './model/request.ts'
import type { Scene } from './model/scene.ts'
import type { Place } from './place.ts'
import type { OutputFile } from './publish/directory.ts'
import type { Recipe } from './recipe.ts'
import type { Rules } from './rules.ts'
import { softwareLine } from './software.ts'
import { formatContentReference } from './stac/content-reference.ts'
import { deriveItem } from './stac/derived-item.ts'

export interface Computed {
  readonly request: NdviRequest
  readonly recipe: Recipe
  readonly scene: Scene
  readonly bands: Bands
  readonly place: Place
  readonly rules: Rules
  readonly mask: readonly string[]
  readonly measured: Measured
}

const TITLE = 'Normalized Difference Vegetation Index (NDVI)'
const GEOJSON = 'application/geo+json'

/**
 * The files of the published directory, by name. Nothing in them tells the time or place of making,
 * so the same inputs give the same bytes.
 */
export async function drawOutputs(computed: Computed): Promise<Map<string, OutputFile>> {
  const { request, recipe } = computed
  const files = new Map<string, OutputFile>()
  if (request.outputs.includes('figure')) {
    files.set('figure.png', { bytes: await draw(computed), type: 'image/png' })
  }
  const asked: JsonObject = { ...recipe.request, inputs: inputsWithSizes(computed) }
  files.set('request.json', { bytes: encode(asked), type: 'application/json' })
  if (request.outputs.includes('item')) {
    files.set('item.json', { bytes: encode(await describe(computed, files)), type: GEOJSON })
  }
  return files
}

function encode(value: JsonObject): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(value))
}

function draw({
  request,
  scene,
  bands,
  place,
  measured,
}: Computed): Promise<Uint8Array<ArrayBuffer>> {
  const { grid } = place.window
  const { picture } = measured
  const acquired = scene.datetime === null ? '' : ` · ${scene.datetime.slice(0, 10)}`
  return drawFigure({
    picture,
    rampName: request.colormap_name,
    rescale: request.rescale,
    title: TITLE,
    subtitle: `${scene.id}${acquired}`,
    footer: [
      `Red\t${formatContentReference(scene.red.content)}`,
      `NIR\t${formatContentReference(scene.nir.content)}`,
      ...(bands.qa === null ? [] : [`QA\t${formatContentReference(bands.qa.asset.content)}`]),
    ],
    bounds: pictureBounds(grid, picture.step, picture.width, picture.height),
    crs: grid.crs,
    ...(picture.step > 1 ? { caption: decimated(picture.step) } : {}),
  })
}

function decimated(step: number): string {
  return `Drawn from one pixel in ${step} along rows and columns; the statistics are of all.`
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
  files: ReadonlyMap<string, OutputFile>,
): Promise<JsonObject> {
  const { scene, recipe, place, measured, rules, mask } = computed
  const figure = files.get('figure.png')
  return deriveItem({
    scene,
    itemId: recipe.itemId,
    request: recipe.request,
    inputs: inputsWithSizes(computed),
    grid: place.window.grid,
    footprint: place.footprint,
    statistics: measured.statistics,
    radiometry: rules.radiometry,
    mask,
    software: softwareLine,
    assets:
      figure === undefined
        ? []
        : [
            {
              key: 'figure',
              file: 'figure.png',
              cid: (await fileCid(figure.bytes)).toString(),
              type: figure.type,
              size: figure.bytes.length,
              checksum: fileChecksum(figure.bytes),
              roles: ['overview', 'visual'],
              title: `${TITLE}, figure`,
            },
          ],
  })
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
