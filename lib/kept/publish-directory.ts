// A directory moves from what goes after a month to what stays, within the store.

import { eachOf } from '../async/each-of.ts'
import { GreenprintError } from '../errors.ts'
import { blockKey, type Cid } from '../ipld/cid.ts'
import type { GetBlock } from '../ipld/directory.ts'
import { type FileDag, readFileDag } from '../ipld/file-dag.ts'
import { decodeFileNode, requireDirectory } from '../ipld/unixfs.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { FileContent } from '../store/file-content.ts'
import type { BlockStore } from './block-store.ts'
import {
  AT_ONCE,
  eachFile,
  FILES_AT_ONCE,
  keepNodes,
  keepPlaces,
  removeMade,
} from './keep-directory.ts'
import { publishedFileKey, type Shelves } from './shelves.ts'

export interface Reading extends Shelves, Pick<BlockStore, 'get'> {
  readonly has: (cid: Cid, signal: AbortSignal) => Promise<boolean>
  /** Where a file lies in one piece. */
  readonly locate: (
    file: Cid,
    signal: AbortSignal,
  ) => Promise<{ readonly key: string; readonly size: number } | null>
}

export interface Moving extends Reading {
  /** Media type of a file, by its name. */
  readonly typeOf: (name: string) => string
}

/** A block that is gone, or is not what it was. A store lets it pass as it is, where it reads on behalf of one. */
class Lost extends GreenprintError {
  constructor(cid: Cid) {
    super('store_failed', `${cid.toString()} is not here`)
  }
}

/**
 * The files first, then what leads to their blocks, the root last, and only then what was moved goes where it was.
 *
 * @returns false where a part of it is gone
 * @throws {GreenprintError} `store_failed`; `content_unusable` when `root` is no directory of files
 */
export async function publishDirectory(
  root: Cid,
  moving: Moving,
  signal: AbortSignal,
): Promise<boolean> {
  const isDone = await unlessLost(async () => {
    const { top, files, get } = await readWhole(root, moving, signal)
    if (!(await staysWhole(root, top, files, moving, signal))) {
      const move = (file: WholeFile, stop: AbortSignal) => moveFile(file, get, moving, stop)
      await eachFile(files, ({ dag }) => dag.size, move, signal)
      await moving.blocks.published.put(root, top, signal)
    }
    await eachOf(files, AT_ONCE, ({ cid }, stop) => removeMade(cid, moving, stop), signal)
    return true
  })
  return isDone ?? false
}

/** The root was written last: where it stays, so does what leads to the blocks. Of each file one place is looked at. */
async function staysWhole(
  root: Cid,
  top: VerifiedBytes,
  files: readonly WholeFile[],
  { blocks: { published } }: Reading,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await published.isSame(root, top, signal))) return false
  for (const { from, dag } of files) {
    const [first] = dag.leaves
    if (from !== 'stays') return false
    if (first !== undefined && !(await published.isTaken(first.cid, signal))) return false
  }
  return true
}

/**
 * The blocks of a directory by `blockKey`, but for leaves below a node; null where a part of it is not here.
 *
 * @throws {GreenprintError} `store_failed`; `content_unusable` when `root` is no directory of files
 */
export async function nodesOfDirectory(
  root: Cid,
  reading: Reading,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, VerifiedBytes> | null> {
  return unlessLost(async () => {
    const { read } = await readWhole(root, reading, signal)
    return read
  })
}

async function unlessLost<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Lost) return null
    throw error
  }
}

async function readWhole(root: Cid, reading: Reading, signal: AbortSignal) {
  const read = new Map<string, VerifiedBytes>()
  const get: GetBlock = async (cid) => {
    const bytes = await reading.get(cid, signal)
    const block = bytes && verifyBlock(cid, bytes)
    if (block === null) throw new Lost(cid)
    return block
  }
  const getNode: GetBlock = async (cid) => {
    const block = await get(cid)
    read.set(blockKey(cid), block)
    return block
  }
  const top = await getNode(root)
  const entries = requireDirectory(root, top)
  const files: WholeFile[] = []
  const look = async (
    [at, { name, cid }]: readonly [number, (typeof entries)[number]],
    stop: AbortSignal,
  ) => {
    const key = publishedFileKey(root, name)
    const file = { cid, name, dag: await readFileDag(cid, getNode), key }
    // Nothing is moved of what is not whole: it would stay.
    files[at] = { ...file, from: await placeOf(file, reading, stop) }
  }
  await eachOf(entries.entries(), FILES_AT_ONCE, look, signal)
  return { top, files, get, read }
}

interface DirectoryFile {
  readonly cid: Cid
  readonly name: string
  readonly dag: FileDag
  /** Where it stays once it is published. */
  readonly key: string
}

interface WholeFile extends DirectoryFile {
  /** It stays already; or lies in one piece under another key; or is in blocks. */
  readonly from: 'stays' | { readonly key: string } | 'blocks'
}

/** Where all of it is. @throws {Lost} */
async function placeOf(
  { cid, dag, key }: DirectoryFile,
  { objects, locate, has }: Reading,
  signal: AbortSignal,
): Promise<WholeFile['from']> {
  if ((await objects.size(key, signal)) === dag.size) return 'stays'
  const found = await locate(cid, signal)
  if (found?.size === dag.size) return found
  const check = async (leaf: { readonly cid: Cid }, stop: AbortSignal) => {
    if (!(await has(leaf.cid, stop))) throw new Lost(leaf.cid)
  }
  await eachOf(dag.leaves, AT_ONCE, check, signal)
  return 'blocks'
}

/** The file, then what leads to its blocks. */
async function moveFile(
  file: WholeFile,
  get: GetBlock,
  moving: Moving,
  signal: AbortSignal,
): Promise<void> {
  const { cid, name, dag, key, from } = file
  const { objects, typeOf } = moving
  const isThere =
    from === 'stays' || (from !== 'blocks' && (await objects.copy(from.key, key, signal)))
  if (!isThere) {
    const content = contentOf(cid, dag, get)
    await objects.putContent(key, content, { contentType: typeOf(name) }, signal)
  }
  await keepPlaces(cid, dag, key, 'published', moving, signal)
  await keepNodes(dag.nodes, 'published', moving, signal)
}

/** A file that is kept in blocks. */
function contentOf(cid: Cid, { size }: FileDag, get: GetBlock): FileContent {
  return {
    size,
    async *pieces(signal) {
      yield* piecesOf(cid, get, signal)
    },
  }
}

async function* piecesOf(
  cid: Cid,
  get: GetBlock,
  signal: AbortSignal,
): AsyncGenerator<VerifiedBytes> {
  signal.throwIfAborted()
  const { data, children } = decodeFileNode(cid, await get(cid))
  yield data
  for (const child of children) yield* piecesOf(child.cid, get, signal)
}
