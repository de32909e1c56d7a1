// Receipts beside results: what they say, whose they are, and that without a key there are none.

import assert from 'node:assert/strict'
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { describe, it } from 'node:test'
import type { ReceiptKeysReply } from '../../../lib/http/receipts.ts'
import type { NdviReply } from '../../../lib/http/reply.ts'
import { type DsseEnvelope, preAuthEncoding } from '../../../lib/publish/dsse.ts'
import { sampleItem } from '../../../lib/sample/sample.ts'
import { softwareLine } from '../../../lib/software.ts'
import { json } from '../../harness/system.ts'
import { type AppUnderTest, problemOf, startApp } from './app-under-test.ts'

const TOKEN = '0123456789abcdef'
const { privateKey } = generateKeyPairSync('ed25519')
const RECEIPT_KEY = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const signing = await startApp({
  AWS_LAMBDA_FUNCTION_NAME: 'api',
  API_TOKENS: `ci:${TOKEN}`,
  RECEIPT_KEY,
})
const keyless = await startApp()
const sample = await sampleItem()
const item = { ...sample, links: [{ rel: 'self', href: 'https://stac.example/mine.json' }] }

async function compute(app: AppUnderTest, headers: Readonly<Record<string, string>> = {}) {
  const fields = { max_size: 64, outputs: ['figure', 'cog', 'item'], pin: false }
  const body = JSON.stringify({ item, ...fields })
  return json<NdviReply>(await app.ask('/ndvi', { method: 'POST', headers, body }))
}

const receiptOf = async (root: string) =>
  json<DsseEnvelope>(await signing.ask(`/results/${root}/receipt.json`))

const statementOf = ({ payload }: DsseEnvelope) =>
  JSON.parse(Buffer.from(payload, 'base64').toString())

describe('with a key', () => {
  it('a receipt names the files as they are served, and is signed by the key that is told', async () => {
    const { root, id, item: told } = await compute(signing)
    const receipt = await receiptOf(root.cid)
    const { keys } = await json<ReceiptKeysReply>(
      await signing.ask('/.well-known/receipt-keys.json'),
    )
    const [jwk] = keys
    assert.ok(jwk !== undefined && keys.length === 1)
    const [signature] = receipt.signatures
    const signed = preAuthEncoding(receipt.payloadType, Buffer.from(receipt.payload, 'base64'))
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    assert.equal(signature?.keyid, jwk.kid)
    assert.ok(verify(null, signed, key, Buffer.from(signature?.sig ?? '', 'base64')))

    const { subject, predicate, predicateType, _type } = statementOf(receipt)
    assert.equal(_type, 'https://in-toto.io/Statement/v1')
    assert.equal(predicateType, 'greenprint:receipt/v1')
    const names = subject.map(({ name }: { name: string }) => name)
    assert.deepEqual(names.toSorted(), ['figure.png', 'item.json', 'ndvi.tif', 'request.json'])
    for (const { name, uri, digest } of subject) {
      const file = await signing.ask(`/ipfs/${root.cid}/${name}`)
      const bytes = new Uint8Array(await file.arrayBuffer())
      assert.equal(digest.sha256, createHash('sha256').update(bytes).digest('hex'), name)
      assert.equal(uri, `ipfs://${root.cid}/${name}`)
    }
    const { started, finished, inputs, request, ...rest } = predicate
    assert.ok(started <= finished, `${started} ${finished}`)
    assert.deepEqual(rest, {
      root: root.cid,
      result: id,
      scene: { id: told.id, collection: told.collection },
      trust: 'cid',
      software: softwareLine,
    })
    assert.equal(request.max_size, 64)
    assert.deepEqual(Object.keys(inputs), ['nir', 'red'])
    assert.equal(inputs.red.cid, 'QmfZ2iw5CUpxav1TNd4wTyLmeMQeroNgA4hyTBBXmWSj6N')
    assert.equal(inputs.red.trust, 'cid')
    assert.ok(!JSON.stringify(predicate).includes('stac.example'))
  })

  it('a run without a token leaves it as it is, one with a token signs anew', async () => {
    const { root } = await compute(signing)
    const first = await receiptOf(root.cid)
    const fresh = { 'cache-control': 'no-cache' }
    assert.equal((await compute(signing, fresh)).cached, false)
    assert.deepEqual(await receiptOf(root.cid), first)
    await compute(signing, { ...fresh, authorization: `Bearer ${TOKEN}` })
    const { predicate } = statementOf(await receiptOf(root.cid))
    assert.ok(predicate.started > statementOf(first).predicate.finished)
  })
})

describe('without a key', () => {
  it('there is neither receipt nor key, and the root is the same', async () => {
    const { root } = await compute(keyless)
    assert.equal(root.cid, (await compute(signing)).root.cid)
    const problem = await problemOf(await keyless.ask(`/results/${root.cid}/receipt.json`))
    assert.deepEqual([problem.status, problem.code], [404, 'not_found'])
    assert.match(problem.detail, /without RECEIPT_KEY/)
    assert.deepEqual(await json(await keyless.ask('/.well-known/receipt-keys.json')), { keys: [] })
  })

  it('what is no root has no receipt', async () => {
    for (const root of ['nothing', 'bafkqaaa']) {
      const response = await keyless.ask(`/results/${root}/receipt.json`)
      assert.equal((await problemOf(response)).code, 'not_found')
    }
  })
})
