// Content ids: parse, print, compare and check them.

import { createHash } from 'node:crypto'
import { varint } from 'multiformats'
import { base32 } from 'multiformats/bases/base32'
import { CID } from 'multiformats/cid'
import { GreenprintError } from '../errors.ts'
import { perText } from '../model/per-text.ts'
import { hasMultihash, IDENTITY, whyUnverifiable } from './hashes.ts'
import { decodeCidText } from './multibase.ts'

export type Cid = CID

/** Multicodec codes, https://github.com/multiformats/multicodec/blob/master/table.csv */
export const RAW = 0x55
export const DAG_PB = 0x70
const FIL_COMMITMENT_UNSEALED = 0xf101

/** Of CIDs that were read last: a thousand, as they are mostly written. */
const MOST_LETTERS = 64 * 1024

/**
 * Reads a CIDv0, or a CIDv1 in any multibase, of content that can be verified here (sha2-256, sha2-512, blake3 or
 * identity).
 *
 * @throws {GreenprintError} `asset_unusable` for text that is not a CID, a piece CID, or another hash
 */
export const parseCid: (text: string) => Cid = perText(readCid, MOST_LETTERS)

function readCid(text: string): Cid {
  let cid: Cid
  try {
    cid = decodeCidText(text)
  } catch (cause) {
    throw new GreenprintError('asset_unusable', `"${text.slice(0, 80)}" is not a CID.`, { cause })
  }
  if (cid.code === FIL_COMMITMENT_UNSEALED) {
    throw new GreenprintError(
      'asset_unusable',
      `${text} is a Filecoin piece CID: it names a padded storage sector, not the file. Give the content CID (Qm… or bafy…).`,
    )
  }
  const reason = whyUnverifiable(cid.multihash)
  if (reason !== null) throw new GreenprintError('asset_unusable', `${text} ${reason}.`)
  return cid
}

/**
 * Links inside a DAG name their hash themselves.
 *
 * @throws {GreenprintError} `content_unusable` where bytes cannot be checked against this CID here
 */
export function requireVerifiable(cid: Cid): void {
  const reason = whyUnverifiable(cid.multihash)
  if (reason !== null)
    throw new GreenprintError('content_unusable', `Block ${cid.toString()} ${reason}.`)
}

/** Whether a decoder made a CID of this. */
export function isCidValue(value: unknown): value is Cid {
  return CID.asCID(value) !== null
}

export function isCid(text: string): boolean {
  try {
    parseCid(text)
    return true
  } catch {
    return false
  }
}

/** Whether a text names the same content in the same codec, in whatever version and base it is written. */
export function isSameCid(text: string, cid: Cid): boolean {
  try {
    return CID.parse(text).toV1().equals(cid.toV1())
  } catch {
    return false
  }
}

/** One key per content: CIDv0 and CIDv1 of the same block share it. Safe in a file name. */
export function blockKey(cid: Cid): string {
  return base32.encode(cid.multihash.bytes)
}

/** One key per way to read a block: the bytes of a node may lie in a file, as raw, as well. */
export function nodeKey(cid: Cid): string {
  return `${cid.code}/${blockKey(cid)}`
}

/** The content of an identity CID, which carries its bytes in itself; null for every other CID. */
export function inlineContent(cid: Cid): Uint8Array<ArrayBuffer> | null {
  return cid.multihash.code === IDENTITY ? Uint8Array.from(cid.multihash.digest) : null
}

/** Whether `bytes` are what `cid` names. */
export function matchesCid(cid: Cid, bytes: Uint8Array): boolean {
  return hasMultihash(bytes, cid.multihash)
}

/** Unsigned LEB128, https://github.com/multiformats/unsigned-varint */
export function encodeVarint(value: number): Uint8Array<ArrayBuffer> {
  return varint.encodeTo(value, new Uint8Array(varint.encodingLength(value)))
}

/**
 * `file:checksum` of the STAC file extension: the lower-case hexadecimal multihash (sha2-256) of a whole file, given
 * in pieces.
 */
export async function fileChecksum(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of pieces) hash.update(piece)
  return `1220${hash.digest('hex')}`
}

/** What a `file:checksum` says of the bytes it belongs to. */
export type ChecksumVerdict = 'verified' | 'mismatch'

export interface FileChecksumCheck {
  readonly algorithm: 'sha2-256' | 'sha2-512'
  update(piece: Uint8Array): void
  verdict(): ChecksumVerdict
}

const checksums = {
  'sha2-256': /^1220[0-9a-f]{64}$/i,
  'sha2-512': /^1340[0-9a-f]{128}$/i,
} as const

/**
 * The algorithm of a `file:checksum`.
 *
 * @returns null when the text is neither a sha2-256 nor a sha2-512 multihash, as some catalogues have it
 */
export function checksumAlgorithm(checksum: string): FileChecksumCheck['algorithm'] | null {
  if (checksums['sha2-256'].test(checksum)) return 'sha2-256'
  return checksums['sha2-512'].test(checksum) ? 'sha2-512' : null
}

/**
 * Checks a file against a `file:checksum`, piece by piece in their order.
 *
 * @returns null as `checksumAlgorithm`
 */
export function startFileChecksum(checksum: string): FileChecksumCheck | null {
  const algorithm = checksumAlgorithm(checksum)
  if (algorithm === null) return null
  const hash = createHash(algorithm === 'sha2-256' ? 'sha256' : 'sha512')
  const digest = checksum.slice(4).toLowerCase()
  return {
    algorithm,
    update: (piece) => void hash.update(piece),
    verdict: () => (hash.digest('hex') === digest ? 'verified' : 'mismatch'),
  }
}
