// Blocks that came with a request, before all others: for that request alone, and kept nowhere.

import { blockKey } from '../ipld/cid.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { Blocks } from './blocks.ts'

/**
 * @param given by `blockKey`
 * @param name of them in proofs
 */
export function withGivenBlocks(
  blocks: Blocks,
  given: ReadonlyMap<string, VerifiedBytes>,
  name: string,
): Blocks {
  if (given.size === 0) return blocks
  return {
    ...blocks,
    async get(cid, session, signal, kind) {
      const block = given.get(blockKey(cid))
      if (block === undefined) return blocks.get(cid, session, signal, kind)
      signal.throwIfAborted()
      session.ledger.record(cid, block.length, name)
      return block
    },
  }
}
