// What both distributions of CloudFront have alike: they are reached from everywhere, and nobody waits for them.

export const everywhere = {
  enabled: true,
  httpVersion: 'http2and3',
  isIpv6Enabled: true,
  restrictions: { geoRestriction: { restrictionType: 'none' } },
  waitForDeployment: false,
} as const
