// What is known for an order of a change, for callers who may have nothing read, fetched or made.

import type { ChangeOrder } from '../model/change.ts'
import type { JointResult } from '../model/joint.ts'
import { type Publishing, recall } from '../publish/publish-result.ts'
import type { Results } from '../publish/results.ts'
import { describeKnownJoint } from './describe-joint.ts'
import type { ContentServices } from './find-content.ts'
import { asSources, findPair } from './find-pair.ts'
import { findKnownContents } from './open-scenes.ts'
import { writeJointRecipe } from './recipe-of-joint.ts'

/** The result of an order as it is kept; null where nothing is: then nothing is read or made. */
export async function recallChange(
  order: ChangeOrder,
  services: ContentServices & Publishing & { readonly jointResults: Results<JointResult> },
  signal: AbortSignal,
): Promise<JointResult | null> {
  const { request, trust = 'fingerprint' } = order
  const found = await findPair(order, services, signal)
  const read = found.map((each) => each.read)
  const here = { ...services, catalogUrl: null }
  const contents = await findKnownContents(read, trust, here, signal)
  if (contents === null) return null
  const sources = asSources(found, contents)
  const recipe = writeJointRecipe('change', request, sources)
  const known = await recall(recipe.id, { pin: false }, services.jointResults, services, signal)
  return known && describeKnownJoint(known, { recipe, sources })
}
