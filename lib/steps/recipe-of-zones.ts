// Everything that decides the numbers of an observation's zones, as one canonical value whose hash is its id.

import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { JsonObject } from '../model/json.ts'
import type { ZonesRequest } from '../model/zones.ts'
import { softwareLine } from '../software.ts'
import type { KnownScene } from './open-scenes.ts'
import { inputsOf } from './recipe.ts'

export interface ZonesRecipe {
  readonly id: string
  readonly request: JsonObject
  /** Of each scene, by observation. */
  readonly inputs: readonly JsonObject[]
}

export function writeZonesRecipe(
  { zones, reduce, scale, mask }: ZonesRequest,
  scenes: readonly KnownScene[],
): ZonesRecipe {
  const request = {
    zones,
    reduce,
    scale,
    mask: mask === null ? null : [...new Set(mask)].toSorted(),
  }
  const inputs = scenes.map(({ observation, content }) => ({
    observation,
    ...inputsOf(content.scene, content.rules),
  }))
  return {
    id: canonicalDigest({ kind: 'zones', request, inputs, software: softwareLine }),
    request,
    inputs,
  }
}
