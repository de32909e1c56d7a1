// Fingerprints by address, by checksum and by CID, and their outboards: the DAG of each file without its leaves.

import { createHash } from 'node:crypto'
import { GreenprintError } from '../errors.ts'
import { encodeCar } from '../ipld/car.ts'
import { blockKey, type Cid, parseCid } from '../ipld/cid.ts'
import type { DagBlock } from '../ipld/dag-block.ts'
import type { UnixFsProfile } from '../ipld/importer.ts'
import { linksOf } from '../ipld/unixfs.ts'
import { verifyBlock } from '../ipld/verify.ts'
import { type BlockStore, createBlockStore } from '../kept/block-store.ts'
import type { ObjectStore } from '../store/objects.ts'
import { createRecordStore } from '../store/records.ts'
import type { BuiltFile } from './build.ts'
import { type Fingerprint, readFingerprint } from './record.ts'

/** Bytes of a file in one leaf. */
const leafBytes: Readonly<Record<UnixFsProfile, number>> = {
  'unixfs-v1-2025': 1_048_576,
  'unixfs-v0-2015': 262_144,
}

/** All of them throw `store_failed` where the store does. */
export interface Fingerprints {
  /** Root and inner nodes of every fingerprinted file; they never expire. */
  readonly outboards: BlockStore
  /** Of the file at an address without signature; null where there is none. */
  byAddress(
    address: string,
    profile: UnixFsProfile,
    signal: AbortSignal,
  ): Promise<Fingerprint | null>
  /** Of a file with this checksum at any address. */
  byChecksum(
    checksum: string,
    profile: UnixFsProfile,
    signal: AbortSignal,
  ): Promise<Fingerprint | null>
  byCid(cid: Cid, signal: AbortSignal): Promise<Fingerprint | null>
  /** Keeps outboard, header's leaf and record, the record last: what has one is whole. */
  keep(file: BuiltFile, record: Fingerprint, signal: AbortSignal): Promise<void>
  /** Root and inner nodes as one CAR, the same bytes whoever makes it; null where they are not here. */
  outboardCar(cid: Cid, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null>
}

/** @param store of blocks that expire: the header's leaf comes back by one range */
export function createFingerprints(objects: ObjectStore, store: BlockStore): Fingerprints {
  const records = createRecordStore(objects)
  const outboards = createBlockStore(objects, { folder: 'outboards', name: 'outboard' })

  async function find(key: string, signal: AbortSignal): Promise<Fingerprint | null> {
    const value = await records.get(key, signal)
    if (value === null) return null
    const record = readFingerprint(value)
    if (record !== null) return record
    throw new GreenprintError('store_failed', `The record ${key} in the store is damaged.`)
  }

  return {
    outboards,
    byAddress: (address, profile, signal) => find(keyOf('by-address', profile, address), signal),
    byChecksum: (checksum, profile, signal) =>
      find(keyOf('by-checksum', profile, checksum.toLowerCase()), signal),
    byCid: (cid, signal) => find(cidKey(cid), signal),
    async keep({ root, inner, header }, record, signal) {
      await Promise.all([
        ...inner.map(({ cid, bytes }) => outboards.put(cid, bytes, signal)),
        // A file of one block is its own root, which is no part of an outboard.
        ...(inner.length === 0 ? [] : [store.put(header.cid, header.bytes, signal)]),
      ])
      const { href, profile, checksum, checksum_verdict, sha256 } = record
      const checksums = new Set([
        `1220${sha256}`,
        ...(checksum !== null && checksum_verdict === 'verified' ? [checksum.toLowerCase()] : []),
      ])
      await records.put(cidKey(root), record, signal)
      for (const each of checksums) {
        await records.put(keyOf('by-checksum', profile, each), record, signal)
      }
      await records.put(keyOf('by-address', profile, href), record, signal)
    },
    async outboardCar(cid, signal) {
      const blocks = await walkInner(cid, outboards, signal)
      if (blocks !== null) return (await encodeCar(cid, blocks)).bytes
      // A file of one block has no outboard: nothing leads to its bytes but themselves.
      const record = await find(cidKey(cid), signal)
      const isOneBlock = record !== null && record.size <= leafBytes[record.profile]
      return isOneBlock ? (await encodeCar(cid, [])).bytes : null
    },
  }
}

/** Addresses and checksums may hold anything, keys may not. */
function keyOf(index: string, profile: UnixFsProfile, text: string): string {
  const digest = createHash('sha256').update(`${profile}\n${text}`).digest('hex')
  return `fingerprints/${index}/${digest}`
}

function cidKey(cid: Cid): string {
  return `fingerprints/by-cid/${blockKey(cid)}`
}

/** Depth first; a block that is not among the outboards is a leaf. null where the root is not. */
async function walkInner(
  root: Cid,
  outboards: BlockStore,
  signal: AbortSignal,
): Promise<DagBlock[] | null> {
  const found = new Map<string, DagBlock>()
  async function visit(cid: Cid): Promise<boolean> {
    if (found.has(blockKey(cid))) return true
    const bytes = await outboards.get(cid, signal)
    const block = bytes && verifyBlock(cid, bytes)
    if (block === null) return false
    found.set(blockKey(cid), { cid, bytes: block })
    const links = linksOf(cid, block)
    for (const link of links) {
      // Where the first child is a leaf, so are the others: the trees that are made here are balanced.
      if (!(await visit(parseCid(link.toString()))) && link === links[0]) break
    }
    return true
  }
  return (await visit(root)) ? [...found.values()] : null
}
