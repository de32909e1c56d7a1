// A name of the operator's own for the API, by a certificate that the operator has: on API Gateway, or on CloudFront
// where that stands in front.

import { isFronted, setting, stageRegion } from './settings.ts'

export interface OwnDomain {
  readonly name: string
  /** ARN of its certificate. */
  readonly certificate: string
}

/**
 * null = addresses that AWS makes.
 *
 * @throws {RangeError} before anything is deployed
 */
export function ownDomain(): OwnDomain | null {
  const name = setting('API_DOMAIN')
  const certificate = setting('API_CERTIFICATE')
  if (name === undefined && certificate === undefined) return null
  // CloudFront takes certificates of one region alone.
  const region = isFronted('api') ? 'us-east-1' : stageRegion()
  const arn = new RegExp(`^arn:aws[\\w-]*:acm:${region}:\\d{12}:certificate/[\\w-]+$`)
  const isHost = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/
  if (name !== undefined && isHost.test(name) && certificate !== undefined && arn.test(certificate))
    return { name, certificate }
  throw new RangeError(
    `API_DOMAIN (a name such as ndvi.example.org) and API_CERTIFICATE (the ARN of its certificate in Certificate Manager, in ${region}) are set together.`,
  )
}
