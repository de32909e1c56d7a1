// Everything that decides a raster of several scenes, as one canonical value whose hash is the result's id.

import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { JointKind } from '../model/joint.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutputKind } from '../model/request.ts'
import { softwareLine } from '../software.ts'
import { sourceProperties } from '../stac/source-properties.ts'
import type { JointSource } from './joint-source.ts'
import { chooseOutputs, inputsOf } from './recipe.ts'

export interface JointRecipe {
  readonly id: string
  readonly itemId: string
  readonly software: string
  /** Without what does not change a pixel: items or searches, and the names of bands, which are in the inputs. */
  readonly request: JsonObject
  /** Outputs that are made: no item of scenes without a time of acquisition. */
  readonly outputs: readonly OutputKind[]
  /** Of each scene, by its role. */
  readonly inputs: Readonly<Record<string, JsonObject>>
  readonly warnings: readonly string[]
}

/**
 * @param asked what decides the pixels beside the scenes, its names sorted
 * @param sources in the order of their roles; the item is named after the last
 * @throws {GreenprintError} `item_invalid` when only the item is asked for and a scene has no time of acquisition
 */
export function writeJointRecipe(
  kind: JointKind,
  asked: JsonObject,
  askedOutputs: readonly OutputKind[],
  sources: readonly JointSource[],
  software: string = softwareLine,
): JointRecipe {
  let outputs = askedOutputs
  const warnings: string[] = []
  for (const { content } of sources) {
    const { scene } = content
    const source = sourceProperties(scene)
    const chosen = chooseOutputs({ outputs }, scene, source.properties)
    outputs = chosen.outputs
    warnings.push(...source.warnings, ...chosen.warnings)
  }
  const request = { ...asked, outputs: [...new Set(outputs)].toSorted() }
  const inputs = Object.fromEntries(
    sources.map(({ role, content }) => [role, inputsOf(content.scene, content.rules)]),
  )
  const items = Object.fromEntries(
    sources.map(({ role, content: { scene } }) => {
      const { collection, canonical } = scene
      return [role, { collection, canonical }]
    }),
  )
  const last = sources.at(-1)?.content.scene.id ?? ''
  return {
    id: canonicalDigest({ kind, request, inputs, items, software }),
    itemId: `${last}_${kind}_${canonicalDigest({ request, inputs }).slice(0, 8)}`,
    software,
    request,
    outputs,
    inputs,
    warnings,
  }
}
