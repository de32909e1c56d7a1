// Everything that decides a result, as one canonical text whose hash is the result's id.

import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { JsonObject } from '../model/json.ts'
import type { NdviRequest } from '../model/request.ts'
import type { BandAsset, Scene } from '../model/scene.ts'
import type { MaskChoice } from '../products/mask-rules.ts'
import { formatContentReference } from '../stac/content-reference.ts'
import { sourceProperties } from '../stac/derived-item.ts'
import type { Rules } from './choose-rules.ts'

export interface Recipe {
  /** SHA-256 of everything that decides the output and of the software that makes it. */
  readonly id: string
  /** Id of the published item: the scene, and the first digits of the request with its CIDs. */
  readonly itemId: string
  /** The request without its item or search: the content ids that these led to stand in `inputs`. */
  readonly request: JsonObject
  /** Per band that is read: which content, and how its numbers are read. */
  readonly inputs: {
    readonly red: JsonObject
    readonly nir: JsonObject
    readonly qa?: JsonObject
  } & JsonObject
}

export function writeRecipe(
  asked: NdviRequest,
  scene: Scene,
  { radiometry, masking }: Rules,
  software: string,
): Recipe {
  const request: JsonObject = {
    ...(asked.bbox === undefined ? {} : { bbox: asked.bbox }),
    ...(asked.geometry === undefined ? {} : { geometry: { ...asked.geometry } }),
    scale: asked.scale,
    mask: [...new Set(asked.mask)].toSorted(),
    max_size: asked.max_size,
    colormap_name: asked.colormap_name,
    rescale: asked.rescale,
    outputs: [...new Set(asked.outputs)].toSorted(),
  }
  const inputs: Recipe['inputs'] = {
    scene: { id: scene.id, datetime: scene.datetime, platform: scene.platform },
    red: describeBand(scene.red, radiometry.red),
    nir: describeBand(scene.nir, radiometry.nir),
    ...(masking === null ? {} : { qa: describeQa(masking) }),
    product: { ...scene.product },
  }
  const read = [scene.red, scene.nir, ...(masking === null ? [] : [masking.qa])]
  const contents = read.map((band) => formatContentReference(band.content))
  const { collection, canonical } = scene
  const { applied, reason } = radiometry
  return {
    id: canonicalDigest({
      request,
      inputs,
      item: { collection, canonical, properties: sourceProperties(scene) },
      radiometry: { applied, reason },
      software,
    }),
    itemId: `${scene.id}_ndvi_${canonicalDigest({ request, contents }).slice(0, 8)}`,
    request,
    inputs,
  }
}

function describeBand(
  band: BandAsset,
  { scale, offset }: { scale: number; offset: number },
): JsonObject {
  const { cid, path } = band.content
  return { asset: band.key, cid, path, nodata: jsonNumber(band.nodata), scale, offset }
}

function describeQa({ qa, rules }: MaskChoice): JsonObject {
  const { cid, path } = qa.content
  const { bits, values, saturated } = rules
  return { asset: qa.key, cid, path, bits, values, saturated }
}

/** JSON has no NaN; STAC writes it as text. */
function jsonNumber(value: number | undefined): number | string | null {
  if (value === undefined) return null
  return Number.isNaN(value) ? 'nan' : value
}
