// Signs receipts of results with the key of this deployment, and tells its public half.

import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { canonicalJson } from '../ipld/canonical-json.ts'
import type { JsonObject } from '../model/json.ts'
import { type DsseEnvelope, preAuthEncoding } from './dsse.ts'

/** A public key as RFC 8037 writes it: `x` is its 32 bytes in base64url. */
export interface ReceiptKey {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  /** Its thumbprint (RFC 7638), SHA-256 in base64url: the `keyid` of signatures. */
  readonly kid: string
  readonly use: 'sig'
}

export interface ReceiptSigner {
  readonly key: ReceiptKey
  readonly sign: (statement: JsonObject) => DsseEnvelope
}

/** https://github.com/in-toto/attestation/blob/main/spec/v1/envelope.md */
const IN_TOTO = 'application/vnd.in-toto+json'

/** @param pkcs8 DER of an Ed25519 private key, base64, as lib/config has checked it */
export function createReceiptSigner(pkcs8: string): ReceiptSigner {
  const der = Buffer.from(pkcs8, 'base64')
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const members = { crv: 'Ed25519', kty: 'OKP', x } as const
  const kid = createHash('sha256').update(canonicalJson(members)).digest('base64url')
  return {
    key: { ...members, kid, use: 'sig' },
    sign(statement) {
      const body = Buffer.from(canonicalJson(statement))
      const signature = sign(null, preAuthEncoding(IN_TOTO, body), privateKey)
      return {
        payload: body.toString('base64'),
        payloadType: IN_TOTO,
        signatures: [{ keyid: kid, sig: signature.toString('base64') }],
      }
    },
  }
}
