// A directory of files on its way into the store: each file in one piece, once, and beside them what leads to its
// blocks.

import { eachOf } from '../async/each-of.ts'
import { blockKey, type Cid, RAW } from '../ipld/cid.ts'
import type { DagBlock } from '../ipld/dag-block.ts'
import { type FileDag, readFileDag } from '../ipld/file-dag.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { contentParts } from '../store/content-parts.ts'
import { type FileContent, readContent } from '../store/file-content.ts'
import { decodePlace, encodePlace } from './block-place.ts'
import {
  madeFileKey,
  publishedFileKey,
  publishedPlaceKey,
  type ShelfName,
  type Shelves,
} from './shelves.ts'

export interface KeptFile {
  /** In the directory. */
  readonly name: string
  readonly cid: Cid
  /** Media type. */
  readonly type: string
  /** The bytes that `cid` names: who keeps them knows. */
  readonly content: FileContent
}

export interface KeptDirectory {
  readonly root: DagBlock
  /** Every other block of the DAG that is no raw leaf. */
  readonly nodes: readonly DagBlock[]
  readonly files: readonly KeptFile[]
}

/** Small objects that are written at once. */
export const AT_ONCE = 16
/** Files at once. */
export const FILES_AT_ONCE = 4
/** Larger files are large: they are written in parts, and compared with what is there by so much at a time. */
const PART_BYTES = 8 * 1024 * 1024

export async function keepDirectory(
  { root, nodes, files }: KeptDirectory,
  shelf: ShelfName,
  shelves: Shelves,
  signal: AbortSignal,
): Promise<void> {
  const byKey = new Map(nodes.map((node) => [blockKey(node.cid), node.bytes]))
  const keep = (file: KeptFile, stop: AbortSignal) =>
    keepFile(file, { root: root.cid, byKey, shelf }, shelves, stop)
  await eachFile(files, ({ content }) => content.size, keep, signal)
  await keepNodes(nodes, shelf, shelves, signal)
  await shelves.blocks[shelf].put(root.cid, root.bytes, signal)
  if (shelf === 'made') return
  await eachOf(files, AT_ONCE, ({ cid }, stop) => removeMade(cid, shelves, stop), signal)
}

/** Small ones some at a time, of large ones one. */
export async function eachFile<File>(
  files: readonly File[],
  sizeOf: (file: File) => number,
  act: (file: File, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const isLarge = (file: File) => sizeOf(file) > PART_BYTES
  await eachOf(
    files.filter((file) => !isLarge(file)),
    FILES_AT_ONCE,
    act,
    signal,
  )
  await eachOf(files.filter(isLarge), 1, act, signal)
}

interface Keeping {
  readonly root: Cid
  readonly byKey: ReadonlyMap<string, VerifiedBytes>
  readonly shelf: ShelfName
}

async function keepFile(
  file: KeptFile,
  { root, byKey, shelf }: Keeping,
  shelves: Shelves,
  signal: AbortSignal,
): Promise<void> {
  if (file.cid.code === RAW && shelf === 'made') {
    const block = await readBlock(file, signal)
    await shelves.blocks.made.put(file.cid, block, signal)
    return
  }
  const dag = await readFileDag(file.cid, async (cid) =>
    cid.code === RAW ? readBlock(file, signal) : nodeOf(byKey, cid),
  )
  if (shelf === 'made' && (await isPublished(file, shelves.objects, signal))) return
  const key = shelf === 'made' ? madeFileKey(file.cid) : publishedFileKey(root, file.name)
  await keepWhole(file, key, shelves, signal)
  await keepPlaces(file.cid, dag, key, shelf, shelves, signal)
}

/** A file that stays is not kept a second time. */
async function isPublished(
  { cid, content }: KeptFile,
  objects: Shelves['objects'],
  signal: AbortSignal,
): Promise<boolean> {
  const record = await objects.get(publishedPlaceKey(cid), signal)
  const place = record && decodePlace(record.body)
  if (place === null || (await objects.size(place.key, signal)) !== content.size) return false
  return isSame(content, place.key, objects, signal)
}

/** Of a file that stays now. Where it cannot be removed it goes by itself, as what nobody published. */
export async function removeMade(
  file: Cid,
  { objects, blocks }: Shelves,
  signal: AbortSignal,
): Promise<void> {
  const isBlock = file.code === RAW
  const isThere = isBlock
    ? await blocks.made.isTaken(file, signal)
    : (await objects.size(madeFileKey(file), signal)) !== null
  if (!isThere) return
  try {
    if (isBlock) await blocks.made.remove(file, signal)
    else await objects.remove(madeFileKey(file), signal)
  } catch {
    signal.throwIfAborted()
  }
}

/** What leads to the blocks of a file that lies whole under `key`. */
export async function keepPlaces(
  file: Cid,
  { leaves, size }: FileDag,
  key: string,
  shelf: ShelfName,
  { objects, blocks }: Shelves,
  signal: AbortSignal,
): Promise<void> {
  await eachOf(
    leaves,
    AT_ONCE,
    ({ cid, offset, length }, stop) => blocks[shelf].putPlace(cid, { key, offset, length }, stop),
    signal,
  )
  if (shelf === 'made' || file.code === RAW) return
  const place = encodePlace({ key, offset: 0, length: size })
  await objects.put(publishedPlaceKey(file), place, {}, signal)
}

export async function keepNodes(
  nodes: readonly DagBlock[],
  shelf: ShelfName,
  { blocks }: Shelves,
  signal: AbortSignal,
): Promise<void> {
  await eachOf(
    nodes,
    AT_ONCE,
    ({ cid, bytes }, stop) => blocks[shelf].put(cid, bytes, stop),
    signal,
  )
}

/** Once; what is there and is not the same was damaged where it lay. */
async function keepWhole(
  { content, type }: KeptFile,
  key: string,
  { objects }: Shelves,
  signal: AbortSignal,
): Promise<void> {
  const there = await objects.size(key, signal)
  if (there === content.size && (await isSame(content, key, objects, signal))) return
  const once = there === null ? ({ ifNoneMatch: '*' } as const) : {}
  await objects.putContent(key, content, { ...once, contentType: type }, signal)
}

/** Of an object that is as long as the file. */
async function isSame(
  content: FileContent,
  key: string,
  objects: Shelves['objects'],
  signal: AbortSignal,
): Promise<boolean> {
  let offset = 0
  for await (const part of contentParts(content, PART_BYTES, signal)) {
    const there = await objects.getRange(key, offset, part.length, signal)
    if (there === null || Buffer.compare(part, there) !== 0) return false
    offset += part.length
  }
  return true
}

/** A file of one block. */
export async function readBlock(
  { cid, content }: KeptFile,
  signal: AbortSignal,
): Promise<VerifiedBytes> {
  const block = verifyBlock(cid, await readContent(content, signal))
  if (block !== null) return block
  throw new TypeError(`a file came that is not ${cid.toString()}`)
}

function nodeOf(nodes: ReadonlyMap<string, VerifiedBytes>, cid: Cid): VerifiedBytes {
  const node = nodes.get(blockKey(cid))
  if (node === undefined) throw new TypeError(`${cid.toString()} is not among the nodes`)
  return node
}
