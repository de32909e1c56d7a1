// Addresses without what signs them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  isSignedUrl,
  unsignedJson,
  unsignedUrl,
  withoutSignatures,
} from '../../../lib/model/unsigned-url.ts'

const azure =
  'https://sentinel2l2a01.blob.core.windows.net/sentinel2-l2/31/B04.tif?st=2026-11-24T10%3A00%3A00Z&se=2026-11-25T10%3A45%3A00Z&sp=rl&sv=2025-07-05&sr=c&skoid=9c8ff44a&sktid=72f988bf&skt=2026&ske=2026&sks=b&skv=2025-07-05&sig=CANARY%2Bs%3D'
const presigned =
  'https://e84.s3.us-west-2.amazonaws.com/a/B04.tif?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20261125&X-Amz-Date=20261125T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=CANARY&X-Amz-Security-Token=CANARY'

describe('an address without its signature', () => {
  const cases: readonly (readonly [what: string, signed: string, plain: string])[] = [
    ['Azure SAS', azure, 'https://sentinel2l2a01.blob.core.windows.net/sentinel2-l2/31/B04.tif'],
    ['S3 presigned', presigned, 'https://e84.s3.us-west-2.amazonaws.com/a/B04.tif'],
    [
      'S3, the old form',
      'https://b.s3.amazonaws.com/k?AWSAccessKeyId=A&Expires=1&Signature=CANARY&versionId=7',
      'https://b.s3.amazonaws.com/k?versionId=7',
    ],
    [
      'CloudFront',
      'https://d1.cloudfront.net/k.tif?Expires=1&Signature=CANARY&Key-Pair-Id=K&Policy=p',
      'https://d1.cloudfront.net/k.tif',
    ],
    [
      'Google Cloud Storage',
      'https://storage.googleapis.com/b/k?X-Goog-Signature=CANARY&X-Goog-Date=1&generation=2',
      'https://storage.googleapis.com/b/k?generation=2',
    ],
    ['a token', 'https://a.example/k?access_token=CANARY&band=4', 'https://a.example/k?band=4'],
    ['an API key', 'https://a.example/k?api_key=CANARY', 'https://a.example/k'],
    ['a user name', 'https://me:CANARY@a.example/k', 'https://a.example/k'],
    ['a fragment', 'https://a.example/k#CANARY', 'https://a.example/k'],
  ]
  for (const [what, signed, plain] of cases) {
    it(`keeps everything else: ${what}`, () => {
      assert.equal(unsignedUrl(signed), plain)
      assert.equal(unsignedUrl(plain), plain)
      assert.equal(isSignedUrl(plain), false)
      assert.equal(isSignedUrl(signed), !signed.includes('#'))
    })
  }

  it('other query fields count, as they are written', () => {
    for (const plain of [
      'https://a.example/wcs?coverage=B04&st=2&se=1&expires=never',
      'https://a.example/k?key=a%20b&sp=1',
      'https://a.example/%C3%A4.tif?x=%2B+',
      's3://bucket/key?sig=1',
      'ipfs://bafkqaaa',
      'no address',
    ]) {
      assert.equal(unsignedUrl(plain), plain)
    }
  })

  it('within a text and within JSON', () => {
    const text = withoutSignatures(`GET ${azure} failed; see <${presigned}>, "${azure}".`)
    assert.doesNotMatch(text, /CANARY|sig=|X-Amz/)
    assert.match(
      text,
      /^GET https:\/\/sentinel2l2a01.*B04\.tif failed; see <https:.*B04\.tif>, "https/,
    )
    const value = { a: [azure, 1, null, { b: `x ${presigned}` }], c: true, d: undefined }
    const plain = unsignedJson(value)
    assert.doesNotMatch(JSON.stringify(plain), /CANARY/)
    assert.deepEqual(unsignedJson(plain), plain)
    assert.match(JSON.stringify(value), /CANARY/)
  })
})
