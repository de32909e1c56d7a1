// Blocks in an object store, one object each, keyed by hash alone: CIDv0 and CIDv1 of a block meet.

import type { Cid } from '../ipld/cid.ts'
import type { ObjectStore } from '../store/objects.ts'
import { KeptBlocks } from './kept-blocks.ts'

/** Blocks that nothing else lies among. */
const plain = { folder: 'blocks', name: 'store' } as const

export interface BlockStore {
  readonly name: string
  get(cid: Cid, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null>
  /** @param block which is what `cid` names: it replaces a damaged one */
  put(cid: Cid, block: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void>
}

/** @param place where the blocks lie, and the store's name in proofs */
export function createBlockStore(
  objects: ObjectStore,
  { folder, name }: { readonly folder: string; readonly name: string } = plain,
): BlockStore {
  const blocks = new KeptBlocks(objects, folder)
  return {
    name,
    get: (cid, signal) => blocks.bytesOf(cid, signal),
    put: (cid, block, signal) => blocks.put(cid, block, signal),
  }
}
