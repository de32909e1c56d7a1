// Dead Simple Signing Envelope v1: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md

/** https://github.com/secure-systems-lab/dsse/blob/master/envelope.md; binary fields are in base64. */
export interface DsseEnvelope {
  readonly payload: string
  readonly payloadType: string
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

/**
 * The bytes that are signed: `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`, lengths in bytes, decimal.
 *
 * @param type in UTF-8
 */
export function preAuthEncoding(type: string, body: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `
  return Buffer.concat([Buffer.from(head), body])
}
