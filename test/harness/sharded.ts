// Sharded directories for tests: sound ones by the importer of the field, and unsound ones by hand.

import { encode, prepare } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { importer } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import type { Cid } from '../../lib/ipld/cid.ts'
import { DAG_PB } from '../../lib/ipld/cid.ts'
import type { MemoryBlocks } from './blocks.ts'
import { plantBlock } from './dags.ts'

/** A directory of files, sharded whatever its size. */
export async function plantSharded(
  memory: MemoryBlocks,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Cid> {
  const candidates = [...files].map(([path, content]) => ({ path, content }))
  const blockstore = {
    async put(cid: CID, block: unknown) {
      if (!(block instanceof Uint8Array)) throw new TypeError('blocks come whole')
      memory.put(cid, Uint8Array.from(block))
      return cid
    },
  }
  let root: Cid | null = null
  const options = {
    profile: 'unixfs-v1-2025',
    wrapWithDirectory: true,
    shardSplitThresholdBytes: 0,
  } as const
  for await (const { cid } of importer(candidates, blockstore, { ...options })) root = cid
  if (root === null) throw new TypeError('the importer gave no root')
  return root
}

export interface ShardShape {
  readonly fanout?: bigint
  readonly hashType?: bigint
  readonly bitfield: Uint8Array
  readonly links: readonly (readonly [name: string, cid: Cid])[]
}

/** One shard just as it is described. */
export function plantShard(memory: MemoryBlocks, shape: ShardShape): Cid {
  return plantBlock(memory, DAG_PB, encodeShard(shape))
}

function encodeShard({ fanout = 256n, hashType = 0x22n, bitfield, links }: ShardShape): Uint8Array {
  const unixfs = new UnixFS({ type: 'hamt-sharded-directory', data: bitfield, fanout, hashType })
  const Links = links.map(([Name, Hash]) => ({ Name, Hash: CID.asCID(Hash) ?? Hash, Tsize: 1 }))
  return encode(prepare({ Data: unixfs.marshal(), Links }))
}
