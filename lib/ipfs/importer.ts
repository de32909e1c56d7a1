// Bytes to UnixFS: the only door to ipfs-unixfs-importer, and which of its many shapes a CID here means.

import type { FileCandidate } from 'ipfs-unixfs-importer'
import type { Cid } from '../cid/cid.ts'
import { type DagBlock, walkDag } from './dag.ts'
import { verifyBlock } from './verify.ts'

/**
 * How files become blocks, by the names of IPIP-499 (https://github.com/ipfs/specs/pull/499):
 * `unixfs-v1-2025` is CIDv1 with raw leaves of 1 MiB, `unixfs-v0-2015` is what `ipfs add` has always
 * done, CIDv0 with dag-pb leaves of 256 KiB.
 */
export type UnixFsProfile = 'unixfs-v1-2025' | 'unixfs-v0-2015'

export interface Dag {
  readonly root: Cid
  /** Depth first from the root, each once. Leaves may be views of the file they came from. */
  readonly blocks: readonly DagBlock[]
}

/** The CID of a file under `unixfs-v1-2025`. */
export async function fileCid(file: Uint8Array<ArrayBuffer>): Promise<Cid> {
  const { root } = await importFile(file, 'unixfs-v1-2025')
  return root
}

export async function importFile(
  file: Uint8Array<ArrayBuffer>,
  profile: UnixFsProfile,
): Promise<Dag> {
  return importEntries([{ content: file }], profile, false)
}

/** One directory of files by name. The order of the map does not matter. */
export async function importDirectory(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  profile: UnixFsProfile,
): Promise<Dag> {
  const entries = [...files].map(([path, content]) => ({ path, content }))
  return importEntries(entries, profile, true)
}

async function importEntries(
  entries: readonly FileCandidate<Uint8Array>[],
  profile: UnixFsProfile,
  wrapWithDirectory: boolean,
): Promise<Dag> {
  const { importer } = await import('ipfs-unixfs-importer')
  const written = new Map<string, Uint8Array<ArrayBuffer>>()
  const blockstore = {
    put(cid: Cid, block: unknown) {
      if (!isPlainBytes(block)) throw new TypeError('the importer wrote something else than bytes')
      written.set(cid.toString(), block)
      return cid
    },
  }
  let root: Cid | null = null
  // The importer writes into its options: they must not be shared between calls.
  for await (const entry of importer(entries, blockstore, { profile, wrapWithDirectory })) {
    root = entry.cid
  }
  if (root === null) throw new TypeError('the importer gave no root')
  const blocks = await walkDag(root, async (cid) => {
    const block = written.get(cid.toString())
    return block === undefined ? null : verifyBlock(cid, block)
  })
  if (blocks === null) throw new TypeError('the importer left out a block')
  return { root, blocks }
}

function isPlainBytes(block: unknown): block is Uint8Array<ArrayBuffer> {
  return block instanceof Uint8Array && block.buffer instanceof ArrayBuffer
}
