// Which hashes of a CID can be checked here, and how: the only door to @noble/hashes, for what Node lacks.

import { createHash } from 'node:crypto'
import { blake3 } from '@noble/hashes/blake3.js'

/** Multihash codes, https://github.com/multiformats/multicodec/blob/master/table.csv */
export const IDENTITY = 0x00
const SHA2_256 = 0x12
const SHA2_512 = 0x13
const BLAKE3 = 0x1e

/** The most that Kubo reads out of an identity CID, https://github.com/ipfs/boxo/blob/main/verifcid/allowlist.go */
const MAX_IDENTITY_BYTES = 128
/** Digests that boxo accepts of a hash of any length. */
const BLAKE3_BYTES = { least: 20, most: 128 } as const

/** Names that Kubo's `--hash` takes, for telling what is not checked here. */
const names: ReadonlyMap<number, string> = new Map([
  [0x11, 'sha1'],
  [0x14, 'sha3-512'],
  [0x15, 'sha3-384'],
  [0x16, 'sha3-256'],
  [0x17, 'sha3-224'],
  [0x1a, 'keccak-224'],
  [0x1b, 'keccak-256'],
  [0x1c, 'keccak-384'],
  [0x1d, 'keccak-512'],
  [0x20, 'sha2-384'],
  [0x56, 'dbl-sha2-256'],
  [0xd5, 'md5'],
  [0x1011, 'sha2-256-trunc254-padded'],
  [0xb220, 'blake2b-256'],
  [0xb240, 'blake2b-512'],
  [0xb260, 'blake2s-256'],
  [SHA2_256, 'sha2-256'],
  [SHA2_512, 'sha2-512'],
  [BLAKE3, 'blake3'],
  [IDENTITY, 'identity'],
])

export interface Multihash {
  readonly code: number
  readonly digest: Uint8Array
}

/** Why bytes cannot be checked against this multihash, or null where they can. */
export function whyUnverifiable({ code, digest: { length } }: Multihash): string | null {
  const name = names.get(code)
  if (isVerifiable(code, length)) return null
  if (code === SHA2_256 || code === SHA2_512 || code === BLAKE3)
    return `has a ${name} digest of ${length} bytes`
  if (code === IDENTITY)
    return `carries ${length} bytes; an identity CID has at most ${MAX_IDENTITY_BYTES}`
  const told = name === undefined ? '' : ` (${name})`
  return `uses multihash 0x${code.toString(16)}${told}; only sha2-256, sha2-512, blake3 and identity can be verified here`
}

function isVerifiable(code: number, length: number): boolean {
  if (code === SHA2_256) return length === 32
  if (code === SHA2_512) return length === 64
  if (code === BLAKE3) return length >= BLAKE3_BYTES.least && length <= BLAKE3_BYTES.most
  return code === IDENTITY && length <= MAX_IDENTITY_BYTES
}

/** Whether `bytes` have this multihash; false for one that cannot be checked. */
export function hasMultihash(bytes: Uint8Array, { code, digest }: Multihash): boolean {
  if (!isVerifiable(code, digest.length)) return false
  if (code === IDENTITY) return Buffer.compare(digest, bytes) === 0
  if (code === BLAKE3) return Buffer.compare(blake3(bytes, { dkLen: digest.length }), digest) === 0
  const hash = createHash(code === SHA2_512 ? 'sha512' : 'sha256').update(bytes)
  return hash.digest().equals(digest)
}
