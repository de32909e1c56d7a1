// A file's DAG apart from its bytes: the nodes, and where each leaf lies in the file.

import { GreenprintError } from '../errors.ts'
import { blockKey, type Cid, inlineContent, RAW } from './cid.ts'
import type { DagBlock } from './dag-block.ts'
import type { GetBlock } from './directory.ts'
import { decodeFileNode } from './unixfs.ts'

/** A raw block of a file. */
export interface FileLeaf {
  readonly cid: Cid
  /** Bytes, in the file. */
  readonly offset: number
  readonly length: number
}

export interface FileDag {
  /** Bytes of the file. */
  readonly size: number
  /** All but the raw leaves, each once, parents before children; none for a file of one block. */
  readonly nodes: readonly DagBlock[]
  /** Each once, at the first place in the file where it was met. */
  readonly leaves: readonly FileLeaf[]
}

/** Real files of 100 GB are four levels deep; a chain far below that is an attack on our patience. */
export const MOST_LEVELS = 16

/**
 * Reads the nodes alone; of a file of one block that block, for its length.
 *
 * @throws {GreenprintError} `content_unusable` for what is no file, and what `get` throws
 */
export async function readFileDag(file: Cid, get: GetBlock): Promise<FileDag> {
  const nodes = new Map<string, DagBlock>()
  const leaves = new Map<string, FileLeaf>()

  async function visit(cid: Cid, offset: number, depth: number): Promise<number> {
    if (depth > MOST_LEVELS) throw tooDeep(file)
    const bytes = await get(cid)
    const { size, children } = decodeFileNode(cid, bytes)
    if (cid.code === RAW) {
      leaves.set(blockKey(cid), { cid, offset, length: size })
      return size
    }
    nodes.set(blockKey(cid), { cid, bytes })
    for (const child of children) {
      const key = blockKey(child.cid)
      if (inlineContent(child.cid) !== null || nodes.has(key) || leaves.has(key)) continue
      const [start, length] = [offset + child.start, child.end - child.start]
      if (child.cid.code === RAW) leaves.set(key, { cid: child.cid, offset: start, length })
      else await visit(child.cid, start, depth + 1)
    }
    return size
  }

  const size = await visit(file, 0, 0)
  return { size, nodes: [...nodes.values()], leaves: [...leaves.values()] }
}

export function tooDeep(cid: Cid): GreenprintError {
  const message = `The file at ${cid.toString()} is more than ${MOST_LEVELS} levels deep.`
  return new GreenprintError('content_unusable', message)
}
