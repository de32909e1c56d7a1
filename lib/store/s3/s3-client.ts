// A client for S3 of AWS, or for any service that speaks its protocol.

import type { S3Config } from '../../config/config.ts'
import type * as Sdk from './s3-sdk.ts'

export interface S3Connection {
  /** Where the commands are. */
  readonly sdk: typeof Sdk
  readonly client: Sdk.S3Client
}

export interface S3Location {
  readonly Bucket: string
  readonly Key: string
  /** In somebody else's bucket: who asks pays. */
  readonly RequestPayer?: 'requester'
}

/**
 * Loads the SDK, which takes about 100 ms: only who uses a bucket pays for it.
 *
 * @param maxAttempts of a request; between two the SDK waits as long as the service asks for
 */
export async function connectS3(
  { region, endpoint, credentials }: S3Config,
  maxAttempts = 3,
): Promise<S3Connection> {
  const sdk = await import('./s3-sdk.ts')
  const settings: Sdk.S3ClientConfig = {
    region,
    maxAttempts,
    expectContinueHeader: false,
    // A bucket of others may lie in any region.
    followRegionRedirects: true,
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 30_000 },
  }
  if (credentials !== undefined) settings.credentials = credentials
  if (endpoint !== undefined) {
    settings.endpoint = endpoint
    // Few services besides AWS have a name per bucket, and few know the checksums that the SDK adds unasked.
    settings.forcePathStyle = true
    settings.requestChecksumCalculation = 'WHEN_REQUIRED'
    settings.responseChecksumValidation = 'WHEN_REQUIRED'
  }
  const client = new sdk.S3Client(settings)
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        try {
          return await next(args)
        } catch (error) {
          if (error instanceof Error) refused.set(error, requestOf(commandName, args.input))
          throw error
        }
      },
    { step: 'initialize', name: 'rememberRefused' },
  )
  return { sdk, client }
}

/** A request, as its refusal is told by. */
export interface RefusedRequest {
  /** `PutObjectCommand`; '' where the SDK does not say. */
  readonly commandName: string
  readonly Bucket?: string | undefined
  readonly Key?: string | undefined
  readonly VersionId?: string | undefined
}

const refused = new WeakMap<Error, RefusedRequest>()

/** Without the body, which may be many megabytes. */
function requestOf(commandName: string, input: object): RefusedRequest {
  const textOf = (name: string): string | undefined => {
    const value: unknown = Reflect.get(input, name)
    return typeof value === 'string' ? value : undefined
  }
  return {
    commandName,
    Bucket: textOf('Bucket'),
    Key: textOf('Key'),
    VersionId: textOf('VersionId'),
  }
}

/** The request that this was thrown for; null for what no request of a client above threw. */
export function refusedRequest(error: unknown): RefusedRequest | null {
  return error instanceof Error ? (refused.get(error) ?? null) : null
}
