// What of a directory stands for all of it: the root, and the first leaf of each file.

import { type Cid, RAW } from '../ipld/cid.ts'
import type { GetBlock } from '../ipld/directory.ts'
import { MOST_LEVELS, tooDeep } from '../ipld/file-dag.ts'
import { decodeFileNode, requireDirectory } from '../ipld/unixfs.ts'

/**
 * Without reading a leaf.
 *
 * @param mostFiles whose leaves are taken, the first ones
 * @throws {GreenprintError} `content_unusable` when `root` is no directory of files, and what `get` throws
 */
export async function sampleCids(
  root: Cid,
  get: GetBlock,
  mostFiles = Number.POSITIVE_INFINITY,
): Promise<Cid[]> {
  const files = requireDirectory(root, await get(root)).slice(0, mostFiles)
  const leaves: Cid[] = []
  for (const { cid } of files) leaves.push(await firstLeaf(cid, get))
  return [root, ...leaves]
}

async function firstLeaf(file: Cid, get: GetBlock): Promise<Cid> {
  let cid = file
  for (let level = 0; cid.code !== RAW; level++) {
    if (level > MOST_LEVELS) throw tooDeep(file)
    const [first] = decodeFileNode(cid, await get(cid)).children
    if (first === undefined) return cid
    ;({ cid } = first)
  }
  return cid
}
