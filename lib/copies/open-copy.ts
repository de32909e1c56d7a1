// From the address of a plain copy to what reads it: https for everybody, S3 by our credentials or without any.

import type { Clock } from '../async/clock.ts'
import type { Http } from '../net/http.ts'
import type { OwnSigner } from '../signing/signer.ts'
import type { S3Connection } from '../store/s3/s3-client.ts'
import { createHttpCopy } from './http-copy.ts'
import type { PlainCopy } from './plain-copy.ts'
import { createS3Copy } from './s3-copy.ts'

/**
 * What reads the plain copy at an address; null for addresses that cannot be read here.
 *
 * @param isTrusted whether who asks may spend this deployment's credentials: its headers, and its money
 */
export type OpenCopy = (href: string, isTrusted: boolean) => PlainCopy | null

export interface CopyMeans {
  readonly http: Http
  readonly signer: OwnSigner
  readonly clock: Clock
  /** Buckets of others that are read with our credentials. */
  readonly mirrorBuckets: readonly string[]
  /** Opens the connection on first use. */
  readonly connect: () => Promise<S3Connection>
}

/** Public buckets of Earth observation, which https reads without any credentials, and where they are. */
const regions: Readonly<Record<string, string>> = {
  'dea-public-data': 'ap-southeast-2',
  'deafrica-landsat': 'af-south-1',
  'deafrica-sentinel-2': 'af-south-1',
  'deafrica-services': 'af-south-1',
  'e84-earth-search-sentinel-data': 'us-west-2',
  'sentinel-cogs': 'us-west-2',
}

export function createOpenCopy(means: CopyMeans): OpenCopy {
  const { http, clock, mirrorBuckets, connect } = means
  return (href, isTrusted) => {
    const signer = isTrusted ? means.signer : means.signer.forAnybody
    const address = parseS3Address(href)
    if (address === null) return createHttpCopy(href, http, signer, clock)
    const { bucket, key } = address
    if (isTrusted && mirrorBuckets.includes(bucket)) return createS3Copy(bucket, key, connect)
    const url = publicUrlOf(bucket, key)
    return url === null ? null : createHttpCopy(url, http, signer, clock, href)
  }
}

/** Bucket and key of `s3://bucket/key`, or null. The key is taken as it is: S3 allows it any character. */
export function parseS3Address(address: string): { bucket: string; key: string } | null {
  const match = /^s3:\/\/([a-z0-9][a-z0-9._-]+)\/(.+)$/is.exec(address)
  const [, bucket, key] = match ?? []
  return bucket === undefined || key === undefined ? null : { bucket, key }
}

function publicUrlOf(bucket: string, key: string): string | null {
  const region = regions[bucket]
  if (region === undefined) return null
  const path = key.split('/').map(encodeURIComponent).join('/')
  return `https://${bucket}.s3.${region}.amazonaws.com/${path}`
}
