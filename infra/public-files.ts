// CloudFront before the published files of the bucket, where the operator asks for it: anybody reads them there, whole
// or in ranges, and nothing else of the bucket.

import { everywhere } from './cloudfront.ts'
import { markImmutable } from './immutable.ts'
import { isFronted } from './settings.ts'

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6'

/** @returns the address of the folder `published/`; null without CloudFront before it */
export function createPublicFiles({ nodes }: sst.aws.Bucket) {
  if (!isFronted('files')) return null
  const name = `${$app.name}-${$app.stage}`
  const access = new aws.cloudfront.OriginAccessControl('FilesAccess', {
    name: `${name}-files`,
    originAccessControlOriginType: 's3',
    signingBehavior: 'always',
    signingProtocol: 'sigv4',
  })
  const immutable = new aws.cloudfront.Function('FilesImmutable', {
    name: `${name}-immutable`,
    runtime: 'cloudfront-js-2.0',
    code: markImmutable,
    publish: true,
  })
  const distribution = new aws.cloudfront.Distribution('Files', {
    ...everywhere,
    comment: `Published files of ${name}`,
    origins: [
      {
        originId: 'files',
        domainName: nodes.bucket.bucketRegionalDomainName,
        originPath: '/published',
        originAccessControlId: access.id,
      },
    ],
    defaultCacheBehavior: {
      targetOriginId: 'files',
      viewerProtocolPolicy: 'https-only',
      allowedMethods: ['GET', 'HEAD', 'OPTIONS'],
      cachedMethods: ['GET', 'HEAD'],
      cachePolicyId: CACHING_OPTIMIZED,
      // Packed on the way, a file would have neither its length nor its ranges.
      compress: false,
      responseHeadersPolicyId: createHeaders(name).id,
      functionAssociations: [{ eventType: 'viewer-response', functionArn: immutable.arn }],
    },
    viewerCertificate: { cloudfrontDefaultCertificate: true },
  })
  return { url: $interpolate`https://${distribution.domainName}` }
}

/** For pages of any origin; and no file is run as a page of its own. */
function createHeaders(name: string) {
  const exposed = ['Accept-Ranges', 'Content-Length', 'Content-Range', 'ETag']
  return new aws.cloudfront.ResponseHeadersPolicy('FilesHeaders', {
    name: `${name}-files`,
    corsConfig: {
      accessControlAllowCredentials: false,
      accessControlAllowHeaders: { items: ['*'] },
      accessControlAllowMethods: { items: ['GET', 'HEAD'] },
      accessControlAllowOrigins: { items: ['*'] },
      accessControlExposeHeaders: { items: exposed },
      accessControlMaxAgeSec: 86_400,
      originOverride: true,
    },
    securityHeadersConfig: {
      contentTypeOptions: { override: true },
      contentSecurityPolicy: { contentSecurityPolicy: 'sandbox', override: true },
    },
  })
}

/** Statements of the bucket's policy: distributions of this account read what is published, but for its blocks. */
export function readableByCloudFront(): sst.aws.BucketArgs['policy'] {
  if (!isFronted('files')) return []
  const asked = {
    principals: [{ type: 'service' as const, identifiers: ['cloudfront.amazonaws.com'] }],
    actions: ['s3:GetObject'],
  }
  const own = {
    test: 'StringEquals',
    variable: 'aws:SourceAccount',
    values: [aws.getCallerIdentityOutput().accountId],
  }
  return [
    { ...asked, effect: 'allow', conditions: [own], paths: ['published/*'] },
    { ...asked, effect: 'deny', paths: ['published/blocks/*'] },
  ]
}
