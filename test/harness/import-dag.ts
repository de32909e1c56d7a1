// Whole DAGs in memory, by the importer that the project itself uses: the product never holds one.

import { blockKey, type Cid } from '../../lib/ipld/cid.ts'
import type { DagBlock } from '../../lib/ipld/dag-block.ts'
import {
  type FilePieces,
  type KeepBlock,
  type UnixFsProfile,
  writeDirectory,
  writeFile,
} from '../../lib/ipld/importer.ts'
import { linksOf } from '../../lib/ipld/unixfs.ts'
import type { VerifiedBytes } from '../../lib/model/bytes.ts'

export interface Dag {
  readonly root: Cid
  /** Depth first from the root, each once. */
  readonly blocks: readonly DagBlock[]
}

export async function importFile(
  file: Uint8Array<ArrayBuffer>,
  profile: UnixFsProfile,
): Promise<Dag> {
  return gatherDag((keep) => writeFile(file, profile, keep))
}

/** One directory of files by name. The order of the map does not matter. */
export async function importDirectory(
  files: ReadonlyMap<string, FilePieces>,
  profile: UnixFsProfile,
): Promise<Dag> {
  return gatherDag((keep) => writeDirectory(files, profile, keep))
}

async function gatherDag(write: (keep: KeepBlock) => Promise<Cid>): Promise<Dag> {
  const written = new Map<string, VerifiedBytes>()
  const root = await write((cid, block) => void written.set(blockKey(cid), block))
  const blocks = await walkDag(root, async (cid) => written.get(blockKey(cid)) ?? null)
  if (blocks === null) throw new TypeError('the importer left out a block')
  return { root, blocks }
}

/**
 * Every block under a root, depth first, each once: the order of a CAR.
 *
 * @param get throws or gives null where a block is missing; null ends the walk with null
 */
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
