// The files of a raster of several scenes: the figure, the pixels, the STAC item and the request.

import type { JsonObject } from '../model/json.ts'
import { UNCHECKED_READS } from '../model/result.ts'
import { type JointItemScene, jointItem } from '../stac/joint-item.ts'
import type { FileContent } from '../store/file-content.ts'
import {
  describeFiles,
  drawPage,
  encodeJson,
  listUnverified,
  type PixelFile,
  pictureFiles,
  sizedInputs,
} from './file-parts.ts'
import type { Joint, JointInput } from './joint.ts'
import { figurePlace, itemPlace } from './place-of-pixels.ts'
import { describeRules } from './published-rules.ts'
import { itemIdOf } from './recipe-of-joint.ts'

/**
 * The files of the published directory, by name. They contain neither time nor place of their making, so the same
 * inputs give the same bytes.
 */
export async function drawJoint(
  joint: Joint,
  signal: AbortSignal,
): Promise<Map<string, FileContent>> {
  const { recipe, drawn, others, inputs, kind } = joint
  const { layer, cog } = drawn.rasters
  const files = new Map<string, FileContent>()
  if (recipe.outputs.includes('figure')) files.set('figure.png', await draw(joint, signal))
  if (layer !== undefined) files.set('layer.png', layer)
  if (cog !== undefined) files.set(`${kind}.tif`, cog)
  for (const { file, content } of others) files.set(file, content)
  const pixelFiles = new Map(files)
  const read = Object.fromEntries(inputs.map((input) => [input.role, inputsRead(input, joint)]))
  files.set('request.json', encodeJson({ kind, ...recipe.request, inputs: read }))
  const unverified = inputs.flatMap(({ role, open }) => {
    const bands = listUnverified(open.bands)
    return bands === null ? [] : [[role, bands] as const]
  })
  if (unverified.length > 0) files.set(UNCHECKED_READS, encodeJson(Object.fromEntries(unverified)))
  if (recipe.outputs.includes('item')) {
    files.set('item.json', encodeJson(await describe(joint, pixelFiles, signal)))
  }
  return files
}

function inputsRead({ role, open }: JointInput, { recipe }: Joint): JsonObject {
  return sizedInputs(recipe.inputs[role] ?? {}, open.bands)
}

async function draw(
  { request, inputs, place, drawn: { picture, bands }, words }: Joint,
  signal: AbortSignal,
): Promise<FileContent> {
  const { title, subtitle, footer, quantity } = words
  const isUnverified = inputs.some(({ open }) => listUnverified(open.bands) !== null)
  const figure = {
    ...figurePlace(place, picture, request, bands[0]?.statistics.valid_count ?? 0),
    title,
    subtitle: `${subtitle}${isUnverified ? ' · not verified' : ''}`,
    footer,
    quantity,
  }
  return drawPage(figure, signal)
}

async function describe(
  joint: Joint,
  drawn: ReadonlyMap<string, FileContent>,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { kind, request, recipe, place, words, inputs } = joint
  const { open } = inputs.at(-1)!
  const { observed, bands } = joint.drawn
  const scenes = inputs.map((input) => [input.role, describeScene(input, joint)] as const)
  return jointItem({
    kind,
    title: words.title,
    lineage: words.lineage,
    ...(words.expression === undefined ? {} : { expression: words.expression }),
    scenes: Object.fromEntries(scenes),
    sources: joint.sources ?? null,
    bands: joint.bands.map(({ name, description }, at) => ({ name, description, ...bands[at]! })),
    itemId: itemIdOf(
      kind,
      recipe,
      inputs.map(({ role, open: { content } }) => ({ role, id: content.scene.id })),
    ),
    request: recipe.request,
    ...itemPlace(place, { scene: open.content.scene, bands: open.bands }, observed, request),
    software: recipe.software,
    assets: await describeFiles(filesOf(joint), drawn, signal),
  })
}

function describeScene(input: JointInput, joint: Joint): JointItemScene {
  const { open, window } = input
  const { content, applied, bands } = open
  return {
    scene: content.scene,
    inputs: inputsRead(input, joint),
    rules: describeRules(bands, content.rules, applied),
    radiometry: applied.radiometry,
    mask: applied.mask,
    window,
  }
}

/** With what STAC says about them, in the order of the item. */
function filesOf({ kind, words: { title }, place, others }: Joint): readonly PixelFile[] {
  const { grid, pictures } = place
  return [
    ...pictureFiles(title, pictures.layer?.grid ?? grid),
    { file: `${kind}.tif`, roles: ['data'], title: `${title}, float32`, grid },
    ...others.map(({ file, roles, title: own, bands }) => ({
      file,
      roles,
      title: own,
      grid,
      bands,
    })),
  ]
}
