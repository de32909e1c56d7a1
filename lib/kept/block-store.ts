// Blocks in an object store, one object each, keyed by hash alone: CIDv0 and CIDv1 of a block meet.

import { blockKey, type Cid } from '../ipld/cid.ts'
import type { ObjectStore } from '../store/objects.ts'

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
  const keyOf = (cid: Cid) => `${folder}/${blockKey(cid)}`
  return {
    name,
    async get(cid, signal) {
      const object = await objects.get(keyOf(cid), signal)
      return object?.body ?? null
    },
    async put(cid, block, signal) {
      const key = keyOf(cid)
      const { written } = await objects.put(key, block, { ifNoneMatch: '*' }, signal)
      if (written) return
      // What is there already is the same block, or was damaged where it lay.
      const found = await objects.get(key, signal)
      if (found !== null && Buffer.compare(found.body, block) === 0) return
      await objects.put(key, block, {}, signal)
    },
  }
}
