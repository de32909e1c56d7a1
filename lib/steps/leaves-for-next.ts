// Leaves of files that are read whole for their CIDs, kept on this machine for the NDVI that is ordered next.

import { GreenprintError } from '../errors.ts'
import type { LeafListener } from '../fingerprints/build.ts'
import type { Blocks } from '../ipfs/blocks.ts'
import type { NdviOrder, NdviRequest } from '../model/request.ts'
import type { Scene } from '../model/scene.ts'
import type { Item } from '../stac/item.ts'
import { readScene } from '../stac/scene.ts'
import { chooseRules, type Rules } from './choose-rules.ts'
import { bandsOf, perBand } from './find-content.ts'
import { wantedLeaves } from './wanted-leaves.ts'

/**
 * @param next whose bands' leaves are kept, within what one request may leave on a machine
 * @returns who is told the leaves of a file, by its asset's key
 */
export function leavesForNext(
  next: Pick<NdviOrder, 'request'> | undefined,
  item: Item,
  blocks: Pick<Blocks, 'keep'>,
  signal: AbortSignal,
): (key: string) => LeafListener | undefined {
  const reading = next === undefined ? null : readingOf(next.request, item)
  if (next === undefined || reading === null) return () => undefined
  const { scene, rules } = reading
  return perBand(bandsOf(scene, rules), wantedLeaves(next.request, scene, blocks, signal))
}

/** null where it cannot be computed: its own job tells why. */
function readingOf(request: NdviRequest, item: Item): { scene: Scene; rules: Rules } | null {
  try {
    const scene = readScene(item, request.assets)
    return { scene, rules: chooseRules(scene, request) }
  } catch (error) {
    if (error instanceof GreenprintError) return null
    throw error
  }
}
