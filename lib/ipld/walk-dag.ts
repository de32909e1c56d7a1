// Every block under a root, depth first, each once: the order of a CAR.

import type { VerifiedBytes } from '../model/bytes.ts'
import { blockKey, type Cid } from './cid.ts'
import { linksOf } from './unixfs.ts'

export interface DagBlock {
  readonly cid: Cid
  readonly bytes: VerifiedBytes
}

/** @param get throws or gives null where a block is missing; null ends the walk with null */
export async function walkDag(
  root: Cid,
  get: (cid: Cid) => Promise<VerifiedBytes | null>,
): Promise<DagBlock[] | null> {
  const seen = new Set<string>()
  const found: DagBlock[] = []
  const stack = [root]
  for (let cid = stack.pop(); cid !== undefined; cid = stack.pop()) {
    const key = blockKey(cid)
    if (seen.has(key)) continue
    seen.add(key)
    const bytes = await get(cid)
    if (bytes === null) return null
    found.push({ cid, bytes })
    stack.push(...linksOf(cid, bytes).toReversed())
  }
  return found
}
