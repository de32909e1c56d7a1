// Everything that decides a result, as one canonical text whose hash is the result's id.

import { GreenprintError } from '../errors.ts'
import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { JsonObject } from '../model/json.ts'
import { perObject } from '../model/per-object.ts'
import type { NdviRequest, OutputKind } from '../model/request.ts'
import type { BandAsset, Scene } from '../model/scene.ts'
import type { MaskChoice } from '../products/mask-rules.ts'
import { formatContentReference } from '../stac/content-reference.ts'
import { sourceProperties } from '../stac/source-properties.ts'
import type { Rules } from './choose-rules.ts'

export interface Recipe {
  /** SHA-256 of everything that decides the output and of the software that makes it. */
  readonly id: string
  /** Name and version that the result says it was made by. */
  readonly software: string
  /** Id of the published item: the scene, and the first digits of the request with its CIDs. */
  readonly itemId: string
  /** The request without what does not change a pixel: item or search, and the names of bands, which are in the inputs. */
  readonly request: JsonObject
  /** Outputs that are made: no item for a scene without a time of acquisition. */
  readonly outputs: readonly OutputKind[]
  /** Everything that the item says and the pixels depend on: docs/numbers.md#n29. */
  readonly inputs: {
    readonly red: JsonObject
    readonly nir: JsonObject
    readonly qa?: JsonObject
  } & JsonObject
  readonly warnings: readonly string[]
}

/** @throws {GreenprintError} `item_invalid` when only the item is asked for and the scene has no time of acquisition */
export const writeRecipe: typeof write = perObject(write)

function write(asked: NdviRequest, scene: Scene, rules: Rules, software: string): Recipe {
  const { masking } = rules
  const source = sourceProperties(scene)
  const { outputs, warnings } = chooseOutputs(asked, scene, source.properties)
  const request: JsonObject = {
    ...(asked.bbox === undefined ? {} : { bbox: asked.bbox }),
    ...(asked.geometry === undefined ? {} : { geometry: { ...asked.geometry } }),
    scale: asked.scale,
    mask: [...new Set(asked.mask)].toSorted(),
    max_size: asked.max_size,
    colormap_name: asked.colormap_name,
    rescale: asked.rescale,
    outputs: [...new Set(outputs)].toSorted(),
    ...picturesOf(asked),
  }
  const inputs = inputsOf(scene, rules)
  const read = [scene.red, scene.nir, ...(masking === null ? [] : [masking.qa])]
  const bands = read.map((each) => [sourceText(each), each.band])
  const { collection, canonical } = scene
  return {
    id: canonicalDigest({ request, inputs, item: { collection, canonical }, software }),
    software,
    itemId: `${scene.id}_ndvi_${canonicalDigest({ request, bands }).slice(0, 8)}`,
    request,
    outputs,
    inputs,
    warnings: [...source.warnings, ...warnings],
  }
}

/** What draws pictures otherwise than on the grid; a request for none of it is the same as before there was any. */
export function picturesOf({
  layer_crs,
  width,
  height,
  resampling = 'nearest',
}: Pick<NdviRequest, 'layer_crs' | 'width' | 'height' | 'resampling'>): JsonObject {
  const own = {
    ...(layer_crs === undefined ? {} : { layer_crs }),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
  }
  return Object.keys(own).length === 0 ? {} : { ...own, resampling }
}

/** Everything that the item says and the pixels of a scene depend on. */
export function inputsOf(scene: Scene, { radiometry, masking }: Rules): Recipe['inputs'] {
  const { applied, when, red, nir, reason } = radiometry
  return {
    scene: { id: scene.id, gsd: scene.gsd, ...sourceProperties(scene).properties },
    product: { ...scene.product },
    radiometry: { applied, when, red: { ...red }, nir: { ...nir }, reason },
    red: describeBand(scene.red),
    nir: describeBand(scene.nir),
    ...(masking === null ? {} : { qa: describeQa(masking) }),
  }
}

/**
 * STAC has no Item without a time.
 *
 * @throws {GreenprintError} `item_invalid` when nothing else is asked for
 */
export function chooseOutputs(
  { outputs }: Pick<NdviRequest, 'outputs'>,
  { id }: Scene,
  { datetime }: JsonObject,
): Pick<Recipe, 'outputs' | 'warnings'> {
  if (!outputs.includes('item') || datetime !== undefined) return { outputs, warnings: [] }
  const others = outputs.filter((output) => output !== 'item')
  const why = `Item ${id} does not say when the scene was taken, so no valid STAC Item can be made of its NDVI`
  const advice = 'give it "properties": {"datetime": …}'
  if (others.length > 0) return { outputs: others, warnings: [`${why}: ${advice}`] }
  throw new GreenprintError(
    'item_invalid',
    `${why}. ${advice[0]?.toUpperCase()}${advice.slice(1)}.`,
  )
}

/** Which bytes they are: by content, or where they lay when nobody checked them. */
function describeSource({ key, content, transport }: BandAsset): JsonObject {
  if (content !== null) return { cid: content.cid, path: content.path }
  if (transport !== undefined) return { transport: { ...transport } }
  throw new TypeError(`nobody knows what asset ${key} is read by`)
}

function sourceText(band: BandAsset): JsonObject | string {
  return band.content === null ? describeSource(band) : formatContentReference(band.content)
}

function describeBand(band: BandAsset): JsonObject {
  const { georeference } = band
  return {
    asset: band.key,
    band: band.band,
    ...describeSource(band),
    nodata: jsonNumber(band.nodata),
    ...(georeference === undefined ? {} : { georeference: { ...georeference } }),
  }
}

function describeQa({ qa, rules }: MaskChoice): JsonObject {
  const { bits, fields, values, saturated } = rules
  const told = new Set([...values, ...saturated])
  const unmasked = [...new Set(qa.classes.map(({ value }) => value))].filter(
    (value) => !told.has(value),
  )
  return {
    ...describeBand(qa),
    bits,
    fields: fields.map((field) => ({ ...field })),
    values,
    saturated,
    // The file's nodata masks where it is none of these.
    ...(unmasked.length === 0 ? {} : { unmasked: unmasked.toSorted((one, other) => one - other) }),
  }
}

/** JSON has no NaN and no infinity; STAC writes them as text. */
function jsonNumber(value: number | undefined): number | string | null {
  if (value === undefined) return null
  if (Number.isNaN(value)) return 'nan'
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf'
}
