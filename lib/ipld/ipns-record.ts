// IPNS names of Ed25519 keys and their signed records, https://specs.ipfs.tech/ipns/ipns-record/

import { createPublicKey, verify } from 'node:crypto'
import { varint } from 'multiformats'
import { base36 } from 'multiformats/bases/base36'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { create as createDigest, decode as decodeDigest } from 'multiformats/hashes/digest'
import { GreenprintError } from '../errors.ts'
import { decodeDagCbor } from './dag-cbor.ts'
import { decodeCidText } from './multibase.ts'

export interface IpnsName {
  /** `k51…`, as Kubo prints it. */
  readonly text: string
  readonly key: Uint8Array
}

export interface IpnsRecord {
  /** `/ipfs/<cid>[/path]`, for instance. */
  readonly value: string
  readonly sequence: bigint
  /** RFC 3339: until when the owner's word holds. */
  readonly validity: string
}

/** Multicodec of keys. */
const LIBP2P_KEY = 0x72
/** Protobuf of an Ed25519 public key before its 32 bytes: type 1, and the length. */
const ED25519_PREFIX = Uint8Array.of(0x08, 0x01, 0x12, 0x20)
const SIGNED = new TextEncoder().encode('ipns-signature:')
/** https://specs.ipfs.tech/ipns/ipns-record/#record-size-limit */
export const MAX_RECORD_BYTES = 10 * 1024

/**
 * Reads `k51…` in any multibase, or a peer id `12D3Koo…`.
 *
 * @throws {GreenprintError} `asset_unusable` for DNSLink names and other kinds of keys: their records cannot be checked
 */
export function parseIpnsName(text: string): IpnsName {
  const digest = digestOf(text)
  const isEd25519 =
    digest?.length === 36 && ED25519_PREFIX.every((byte, index) => digest[index] === byte)
  if (digest === null || !isEd25519) {
    throw new GreenprintError(
      'asset_unusable',
      `"${text.slice(0, 80)}" is not an IPNS name of an Ed25519 key (k51… or 12D3Koo…): its record cannot be checked here.`,
    )
  }
  const name = CID.createV1(LIBP2P_KEY, createDigest(0x00, digest)).toString(base36)
  return { text: name, key: digest.subarray(4) }
}

/** What an identity multihash of a key carries, or null. */
function digestOf(text: string): Uint8Array | null {
  try {
    if (text.startsWith('12D3')) return identityDigest(decodeDigest(base58btc.decode(`z${text}`)))
    const cid = decodeCidText(text)
    return cid.code === LIBP2P_KEY ? identityDigest(cid.multihash) : null
  } catch {
    return null
  }
}

function identityDigest({ code, digest }: { code: number; digest: Uint8Array }) {
  return code === 0x00 ? digest : null
}

/**
 * What a record says, once its signature, its form and its time are right.
 *
 * @param now milliseconds since 1970
 * @throws {GreenprintError} `content_unusable` saying what is wrong with it
 */
export async function verifyIpnsRecord(
  { text, key }: IpnsName,
  record: Uint8Array,
  now: number,
): Promise<IpnsRecord> {
  const invalid = (what: string) =>
    new GreenprintError('content_unusable', `The record of ${text} ${what}.`)
  if (record.length > MAX_RECORD_BYTES) throw invalid(`has ${record.length} bytes`)
  const fields = readFields(record)
  const [data, signature] = [fields?.get(9), fields?.get(8)]
  if (data === undefined || signature === undefined)
    throw invalid('is not a signed record of version 2')
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') }
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
  if (!verify(null, Buffer.concat([SIGNED, data]), publicKey, signature))
    throw invalid('is not signed by its key')
  const said = await readData(data)
  if (said === null) throw invalid('has signed data that cannot be read')
  // Version 1 of the record says the same beside it, unsigned.
  const [value, validity] = [fields?.get(1), fields?.get(4)]
  const differs =
    (value !== undefined && textOf(value) !== said.value) ||
    (validity !== undefined && textOf(validity) !== said.validity)
  if (differs) throw invalid('says two different things')
  const end = Date.parse(said.validity)
  if (Number.isNaN(end)) throw invalid(`has no valid end of validity`)
  if (end <= now) throw invalid(`was valid until ${said.validity}`)
  return said
}

async function readData(data: Uint8Array): Promise<IpnsRecord | null> {
  const document = await decodeDagCbor(data).catch(() => null)
  if (typeof document !== 'object' || document === null) return null
  const { Value, Validity, ValidityType, Sequence } = Object.fromEntries(Object.entries(document))
  const isSequence = typeof Sequence === 'number' || typeof Sequence === 'bigint'
  // The one type there is: an end of life.
  if (!isSequence || Number(ValidityType) !== 0) return null
  const [value, validity] = [textOf(Value), textOf(Validity)]
  if (value === null || validity === null) return null
  return { value, validity, sequence: BigInt(Sequence) }
}

function textOf(bytes: unknown): string | null {
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('utf8') : null
}

/**
 * Fields of bytes in a protobuf message by number, the last of each; null for bytes that are not one. Its numbers,
 * which may have 64 bits, stand in the signed data as well.
 */
function readFields(message: Uint8Array): ReadonlyMap<number, Uint8Array> | null {
  const fields = new Map<number, Uint8Array>()
  try {
    for (let at = 0; at < message.length; ) {
      const [tag, tagLength] = varint.decode(message, at)
      at += tagLength
      if ((tag & 7) === 0) {
        const length = message.subarray(at).findIndex((byte) => byte < 0x80) + 1
        if (length === 0) return null
        at += length
        continue
      }
      const [length, lengthBytes] = varint.decode(message, at)
      at += lengthBytes
      if ((tag & 7) !== 2 || at + length > message.length) return null
      fields.set(tag >> 3, message.subarray(at, at + length))
      at += length
    }
    return fields
  } catch {
    return null
  }
}
