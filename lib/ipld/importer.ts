// Bytes to UnixFS: the only door to ipfs-unixfs-importer, and which of its many shapes a CID here means.

import type { FileCandidate } from 'ipfs-unixfs-importer'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { UnixFsProfile } from '../model/fingerprint-request.ts'
import type { Cid } from './cid.ts'
import { verifyBlock } from './verify.ts'

export type { UnixFsProfile }

/** A file, whole or in pieces of any length. */
export type FilePieces = Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array<ArrayBuffer>>

/** Takes a block; what it throws ends the import. */
export type KeepBlock = (cid: Cid, block: VerifiedBytes) => Promise<void> | void

/** The CID of a file under `unixfs-v1-2025`; the file is read once and not kept. */
export async function fileCid(file: FilePieces): Promise<Cid> {
  return importEntries([{ content: file }], 'unixfs-v1-2025', false, () => undefined)
}

/**
 * The DAG of one file, block by block in the order of the file: none is kept here.
 *
 * @param keep takes one block at a time, leaves in their order, children before what links to them; a raw leaf is a
 *   view of the piece it lies in, and the next piece is asked for once it has returned
 */
export async function writeFile(
  file: FilePieces,
  profile: UnixFsProfile,
  keep: KeepBlock,
): Promise<Cid> {
  return importEntries([{ content: file }], profile, false, keep, 1)
}

/**
 * The DAG of one directory of files by name, whose order does not matter; block by block: none is kept here.
 *
 * @param keep takes blocks as they are made, some at the same time, children before what links to them; the same
 *   block may come again
 */
export async function writeDirectory(
  files: ReadonlyMap<string, FilePieces>,
  profile: UnixFsProfile,
  keep: KeepBlock,
): Promise<Cid> {
  const entries = [...files].map(([path, content]) => ({ path, content }))
  return importEntries(entries, profile, true, keep)
}

async function importEntries(
  entries: readonly FileCandidate[],
  profile: UnixFsProfile,
  wrapWithDirectory: boolean,
  keep: KeepBlock,
  blockWriteConcurrency = 10,
): Promise<Cid> {
  const { importer } = await import('ipfs-unixfs-importer')
  const blockstore = {
    async put(cid: Cid, block: unknown) {
      const verified = isPlainBytes(block) ? verifyBlock(cid, block) : null
      if (verified === null) throw new TypeError('the importer wrote bytes that are not the block')
      await keep(cid, verified)
      return cid
    },
  }
  let root: Cid | null = null
  // The importer writes into its options: they must not be shared between calls.
  const options = { profile, wrapWithDirectory, blockWriteConcurrency }
  for await (const entry of importer(entries, blockstore, options)) {
    root = entry.cid
  }
  if (root === null) throw new TypeError('the importer gave no root')
  return root
}

function isPlainBytes(block: unknown): block is Uint8Array<ArrayBuffer> {
  return block instanceof Uint8Array && block.buffer instanceof ArrayBuffer
}
