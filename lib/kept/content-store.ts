// What was made here, kept once: files whole, the nodes of their DAG beside them, and of each leaf where it lies in a
// file. Two shelves: what nobody published goes after a month, what was published stays.

import { JointReads } from '../async/joint-reads.ts'
import { type Cid, DAG_PB, matchesCid } from '../ipld/cid.ts'
import { decodeFileNode } from '../ipld/unixfs.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { ObjectStore } from '../store/objects.ts'
import { decodePlace } from './block-place.ts'
import type { BlockStore } from './block-store.ts'
import { type KeptDirectory, keepDirectory } from './keep-directory.ts'
import { KnownPlaces } from './known-places.ts'
import { nodesOfDirectory, publishDirectory } from './publish-directory.ts'
import { madeFileKey, openShelves, publishedPlaceKey, type ShelfName } from './shelves.ts'

/** All of them throw `store_failed` where the store does. */
export interface ContentStore extends BlockStore {
  /** What is published, and nothing else. */
  readonly published: Pick<BlockStore, 'name' | 'get'>
  /**
   * Whether a block is here; of a file's node also the beginning of the file, which expires with it.
   */
  has(cid: Cid, signal: AbortSignal): Promise<boolean>
  /**
   * Of a directory that is here with all of its files, the blocks by `blockKey`, but for leaves below a node; else
   * null.
   *
   * @throws {GreenprintError} `content_unusable` for another DAG
   */
  nodesOf(root: Cid, signal: AbortSignal): Promise<ReadonlyMap<string, VerifiedBytes> | null>
  /** Where a file lies in one piece; null where it does not, as files of one block and what 0.3 kept. */
  locate(file: Cid, signal: AbortSignal): Promise<FileObject | null>
  /** Keeps a directory on a shelf, its root last: a root in the store means that all of it is there. */
  keep(directory: KeptDirectory, shelf: ShelfName, signal: AbortSignal): Promise<void>
  /**
   * Moves a directory to what stays: no bytes come through here, but for files that are kept in blocks.
   *
   * @param typeOf media type of a file, by its name
   * @returns false where it is not whole any more
   */
  publish(root: Cid, typeOf: (name: string) => string, signal: AbortSignal): Promise<boolean>
}

export interface FileObject {
  /** In the store. */
  readonly key: string
  /** Bytes. */
  readonly size: number
}

export function createContentStore(objects: ObjectStore): ContentStore {
  const shelves = openShelves(objects)
  const { blocks } = shelves
  const places = new KnownPlaces()

  async function get(cid: Cid, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
    const guess = places.of(cid)
    if (guess !== null) {
      const bytes = await objects.getRange(guess.key, guess.offset, guess.length, signal)
      if (bytes !== null && matchesCid(cid, bytes)) return bytes
      places.refute(cid)
    }
    const both = await Promise.all([
      blocks.published.find(cid, signal),
      blocks.made.find(cid, signal),
    ])
    const found = both.filter((each) => each !== null)
    let damaged: Uint8Array<ArrayBuffer> | null = null
    for (const each of found) {
      const bytes = await blocks.made.resolve(each, signal)
      if (bytes === null) continue
      damaged = bytes
      // Of two one may be damaged; of a single one the caller finds out.
      if (found.length > 1 && !matchesCid(cid, bytes)) continue
      if (each.place === null) places.noteNode(cid, bytes)
      else places.noteLeaf(cid, each.place)
      return bytes
    }
    return damaged
  }

  /** Fifty who ask for one known result look for it once. */
  const looks = new JointReads<boolean>()
  const has = (cid: Cid, signal: AbortSignal) =>
    looks.read(cid.toString(), (stop) => isHere(cid, stop), signal)

  async function isHere(cid: Cid, signal: AbortSignal): Promise<boolean> {
    if (cid.code !== DAG_PB) {
      const held = [blocks.published, blocks.made].map((shelf) => shelf.has(cid, signal))
      return (await Promise.all(held)).some(Boolean)
    }
    const bytes = await get(cid, signal)
    const node = bytes && verifyBlock(cid, bytes)
    if (node === null) return false
    const first = firstChild(cid, node)
    return first === null || isHere(first, signal)
  }

  async function locate(file: Cid, signal: AbortSignal): Promise<FileObject | null> {
    const record = await objects.get(publishedPlaceKey(file), signal)
    const place = record && decodePlace(record.body)
    if (place !== null && (await objects.size(place.key, signal)) === place.length) {
      return { key: place.key, size: place.length }
    }
    const key = madeFileKey(file)
    const size = await objects.size(key, signal)
    return size === null ? null : { key, size }
  }

  return {
    name: 'store',
    get,
    has,
    published: {
      name: 'published',
      get: async (cid, signal) =>
        blocks.published.resolve(await blocks.published.find(cid, signal), signal),
    },
    async put(cid, block, signal) {
      const isPublished = await blocks.published.isTaken(cid, signal)
      await blocks[isPublished ? 'published' : 'made'].put(cid, block, signal)
    },
    locate,
    nodesOf: (root, signal) => nodesOfDirectory(root, { ...shelves, get, has, locate }, signal),
    keep: (directory, shelf, signal) => keepDirectory(directory, shelf, shelves, signal),
    publish: (root, typeOf, signal) =>
      publishDirectory(root, { ...shelves, get, has, locate, typeOf }, signal),
  }
}

/** null of what is no file's node, or has no children. */
function firstChild(cid: Cid, block: VerifiedBytes): Cid | null {
  try {
    return decodeFileNode(cid, block).children[0]?.cid ?? null
  } catch {
    return null
  }
}
