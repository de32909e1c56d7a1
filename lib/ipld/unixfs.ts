// What a verified block means as part of a UnixFS file: its bytes, or its children and where they start.

import { decode, type PBNode } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { describeError, GreenprintError } from '../errors.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { type Cid, DAG_PB, RAW } from './cid.ts'
import { takenFrom } from './verify.ts'

/** PATH_MAX of Linux. */
const MAX_SYMLINK_BYTES = 4_096

/** A child of a file node; `start` and `end` are offsets in the node's own bytes. */
export interface Child {
  readonly cid: Cid
  readonly start: number
  readonly end: number
  /** What the link says of the child's own size with all below it, where it says so: dag-pb's Tsize. */
  readonly tsize: number | null
}

export interface FileNode {
  /** Bytes of the file below this node. */
  readonly size: number
  /** The bytes that the node itself holds; they come before those of its children. */
  readonly data: VerifiedBytes
  readonly children: readonly Child[]
}

/**
 * Reads a raw leaf or a dag-pb UnixFS file node (fields in either order).
 *
 * @throws {GreenprintError} `content_unusable` when the block is not part of a file
 */
export function decodeFileNode(cid: Cid, block: VerifiedBytes): FileNode {
  if (cid.code === RAW) return { size: block.length, data: block, children: [] }
  if (cid.code !== DAG_PB)
    throw unusable(cid, `has codec 0x${cid.code.toString(16)}; a file is raw or dag-pb.`)
  return fileNodeOf(cid, block, decodeUnixFs(cid, block))
}

/** The same of a dag-pb block that is decoded already. @throws {GreenprintError} `content_unusable` */
export function fileNodeOf(
  cid: Cid,
  block: VerifiedBytes,
  { links, unixfs }: UnixFsNode,
): FileNode {
  if (unixfs.type !== 'file' && unixfs.type !== 'raw') {
    const article = unixfs.type.includes('directory')
      ? 'a directory: name a file in it, as in ipfs://<cid>/<file>.'
      : `a UnixFS ${unixfs.type}, not a file.`
    throw unusable(cid, `is ${article}`)
  }
  if (unixfs.blockSizes.length !== links.length) {
    throw unusable(cid, `has ${links.length} links but ${unixfs.blockSizes.length} block sizes.`)
  }
  const data = takenFrom(block, unixfs.data ?? new Uint8Array(0))
  let end = data.length
  const children = links.map(({ Hash, Tsize }, index) => {
    const start = end
    end += Number(unixfs.blockSizes[index])
    return { cid: Hash, start, end, tsize: Tsize ?? null }
  })
  if (!Number.isSafeInteger(end)) throw unusable(cid, 'claims an impossible size.')
  return { size: end, data, children }
}

export interface UnixFsNode {
  readonly links: PBNode['Links']
  readonly unixfs: UnixFS
  /** The UnixFS message as it stands in the block. */
  readonly data: Uint8Array
}

/** @throws {GreenprintError} `content_unusable` for a block that is not UnixFS in dag-pb */
export function decodeUnixFs(cid: Cid, block: VerifiedBytes): UnixFsNode {
  const { Data, Links } = decodeNode(cid, block)
  try {
    if (Data === undefined) throw new Error('it has no Data field')
    return { links: Links, unixfs: UnixFS.unmarshal(Data), data: Data }
  } catch (cause) {
    throw unusable(cid, `is dag-pb but not UnixFS: ${describeError(cause)}.`, cause)
  }
}

function decodeNode(cid: Cid, block: VerifiedBytes): PBNode {
  try {
    return decode(block)
  } catch (cause) {
    throw unusable(cid, `is not the dag-pb that it names: ${describeError(cause)}.`, cause)
  }
}

function unusable(cid: Cid, what: string, cause?: unknown): GreenprintError {
  return new GreenprintError('content_unusable', `${cid.toString()} ${what}`, { cause })
}

/** First byte of the field with the links, which canonical dag-pb has before that with the data. */
const LINKS_FIRST = 0x12

/** Told from one byte, of a block that need not be verified: whether it has links, as nearly everybody writes them. */
export function beginsWithLinks(cid: Cid, block: Uint8Array): boolean {
  return cid.code === DAG_PB && block[0] === LINKS_FIRST
}

/**
 * The CIDs that a block links to: children of files and entries of directories alike.
 *
 * @throws {GreenprintError} `content_unusable` for damaged dag-pb
 */
export function linksOf(cid: Cid, block: VerifiedBytes): Cid[] {
  return cid.code === DAG_PB ? decodeNode(cid, block).Links.map((link) => link.Hash) : []
}

/** Whether a block is a directory, plain or sharded. @throws {GreenprintError} `content_unusable` as decodeDirectory */
export function isDirectory(cid: Cid, block: VerifiedBytes): boolean {
  return cid.code === DAG_PB && decodeUnixFs(cid, block).unixfs.isDirectory()
}

/**
 * The target of a symlink as it is written, or null for any other block.
 *
 * @throws {GreenprintError} `content_unusable` for dag-pb that is not UnixFS, or a target that is not a path
 */
export function readSymlink(cid: Cid, block: VerifiedBytes): string | null {
  if (cid.code !== DAG_PB) return null
  const { unixfs } = decodeUnixFs(cid, block)
  if (unixfs.type !== 'symlink') return null
  const target = unixfs.data ?? new Uint8Array(0)
  if (target.length === 0 || target.length > MAX_SYMLINK_BYTES)
    throw unusable(cid, `is a symlink whose target has ${target.length} bytes.`)
  return Buffer.from(target).toString('utf8')
}

export interface DirectoryEntry {
  readonly name: string
  readonly cid: Cid
}

/**
 * The entries of a plain (unsharded) directory, or null for any other block.
 *
 * @throws {GreenprintError} `content_unusable` for dag-pb that is not UnixFS
 */
export function decodeDirectory(cid: Cid, block: VerifiedBytes): DirectoryEntry[] | null {
  if (cid.code !== DAG_PB) return null
  const { links, unixfs } = decodeUnixFs(cid, block)
  if (unixfs.type !== 'directory') return null
  return links.map((link) => ({ name: link.Name ?? '', cid: link.Hash }))
}

/** The same of a block that has to be a directory. @throws {GreenprintError} `content_unusable` when it is not */
export function requireDirectory(cid: Cid, block: VerifiedBytes): DirectoryEntry[] {
  const entries = decodeDirectory(cid, block)
  if (entries !== null) return entries
  throw new GreenprintError('content_unusable', `${cid.toString()} is not a directory of files.`)
}
