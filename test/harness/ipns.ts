// IPNS records of a key of our own.

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { encode } from '@ipld/dag-cbor'
import { base36 } from 'multiformats/bases/base36'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'

export interface IpnsKey {
  /** `k51…` */
  readonly name: string
  /** Ed25519. */
  readonly publicKey: Uint8Array
  readonly privateKey: KeyObject
}

/** What a record says. */
export interface Said {
  readonly Value: Uint8Array
  readonly Validity: Uint8Array
  readonly ValidityType: unknown
  readonly Sequence: unknown
  readonly TTL: unknown
}

export interface RecordShape {
  readonly data: Said
  /** What the field of version 1 says; undefined leaves it out. */
  readonly value?: Uint8Array
  /** In front of what is signed. */
  readonly prefix?: string
}

export function makeIpnsKey(): IpnsKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const bytes = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const digest = createDigest(0x00, Uint8Array.of(0x08, 0x01, 0x12, 0x20, ...bytes))
  return { name: CID.createV1(0x72, digest).toString(base36), publicKey: bytes, privateKey }
}

/** A protobuf field of bytes. */
export function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  const length =
    bytes.length < 128 ? [bytes.length] : [(bytes.length % 128) | 128, bytes.length >> 7]
  return Uint8Array.from([(number << 3) | 2, ...length, ...bytes])
}

export function signRecord(
  { privateKey }: Pick<IpnsKey, 'privateKey'>,
  { data: said, value, prefix = 'ipns-signature:' }: RecordShape,
): Uint8Array {
  const data = encode(said)
  const signature = sign(null, Buffer.concat([Buffer.from(prefix), data]), privateKey)
  return Buffer.concat([
    ...(value === undefined ? [] : [bytesField(1, value)]),
    bytesField(8, signature),
    bytesField(9, data),
  ])
}
