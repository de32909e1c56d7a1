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
    [
      'Aliyun',
      'https://b.oss-cn.example/k?OSSAccessKeyId=CANARY&Expires=1&Signature=CANARY&versionId=7',
      'https://b.oss-cn.example/k?versionId=7',
    ],
    [
      'Aliyun, by its own fields',
      'https://b.oss-cn.example/k?x-oss-credential=CANARY&x-oss-date=1&x-oss-signature=CANARY&x-oss-process=image/resize',
      'https://b.oss-cn.example/k?x-oss-process=image/resize',
    ],
    [
      'Tencent',
      'https://b.cos.example/k?q-sign-algorithm=sha1&q-ak=CANARY&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=CANARY&band=4',
      'https://b.cos.example/k?band=4',
    ],
    ...[
      'maxar_api_key',
      'apiKey',
      'X-Api-Key',
      'accessToken',
      'authToken',
      'clientSecret',
      'bearer',
      'passwd',
      'access_key',
      'AccessKeyId',
      'sessionId',
      'credentials',
      'sas',
      'sign',
      'hmac',
      'ticket',
      'connectid',
      '__token__',
    ].map(
      (name) =>
        [name, `https://a.example/k?${name}=CANARY&band=4`, 'https://a.example/k?band=4'] as const,
    ),
    ['a session', 'https://a.example/k;jsessionid=CANARY?b=1', 'https://a.example/k?b=1'],
    ['a session by its key', 'https://a.example/k?session=31337CANARY', 'https://a.example/k'],
    ['a session by its id', 'https://a.example/k?sessionId=31337', 'https://a.example/k'],
    ['a semicolon', 'https://a.example/k?b=1;token=CANARY;c=2', 'https://a.example/k?b=1;c=2'],
    ['a page of HTML', 'https://a.example/k?b=1&amp;token=CANARY', 'https://a.example/k?b=1'],
    [
      'an address in an address',
      'https://a.example/cog?url=https%3A%2F%2Fb.example%2Fk%3Fb%3D1%26sig%3DCANARY&band=4',
      'https://a.example/cog?url=https%3A%2F%2Fb.example%2Fk%3Fb%3D1&band=4',
    ],
    [
      'one as it is written',
      'https://a.example/cog?url=https://b.example/k?sig=CANARY',
      'https://a.example/cog?url=https://b.example/k',
    ],
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
      'https://a.example/k?design=1&author=me&passage=2&code=EPSG:4326&sassy=1&sector=3;4&keys=5',
      'https://a.example/cog?url=https%3a%2f%2fb.example%2fk%20%28x%29&amp;b=2',
      'https://a.example/k;v=1;w=2/x.tif',
      'https://a.example/k?session=3&flight_session=12',
      'https://a.example/%C3%A4.tif?x=%2B+',
      's3://bucket/key?sig=1',
      'ipfs://bafkqaaa',
      'no address',
    ]) {
      assert.equal(unsignedUrl(plain), plain)
    }
  })

  it('however deep or long it is', () => {
    const deep = `https://a.example/k?u=`.repeat(300)
    assert.ok(unsignedUrl(`${deep}https://a.example/k?sig=CANARY`).length < 200)
    const long = `https://a.example/k?${'b=1&'.repeat(100_000)}token=CANARY`
    assert.equal(unsignedUrl(long), 'https://a.example/k')
    assert.equal(unsignedUrl(`https://a.example/k${';a=b'.repeat(100_000)}`), 'https://a.example/k')
    // Within text that is no address itself, too.
    const inText = unsignedUrl(`https://a.example/k?u=${'1https://a.example/k?u='.repeat(300)}1`)
    assert.ok(inText.length < 300)
    assert.equal(withoutSignatures(`${deep.repeat(30)}?sig=CANARY`).includes('CANARY'), false)
  })

  it('keeps a query as long as one of this API may be', () => {
    const link = `https://api.example/scenes?geometry=${'%5B1.5%2C2.5%5D%2C'.repeat(900)}&page=2`
    assert.equal(unsignedUrl(link), link)
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
    for (const address of [
      's3://AKIA:CANARY@bucket/k@1',
      'ftp://me:CANARY@a.example/k@1',
      '/vsicurl/https://me:CANARY@a.example/k@1?token=CANARY',
    ]) {
      assert.doesNotMatch(unsignedUrl(address), /CANARY/)
      assert.match(withoutSignatures(`(${address})`), /^\([^:]+:\/\/(bucket|a\.example)\/k@1\)?$/)
    }
  })
})
