// From the bytes of a file, in order, to its DAG without leaves, its hashes, and the leaves that somebody wants.

import { createHash } from 'node:crypto'
import { blockKey, type ChecksumVerdict, type Cid, RAW, startFileChecksum } from '../ipld/cid.ts'
import type { DagBlock } from '../ipld/dag-block.ts'
import { type UnixFsProfile, writeFile } from '../ipld/importer.ts'
import { decodeFileNode } from '../ipld/unixfs.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { VerifiedBytes } from '../model/bytes.ts'

export interface BuiltFile {
  readonly root: Cid
  /** Bytes. */
  readonly size: number
  /** Of the whole file, lower-case hexadecimal. */
  readonly sha256: string
  /** What the checksum says; null where there is none that can be checked. */
  readonly verdict: ChecksumVerdict | null
  /** Root and inner nodes, each once, children before what links to them; none for a file of one block. */
  readonly inner: readonly DagBlock[]
  /** The first leaf, which holds the header of a Cloud Optimized GeoTIFF. */
  readonly header: DagBlock
}

/**
 * Told each leaf when it was hashed.
 *
 * @param block lent: it is other bytes once this returns
 * @param offset of its first byte in the file
 * @param data the bytes of the file in it, lent too
 */
export type LeafListener = (
  cid: Cid,
  block: VerifiedBytes,
  offset: number,
  data: VerifiedBytes,
) => Promise<void> | void

export interface BuildWish {
  readonly profile: UnixFsProfile
  /** A multihash in hexadecimal; null where there is none. */
  readonly checksum: string | null
}

/** @param pieces of at least one byte in all; each is lent until the next is asked for */
export async function buildFile(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
  { profile, checksum }: BuildWish,
  onLeaf: LeafListener = () => undefined,
): Promise<BuiltFile> {
  const whole = createHash('sha256')
  const check = checksum === null ? null : startFileChecksum(checksum)
  // A producer's sha2-256 is the very hash that is taken anyway.
  const other = checksum?.toLowerCase().startsWith('1340') === true ? check : null
  let size = 0

  async function* hashed(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for await (const piece of pieces) {
      whole.update(piece)
      other?.update(piece)
      yield piece
      size += piece.length
    }
  }

  const inner = new Map<string, DagBlock>()
  let header: DagBlock | null = null
  let offset = 0

  const root = await writeFile(hashed(), profile, async (cid, block) => {
    const { data, children } = decodeFileNode(cid, block)
    if (children.length > 0) {
      inner.set(blockKey(cid), { cid, bytes: block })
      return
    }
    header ??= { cid, bytes: keptCopy(cid, block) }
    await onLeaf(cid, block, offset, data)
    offset += data.length
  })
  if (header === null) throw new TypeError('the importer made no leaf')
  const sha256 = whole.digest('hex')
  return { root, size, sha256, verdict: verdictOf(sha256), inner: [...inner.values()], header }

  function verdictOf(digest: string): ChecksumVerdict | null {
    if (check === null) return null
    if (other !== null) return other.verdict()
    return checksum?.toLowerCase() === `1220${digest}` ? 'verified' : 'mismatch'
  }
}

/** A block of one's own of one that is lent. */
export function keptCopy(cid: Cid, block: VerifiedBytes): VerifiedBytes {
  // A dag-pb block was made for this leaf alone.
  if (cid.code !== RAW) return block
  const copy = verifyBlock(cid, block.slice())
  if (copy === null) throw new TypeError('a lent block was written to')
  return copy
}
