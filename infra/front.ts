// CloudFront in front of the API, where the operator asks for it, with a firewall that turns away who asks too often:
// an HTTP API takes none itself.

import { ORIGIN_HEADER } from '../lib/http/origin-guard.ts'
import { everywhere } from './cloudfront.ts'
import { ownDomain } from './domain.ts'
import { keptText } from './secrets.ts'
import { count, entriesOf, isFronted, setting } from './settings.ts'

export interface Front {
  /** The address that callers ask. */
  readonly url: $util.Output<string>
  /** Where there is a name of the operator's own, what its record has to lead to. */
  readonly target?: $util.Output<string>
}

/** Of the firewall, which counts requests of one address. */
const WINDOW_S = 300

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'
/** All that the caller sent but for `Host`, which API Gateway takes for its own alone. */
const ALL_BUT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac'

export function createFront(gateway: sst.aws.ApiGatewayV2): Front {
  const domain = ownDomain()
  if (!isFronted('api')) {
    const target = (name: aws.apigatewayv2.DomainName) =>
      name.domainNameConfiguration.targetDomainName
    return domain === null
      ? { url: gateway.url }
      : { url: gateway.url, target: $output(gateway.nodes.domainName).apply(target) }
  }
  const secret = keptText(requireSecret())
  const distribution = new aws.cloudfront.Distribution('Front', {
    ...everywhere,
    comment: `API of ${$app.name}-${$app.stage}`,
    origins: [
      {
        originId: 'api',
        domainName: gateway.url.apply((url) => new URL(url).hostname),
        customOriginConfig: {
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: 'https-only',
          originSslProtocols: ['TLSv1.2'],
          // One more than the function has.
          originReadTimeout: 30,
        },
        // Of two secrets the first is the new one.
        customHeaders: [
          { name: ORIGIN_HEADER, value: secret.apply((both) => entriesOf(both)[0] ?? '') },
        ],
      },
    ],
    defaultCacheBehavior: {
      targetOriginId: 'api',
      viewerProtocolPolicy: 'https-only',
      allowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'],
      cachedMethods: ['GET', 'HEAD'],
      cachePolicyId: CACHING_DISABLED,
      originRequestPolicyId: ALL_BUT_HOST,
    },
    ...(domain === null
      ? { viewerCertificate: { cloudfrontDefaultCertificate: true } }
      : {
          aliases: [domain.name],
          viewerCertificate: {
            acmCertificateArn: domain.certificate,
            sslSupportMethod: 'sni-only',
            minimumProtocolVersion: 'TLSv1.2_2021',
          },
        }),
    webAclId: createFirewall().arn,
  })
  const { domainName: target } = distribution
  return domain === null
    ? { url: $interpolate`https://${target}` }
    : { url: $output(`https://${domain.name}`), target }
}

/** @throws {RangeError} where there is none */
export function requireSecret(): string {
  const given = setting('ORIGIN_SECRET')
  if (given !== undefined) return given
  throw new RangeError(
    'CLOUDFRONT=api needs ORIGIN_SECRET, by which CloudFront shows that it is the one. See docs/deploy.md, "CloudFront".',
  )
}

/** Firewalls of CloudFront are made in us-east-1, wherever all else lies. */
function createFirewall() {
  const name = `${$app.name}-${$app.stage}`
  const seen = (metricName: string) => ({
    cloudwatchMetricsEnabled: true,
    metricName,
    sampledRequestsEnabled: true,
  })
  const detail = `More than WAF_RATE requests in ${WINDOW_S} s: wait, and ask less often.`
  const problem = { type: 'about:blank', title: 'Too many requests', status: 429, detail }
  return new aws.wafv2.WebAcl('Firewall', {
    region: 'us-east-1',
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    customResponseBodies: [
      { key: 'slow', contentType: 'APPLICATION_JSON', content: JSON.stringify(problem) },
    ],
    rules: [
      {
        name: 'rate',
        priority: 0,
        action: {
          block: {
            customResponse: {
              responseCode: 429,
              customResponseBodyKey: 'slow',
              responseHeaders: [{ name: 'retry-after', value: String(WINDOW_S) }],
            },
          },
        },
        statement: {
          rateBasedStatement: {
            aggregateKeyType: 'IP',
            evaluationWindowSec: WINDOW_S,
            limit: count('WAF_RATE'),
          },
        },
        visibilityConfig: seen(`${name}-rate`),
      },
    ],
    visibilityConfig: seen(name),
  })
}
