// The CID of a block that a test makes, by multiformats alone.

import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import type { Cid } from '../../lib/ipld/cid.ts'

const SHA2_256 = 0x12

/** CIDv1 under sha2-256. */
export function cidOfBlock(codec: number, block: Uint8Array): Cid {
  return CID.createV1(codec, createDigest(SHA2_256, createHash('sha256').update(block).digest()))
}
