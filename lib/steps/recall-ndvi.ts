// What is known for an order, for callers who may have nothing read, fetched or made.

import type { NdviOrder } from '../model/request.ts'
import type { NdviResult } from '../model/result.ts'
import { type NdviPublishing, recall } from '../publish/publish-result.ts'
import { softwareLine } from '../software.ts'
import { chooseRules } from './choose-rules.ts'
import { type ContentServices, findKnownContent } from './find-content.ts'
import { findScene } from './find-scene.ts'
import { describeKnown } from './known-result.ts'
import { writeRecipe } from './recipe.ts'

/** The result of an order as it is kept; null where nothing is: then nothing is read or made. */
export async function recallNdvi(
  order: NdviOrder,
  services: ContentServices & NdviPublishing,
  signal: AbortSignal,
): Promise<NdviResult | null> {
  const { request, trust = 'fingerprint' } = order
  const asked = await findScene(order, services, signal)
  const { scene } = asked
  const rules = chooseRules(scene, request)
  const here = { ...services, catalogUrl: null }
  const content = await findKnownContent(scene, rules, trust, here, signal)
  if (content === null) return null
  const recipe = writeRecipe(request, content.scene, content.rules, softwareLine)
  const known = await recall(recipe.id, { pin: false }, services.results, services, signal)
  return known && describeKnown(known, { ...asked, ...content, recipe })
}
