// Envelopes as DSSE writes them, by the key of RFC 8037.

import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { describe, it } from 'node:test'
import { preAuthEncoding } from '../../../lib/publish/dsse.ts'
import { createReceiptSigner } from '../../../lib/publish/receipt-signer.ts'

/** https://www.rfc-editor.org/rfc/rfc8037#appendix-A */
const rfc8037 = {
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  thumbprint: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
}
/** The head of PKCS#8 before the 32 bytes: https://www.rfc-editor.org/rfc/rfc8410#section-7 */
const head = Buffer.from('302e020100300506032b657004220420', 'hex')
const pkcs8 = Buffer.concat([head, Buffer.from(rfc8037.d, 'base64url')]).toString('base64')

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

describe('what is signed', () => {
  it('is that of the example in protocol.md', () => {
    assert.equal(
      text(preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'))),
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    )
  })

  it('counts bytes, not characters', () => {
    assert.equal(text(preAuthEncoding('ü', Buffer.from('€'))), 'DSSEv1 2 ü 3 €')
    assert.equal(text(preAuthEncoding('', new Uint8Array())), 'DSSEv1 0  0 ')
  })
})

describe('a receipt', () => {
  const signer = createReceiptSigner(pkcs8)
  const { payload, payloadType, signatures } = signer.sign({ b: 'ü', a: [1] })
  const [signature] = signatures

  it('is by the key that is told, under its thumbprint', () => {
    const { x, thumbprint: kid } = rfc8037
    assert.deepEqual(signer.key, { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig' })
    assert.deepEqual([signatures.length, signature?.keyid], [1, kid])
  })

  it('is signed with its type, and nothing else has this signature', () => {
    assert.equal(payloadType, 'application/vnd.in-toto+json')
    const body = Buffer.from(payload, 'base64')
    assert.equal(body.toString(), '{"a":[1],"b":"ü"}')
    const key = createPublicKey({ key: { ...signer.key }, format: 'jwk' })
    const isSigned = (bytes: Uint8Array) =>
      verify(null, bytes, key, Buffer.from(signature?.sig ?? '', 'base64'))
    assert.ok(
      isSigned(
        Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${body.length} ${body.toString()}`),
      ),
    )
    assert.ok(!isSigned(preAuthEncoding('application/json', body)))
    assert.ok(!isSigned(body))
  })
})
