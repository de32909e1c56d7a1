// What is known for an order of a composite, for callers who may have nothing read, fetched or made.

import type { CompositeOrder } from '../model/composite.ts'
import type { JointResult } from '../model/joint.ts'
import { type Publishing, recall } from '../publish/publish-result.ts'
import type { Results } from '../publish/results.ts'
import { withLeftOut } from './describe-composite.ts'
import { describeKnownJoint } from './describe-joint.ts'
import { asComposed, findComposed } from './find-composed.ts'
import type { ContentServices } from './find-content.ts'
import type { KeptInputs } from './keep-inputs.ts'
import { findKnownContents } from './open-scenes.ts'
import { writeJointRecipe } from './recipe-of-joint.ts'

/** The result of an order as it is kept; null where nothing is: then nothing is read or made. */
export async function recallComposite(
  order: CompositeOrder,
  services: ContentServices &
    KeptInputs &
    Publishing & { readonly jointResults: Results<JointResult> },
  signal: AbortSignal,
): Promise<JointResult | null> {
  const { request, trust = 'fingerprint' } = order
  const { scenes, leftOut } = await findComposed(order, services, signal)
  const here = { ...services, catalogUrl: null }
  const contents = await findKnownContents(scenes, trust, here, signal)
  if (contents === null) return null
  const sources = asComposed(contents)
  const recipe = writeJointRecipe('composite', request, sources)
  const known = await recall(recipe.id, { pin: false }, services.jointResults, services, signal)
  return known && withLeftOut(describeKnownJoint(known, { recipe, sources }), leftOut)
}
