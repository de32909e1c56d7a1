// A directory moves from what goes after a month to what stays, within the store.

import { eachOf } from '../async/each-of.ts'
import { GreenprintError } from '../errors.ts'
import type { Cid } from '../ipld/cid.ts'
import type { GetBlock } from '../ipld/directory.ts'
import { type FileDag, readFileDag } from '../ipld/file-dag.ts'
import { decodeFileNode, requireDirectory } from '../ipld/unixfs.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { FileContent } from '../store/file-content.ts'
import type { BlockStore } from './block-store.ts'
import { AT_ONCE, keepNodes, keepPlaces, removeMade } from './keep-directory.ts'
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
  return unlessLost(async () => {
    const { top, files, get } = await readWhole(root, moving, signal)
    await move(root, top, files, get, moving, signal)
  })
}

/**
 * Whether all of a directory is here.
 *
 * @throws {GreenprintError} `store_failed`; `content_unusable` when `root` is no directory of files
 */
export async function holdsDirectory(
  root: Cid,
  reading: Reading,
  signal: AbortSignal,
): Promise<boolean> {
  return unlessLost(async () => void (await readWhole(root, reading, signal)))
}

async function unlessLost(act: () => Promise<void>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if (error instanceof Lost) return false
    throw error
  }
}

async function readWhole(root: Cid, reading: Reading, signal: AbortSignal) {
  const get: GetBlock = async (cid) => {
    const bytes = await reading.get(cid, signal)
    const block = bytes && verifyBlock(cid, bytes)
    if (block === null) throw new Lost(cid)
    return block
  }
  const top = await get(root)
  const files: MovedFile[] = []
  for (const { name, cid } of requireDirectory(root, top)) {
    const dag = await readFileDag(cid, get)
    const file = { cid, name, dag, key: publishedFileKey(root, name) }
    // Nothing is moved of what is not whole: it would stay.
    await requireWhole(file, reading, signal)
    files.push(file)
  }
  return { top, files, get }
}

async function move(
  root: Cid,
  top: VerifiedBytes,
  files: readonly MovedFile[],
  get: GetBlock,
  moving: Moving,
  signal: AbortSignal,
): Promise<void> {
  for (const file of files) {
    await moveFile(file, get, moving, signal)
    await keepPlaces(file.cid, file.dag, file.key, 'published', moving, signal)
    await keepNodes(file.dag.nodes, 'published', moving, signal)
  }
  await moving.blocks.published.put(root, top, signal)
  for (const { cid } of files) await removeMade(cid, moving, signal)
}

interface MovedFile {
  readonly cid: Cid
  readonly name: string
  readonly dag: FileDag
  readonly key: string
}

/** In one piece, or in blocks that are all here. */
async function requireWhole(
  { cid, dag, key }: MovedFile,
  { objects, locate, has }: Reading,
  signal: AbortSignal,
): Promise<void> {
  if ((await objects.size(key, signal)) === dag.size) return
  const found = await locate(cid, signal)
  if (found?.size === dag.size) return
  const check = async (leaf: { readonly cid: Cid }, stop: AbortSignal) => {
    if (!(await has(leaf.cid, stop))) throw new Lost(leaf.cid)
  }
  await eachOf(dag.leaves, AT_ONCE, check, signal)
}

async function moveFile(
  { cid, name, dag, key }: MovedFile,
  get: GetBlock,
  { objects, typeOf, locate }: Moving,
  signal: AbortSignal,
): Promise<void> {
  if ((await objects.size(key, signal)) === dag.size) return
  const found = await locate(cid, signal)
  const isCopied = found?.size === dag.size && (await objects.copy(found.key, key, signal))
  if (isCopied) return
  await objects.putContent(key, contentOf(cid, dag, get), { contentType: typeOf(name) }, signal)
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
