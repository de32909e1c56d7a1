// Blocks of a published directory read back from where anybody would get them: the proof that they are there.

import { askSource } from '../ipfs/hedged-request.ts'
import type { BlockSource } from '../ipfs/source.ts'
import type { Cid } from '../ipld/cid.ts'
import { SourceFailure } from '../model/source-failure.ts'

/** Why a source does not have all of these blocks; null when it has, each hashed. */
export async function readBack(
  source: BlockSource,
  cids: readonly Cid[],
  signal: AbortSignal,
): Promise<string | null> {
  for (const cid of cids) {
    try {
      await askSource(source, cid, signal)
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error
      return `${cid.toString()}: ${error.message}`
    }
  }
  return null
}
