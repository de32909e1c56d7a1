// Blocks of one folder, each as itself or by its place in a file.

import { blockKey, type Cid, matchesCid } from '../ipld/cid.ts'
import type { ObjectStore } from '../store/objects.ts'
import { type BlockPlace, decodePlace, encodePlace, mayBePlace } from './block-place.ts'

/** What lies under a block's key. */
export type KeptBlock =
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly place: null }
  | { readonly bytes: null; readonly place: BlockPlace }

export class KeptBlocks {
  readonly #objects: ObjectStore
  readonly #folder: string

  constructor(objects: ObjectStore, folder: string) {
    this.#objects = objects
    this.#folder = folder
  }

  #keyOf(cid: Cid): string {
    return `${this.#folder}/${blockKey(cid)}`
  }

  /** What lies under its key, whatever it is. */
  async bytesOf(cid: Cid, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
    const object = await this.#objects.get(this.#keyOf(cid), signal)
    return object?.body ?? null
  }

  async find(cid: Cid, signal: AbortSignal): Promise<KeptBlock | null> {
    const bytes = await this.bytesOf(cid, signal)
    if (bytes === null) return null
    const place = decodePlace(bytes)
    if (place === null || matchesCid(cid, bytes)) return { bytes, place: null }
    return { bytes: null, place }
  }

  /** The block's bytes, unchecked; null where it is not, or its file is not whole any more. */
  async resolve(found: KeptBlock | null, signal: AbortSignal) {
    if (found === null || found.place === null) return found?.bytes ?? null
    const { key, offset, length } = found.place
    return this.#objects.getRange(key, offset, length, signal)
  }

  /** Whether the block is here, or the file that it lies in, as long as it has to be. */
  async has(cid: Cid, signal: AbortSignal): Promise<boolean> {
    const size = await this.#objects.size(this.#keyOf(cid), signal)
    if (size === null || !mayBePlace(size)) return size !== null
    const found = await this.find(cid, signal)
    if (found === null || found.place === null) return found !== null
    const { key, offset, length } = found.place
    return ((await this.#objects.size(key, signal)) ?? 0) >= offset + length
  }

  /** Whether something lies under its key, whatever it is. */
  async isTaken(cid: Cid, signal: AbortSignal): Promise<boolean> {
    return (await this.#objects.size(this.#keyOf(cid), signal)) !== null
  }

  /** Whether the block itself lies there. */
  async isSame(cid: Cid, block: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<boolean> {
    const found = await this.bytesOf(cid, signal)
    return found !== null && Buffer.compare(found, block) === 0
  }

  /** @param block which is what `cid` names: it replaces whatever else lies there */
  async put(cid: Cid, block: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
    const key = this.#keyOf(cid)
    const { written } = await this.#objects.put(key, block, { ifNoneMatch: '*' }, signal)
    if (written || (await this.isSame(cid, block, signal))) return
    await this.#objects.put(key, block, {}, signal)
  }

  /** The latest counts: of files that have a block in common, the last one that was kept stays longest. */
  async putPlace(cid: Cid, place: BlockPlace, signal: AbortSignal): Promise<void> {
    await this.#objects.put(this.#keyOf(cid), encodePlace(place), {}, signal)
  }

  async remove(cid: Cid, signal: AbortSignal): Promise<void> {
    await this.#objects.remove(this.#keyOf(cid), signal)
  }
}
