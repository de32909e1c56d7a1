// From what the caller gave of two scenes to both of them, each with its rules.

import { allOrNone } from '../async/all-or-none.ts'
import { type ChangeOrder, type ChangeRole, changeRoles } from '../model/change.ts'
import { cloudClasses, type NdviRequest } from '../model/request.ts'
import { type FoundScene, findScene, type SceneFinding } from './find-scene.ts'
import type { JointSource } from './joint-source.ts'
import type { KnownScene } from './open-scenes.ts'
import { type ReadScene, rulesOrClouds } from './read-scenes.ts'

/** One of the two. */
export interface FoundOfPair extends FoundScene {
  readonly role: ChangeRole
  readonly read: ReadScene
}

/** @returns the earlier one first. @throws {GreenprintError} what findScene and chooseRules throw */
export async function findPair(
  { request, trust = 'fingerprint', resolved }: ChangeOrder,
  services: SceneFinding,
  signal: AbortSignal,
): Promise<FoundOfPair[]> {
  const find = (role: ChangeRole) => async (stop: AbortSignal) => {
    const order = {
      request: ofOneScene(request, role),
      trust,
      ...(resolved === undefined ? {} : { resolved: resolved[role] }),
    }
    return findScene(order, services, stop)
  }
  const found = await allOrNone({ before: find('before'), after: find('after') }, signal)
  return changeRoles.map((role, observation) => {
    const { scene } = found[role]
    const read = { scene, rules: rulesOrClouds(scene, request), observation }
    return { ...found[role], role, read }
  })
}

function ofOneScene(
  { before, after, mask, ...request }: ChangeOrder['request'],
  role: ChangeRole,
): NdviRequest {
  return { ...request, ...{ before, after }[role], mask: mask ?? cloudClasses }
}

/** With what their bands are read by. @param contents in the same order */
export function asSources(
  found: readonly FoundOfPair[],
  contents: readonly KnownScene[],
): JointSource[] {
  return found.map(({ role, chosen, names }, at) => {
    const { content } = contents[at]!
    return { role, content, chosen, names }
  })
}
