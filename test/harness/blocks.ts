// Files as blocks, for tests: in memory, by the importer that the project itself uses.

import { blockKey, type Cid } from '../../lib/ipld/cid.ts'
import type { UnixFsProfile } from '../../lib/ipld/importer.ts'
import type { BlockStore } from '../../lib/kept/block-store.ts'
import { importFile } from './import-dag.ts'

export class MemoryBlocks {
  readonly map = new Map<string, Uint8Array<ArrayBuffer>>()

  async add(
    bytes: Uint8Array<ArrayBuffer>,
    profile: UnixFsProfile = 'unixfs-v0-2015',
  ): Promise<Cid> {
    const { root, blocks } = await importFile(bytes, profile)
    for (const block of blocks) this.put(block.cid, block.bytes)
    return root
  }

  put(cid: Cid, bytes: Uint8Array<ArrayBuffer>): void {
    this.map.set(blockKey(cid), bytes)
  }

  /** For what keeps its blocks in a store. */
  store(): Pick<BlockStore, 'put'> {
    return { put: async (cid, bytes) => this.put(cid, bytes) }
  }

  get(cid: Cid): Uint8Array<ArrayBuffer> | null {
    return this.map.get(blockKey(cid)) ?? null
  }
}

/** Bytes that look random and are the same everywhere. */
export function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let state = seed * 2654435761
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}
