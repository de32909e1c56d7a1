// Everything that decides a raster of several scenes, as one canonical value whose hash is the result's id.

import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { ChangeRequest } from '../model/change.ts'
import type { CompositeRequest } from '../model/composite.ts'
import type { JointKind } from '../model/joint.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutputKind } from '../model/request.ts'
import { softwareLine } from '../software.ts'
import { sourceProperties } from '../stac/source-properties.ts'
import type { JointSource } from './joint-source.ts'
import { chooseOutputs, inputsOf, picturesOf } from './recipe.ts'

export interface JointRecipe {
  readonly id: string
  readonly software: string
  /** Without what does not change a pixel: items or searches, and the names of bands, which are in the inputs. */
  readonly request: JsonObject
  /** Outputs that are made: no item of scenes without a time of acquisition. */
  readonly outputs: readonly OutputKind[]
  /** Of each scene that was found, by its role. */
  readonly inputs: Readonly<Record<string, JsonObject>>
  readonly warnings: readonly string[]
}

/**
 * @param sources in the order of their roles
 * @param software what the result is made by, or was made by
 * @throws {GreenprintError} `item_invalid` when only the item is asked for and a scene has no time of acquisition
 */
export function writeJointRecipe(
  kind: JointKind,
  asked: ChangeRequest | CompositeRequest,
  sources: readonly JointSource[],
  software: string = softwareLine,
): JointRecipe {
  let { outputs } = asked
  const warnings: string[] = []
  for (const { content } of sources) {
    const { scene } = content
    const source = sourceProperties(scene)
    const chosen = chooseOutputs({ outputs }, scene, source.properties)
    outputs = chosen.outputs
    warnings.push(...source.warnings, ...chosen.warnings)
  }
  const request = { ...decisive(asked), outputs: [...new Set(outputs)].toSorted() }
  const inputs = Object.fromEntries(
    sources.map(({ role, content }) => [role, inputsOf(content.scene, content.rules)]),
  )
  const items = Object.fromEntries(
    sources.map(({ role, content: { scene } }) => {
      const { collection, canonical } = scene
      return [role, { collection, canonical }]
    }),
  )
  return {
    id: canonicalDigest({ kind, request, inputs, items, software }),
    software,
    request,
    outputs,
    inputs,
    warnings,
  }
}

/** What decides the pixels beside the scenes. */
function decisive(asked: ChangeRequest | CompositeRequest): JsonObject {
  const { bbox, geometry, scale, mask, max_size, colormap_name, rescale } = asked
  return {
    ...(bbox === undefined ? {} : { bbox }),
    ...(geometry === undefined ? {} : { geometry: { ...geometry } }),
    ...('reduce' in asked ? { reduce: asked.reduce } : {}),
    scale,
    mask: mask === null ? null : [...new Set(mask)].toSorted(),
    max_size,
    colormap_name,
    rescale,
    ...picturesOf(asked),
  }
}

/**
 * Id of the published item: its last scene, and the first digits of what was asked of the scenes that it is made of.
 *
 * @param used by their roles, the last one last
 */
export function itemIdOf(
  kind: JointKind,
  { request, inputs }: Pick<JointRecipe, 'request' | 'inputs'>,
  used: readonly { readonly role: string; readonly id: string }[],
): string {
  const own = Object.fromEntries(used.map(({ role }) => [role, inputs[role] ?? {}]))
  const digest = canonicalDigest({ request, inputs: own }).slice(0, 8)
  return `${used.at(-1)?.id ?? ''}_${kind}_${digest}`
}
