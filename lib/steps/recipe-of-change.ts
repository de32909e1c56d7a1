// What of a request for a change decides its pixels, beside the scenes.

import type { ChangeRequest } from '../model/change.ts'
import { softwareLine } from '../software.ts'
import type { JointSource } from './joint-source.ts'
import { type JointRecipe, writeJointRecipe } from './recipe-of-joint.ts'

/**
 * @param software what the result is made by, or was made by
 * @throws {GreenprintError} what writeJointRecipe throws
 */
export function writeChangeRecipe(
  asked: ChangeRequest,
  sources: readonly JointSource[],
  software = softwareLine,
): JointRecipe {
  const { bbox, geometry, scale, mask, max_size, colormap_name, rescale, outputs } = asked
  const request = {
    ...(bbox === undefined ? {} : { bbox }),
    ...(geometry === undefined ? {} : { geometry: { ...geometry } }),
    scale,
    mask: mask === null ? null : [...new Set(mask)].toSorted(),
    max_size,
    colormap_name,
    rescale,
  }
  return writeJointRecipe('change', request, outputs, sources, software)
}
