// What of a request for a composite decides its pixels, beside the scenes.

import type { CompositeRequest } from '../model/composite.ts'
import type { JointSource } from './joint-source.ts'
import { type JointRecipe, writeJointRecipe } from './recipe-of-joint.ts'

/** @throws {GreenprintError} what writeJointRecipe throws */
export function writeCompositeRecipe(
  asked: CompositeRequest,
  sources: readonly JointSource[],
): JointRecipe {
  const { bbox, geometry, reduce, scale, mask, max_size, colormap_name, rescale, outputs } = asked
  const request = {
    ...(bbox === undefined ? {} : { bbox }),
    ...(geometry === undefined ? {} : { geometry: { ...geometry } }),
    reduce,
    scale,
    mask: mask === null ? null : [...new Set(mask)].toSorted(),
    max_size,
    colormap_name,
    rescale,
  }
  return writeJointRecipe('composite', request, outputs, sources)
}
