// Parts of the files of a result, whether it is of one scene or of several.

import { createLimit } from '../async/limit.ts'
import { drawFigure, type FigureInput } from '../figure/figure.ts'
import { canonicalJson } from '../ipld/canonical-json.ts'
import { fileChecksum } from '../ipld/cid.ts'
import { fileCid } from '../ipld/importer.ts'
import type { Grid } from '../model/grid.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { assetKeyOf, mediaTypeOf } from '../publish/media-types.ts'
import type { PublishedAsset } from '../stac/item-parts.ts'
import { type FileContent, memoryContent } from '../store/file-content.ts'
import { nameOfSource } from './name-of-source.ts'
import type { Bands, OpenBand } from './open-bands.ts'

/** Pages of figures that are drawn at a time, each some tens of megabytes of pixels: more only wait for cores. */
const drawing = createLimit(2)

export async function drawPage(figure: FigureInput, signal: AbortSignal): Promise<FileContent> {
  const png = await drawing.run(() => drawFigure(figure), signal)
  signal.throwIfAborted()
  return memoryContent(png)
}

/** JSON as it is published: in one form, whoever writes it. */
export function encodeJson(value: JsonObject): FileContent {
  return memoryContent(new TextEncoder().encode(canonicalJson(value)))
}

/** A file of pixels with what STAC says about it. */
export type PixelFile = Pick<PublishedAsset, 'file' | 'roles' | 'title' | 'grid' | 'bands'>

/** All that was read without being checked, for a later fingerprint to confirm or refute; null where nothing was. */
export function listUnverified({ red, nir, qa }: Bands): JsonObject | null {
  const bands = Object.entries({ red, nir, qa }).flatMap(([name, band]) => {
    if (band === null || band.trust !== 'transport') return []
    const { address, version, ranges } = band.file
    return [[name, { href: address, ...version, ranges: ranges.map((range) => ({ ...range })) }]]
  })
  return bands.length === 0 ? null : Object.fromEntries(bands)
}

/** What a band was read by, for the foot of a figure. */
export function footed({ asset, trust }: OpenBand): string {
  return `${nameOfSource(asset)}${trust === 'transport' ? ' (not verified)' : ''}`
}

/** The pictures of a result, with what STAC says about them. @param layer the grid that the layer is drawn on */
export function pictureFiles(title: string, layer: Grid): readonly PixelFile[] {
  return [
    { file: 'figure.png', roles: ['overview', 'visual'], title: `${title}, figure`, grid: null },
    { file: 'layer.png', roles: ['visual'], title: `${title}, layer`, grid: layer },
  ]
}

/** The files that were drawn, with what STAC says about them, in the order of those known. */
export async function describeFiles(
  known: readonly PixelFile[],
  drawn: ReadonlyMap<string, FileContent>,
  signal: AbortSignal,
): Promise<PublishedAsset[]> {
  const described: PublishedAsset[] = []
  for (const each of known) {
    const content = drawn.get(each.file)
    if (content === undefined) continue
    described.push({
      ...each,
      key: assetKeyOf(each.file),
      type: mediaTypeOf(each.file),
      cid: (await fileCid(content.pieces(signal))).toString(),
      size: content.size,
      checksum: await fileChecksum(content.pieces(signal)),
    })
  }
  return described
}

/** A file's size is known once it was opened; what a recipe says of the inputs was written before. */
export function sizedInputs(inputs: JsonObject, { red, nir, qa }: Bands): JsonObject {
  const sized = (name: string, { file: { size } }: OpenBand): JsonObject => {
    const told = inputs[name]
    return { ...(isJsonObject(told) ? told : {}), size }
  }
  return {
    ...inputs,
    red: sized('red', red),
    nir: sized('nir', nir),
    ...(qa === null ? {} : { qa: sized('qa', qa) }),
  }
}
