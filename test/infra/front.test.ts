// CloudFront in front of the API: the only way to it, and a firewall there.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import { markImmutable } from '../../infra/immutable.ts'
import { isFronted } from '../../infra/settings.ts'
import { deployed, itProves, shorten, statements } from './deployed.ts'
import { everything, originSecret } from './settings.ts'

describe('CloudFront before the API', () => {
  itProves('is there where the operator asks for it alone', () => {
    const plain = deployed('plain')
    assert.deepEqual(plain.all('aws:cloudfront/distribution:Distribution'), {})
    assert.deepEqual(plain.all('aws:wafv2/webAcl:WebAcl'), {})
    const stage = deployed('full')
    assert.ok('Front' in stage.all('aws:cloudfront/distribution:Distribution'))
  })

  itProves('has the name of the operator’s own, whose record leads there', () => {
    const stage = deployed('full')
    const { url, target } = stage.proof.outputs
    assert.equal(url, `https://${everything.API_DOMAIN}`)
    assert.equal(target, 'front.cloudfront.net')
    const { aliases, viewerCertificate } = stage.one(
      'aws:cloudfront/distribution:Distribution',
      'Front',
    )
    assert.deepEqual(aliases, [everything.API_DOMAIN])
    assert.deepEqual(viewerCertificate, {
      acmCertificateArn: everything.API_CERTIFICATE,
      sslSupportMethod: 'sni-only',
      minimumProtocolVersion: 'TLSv1.2_2021',
    })
    const plain = deployed('plain').proof.outputs
    assert.equal(plain['target'], undefined)
  })

  itProves('hands on all that is asked, and what it is known by', () => {
    const front = deployed('full').one('aws:cloudfront/distribution:Distribution', 'Front')
    const [origin, ...others] = front.origins
    assert.deepEqual(others, [])
    assert.equal(origin?.domainName, 'api.execute-api.eu-central-1.amazonaws.com')
    assert.deepEqual(origin.customHeaders, [{ name: 'x-origin-secret', value: originSecret }])
    const { originProtocolPolicy, originReadTimeout } = origin.customOriginConfig ?? {}
    assert.equal(originProtocolPolicy, 'https-only')
    const { timeout } = deployed('full').lambda('Api')
    assert.ok(Number(originReadTimeout) > timeout, 'the function has its time')
    const { viewerProtocolPolicy, allowedMethods } = front.defaultCacheBehavior
    assert.equal(viewerProtocolPolicy, 'https-only')
    assert.match(JSON.stringify(allowedMethods), /"POST".*"DELETE"/)
  })

  itProves('turns away who asks too often, by a firewall of CloudFront’s own region', () => {
    const stage = deployed('full')
    const { region, scope, rules, customResponseBodies } = stage.one('aws:wafv2/webAcl:WebAcl')
    assert.deepEqual([region, scope], ['us-east-1', 'CLOUDFRONT'])
    const [rule, ...others] = rules
    assert.deepEqual(others, [])
    assert.deepEqual(rule?.statement.rateBasedStatement, {
      aggregateKeyType: 'IP',
      evaluationWindowSec: 300,
      limit: Number(everything.WAF_RATE),
    })
    assert.match(JSON.stringify(rule.action), /"responseCode":429/)
    const { status } = JSON.parse(customResponseBodies[0]?.content ?? '{}')
    assert.equal(status, 429)
    const { webAclId } = stage.one('aws:cloudfront/distribution:Distribution', 'Front')
    assert.match(webAclId ?? '', /^arn:aws:wafv2:us-east-1:.*Firewall/)
  })
})

describe('CloudFront before the published files', () => {
  itProves(
    'is there where the operator asks for it alone, and told to whoever answers with addresses',
    () => {
      const addressIn = (variant: 'plain' | 'full') =>
        deployed(variant).lambda('Api').environment.variables['PUBLIC_FILES_URL']
      assert.deepEqual(
        [addressIn('plain'), addressIn('full')],
        [undefined, 'https://files.cloudfront.net'],
      )
    },
  )

  itProves(
    'reads the folder of what is published, whole and in ranges, signed, and nothing else',
    () => {
      const stage = deployed('full')
      const { origins, defaultCacheBehavior } = stage.one(
        'aws:cloudfront/distribution:Distribution',
        'Files',
      )
      const bucket = String(stage.proof.outputs['bucket'])
      assert.deepEqual(
        origins.map(({ domainName, originPath }) => [domainName, originPath]),
        [[`${bucket}.s3.eu-central-1.amazonaws.com`, '/published']],
      )
      assert.ok(origins[0]?.originAccessControlId)
      const { allowedMethods, compress } = defaultCacheBehavior
      assert.deepEqual([allowedMethods, compress], [['GET', 'HEAD', 'OPTIONS'], false])
      const { policy } = stage.one('aws:s3/bucketPolicy:BucketPolicy')
      const cloudFront = statements(policy).filter((each) =>
        JSON.stringify(each.principals).includes('cloudfront.amazonaws.com'),
      )
      assert.deepEqual(
        cloudFront.map(({ effect, actions, resources }) => [
          effect,
          actions,
          resources.map((arn) => shorten(arn, stage)),
        ]),
        [
          ['Allow', ['s3:GetObject'], ['bucket/published/*']],
          ['Deny', ['s3:GetObject'], ['bucket/published/blocks/*']],
        ],
      )
      assert.deepEqual(cloudFront[0]?.conditions, [
        { test: 'StringEquals', variable: 'aws:SourceAccount', values: ['123456789012'] },
      ])
    },
  )

  it('marks what it answers as immutable, by a function in its own JavaScript', () => {
    const answered = { response: { statusCode: 206, headers: { etag: { value: '"a"' } } } }
    const run: (event: object) => object = runInNewContext(`${markImmutable}; handler`)
    assert.deepEqual(structuredClone(run(answered)), {
      statusCode: 206,
      headers: {
        etag: { value: '"a"' },
        'cache-control': { value: 'public, max-age=31536000, immutable' },
      },
    })
  })
})

describe('a setting of it', () => {
  it('that names something else is refused before anything is deployed', (t) => {
    t.after(() => delete process.env['CLOUDFRONT'])
    process.env['CLOUDFRONT'] = 'api, files'
    assert.deepEqual([isFronted('api'), isFronted('files')], [true, true])
    process.env['CLOUDFRONT'] = 'apis'
    assert.throws(() => isFronted('api'), /CLOUDFRONT may name api and files, not "apis"/)
  })
})
