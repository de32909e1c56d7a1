// The services that a deployed function calls, on loopback, as the environment of its process tells the SDK about them.

import { type S3Stub, startS3Stub } from './s3-stub.ts'
import { type SqsSnsStub, startSqsSnsStub } from './sqs-sns-stub.ts'

export interface Aws {
  readonly s3: S3Stub
  readonly messages: SqsSnsStub
  /** What Lambda would give a function: credentials, a region; and where the stand-ins are. */
  readonly environment: Readonly<Record<string, string>>
  readonly stop: () => Promise<void>
}

export async function startAws(): Promise<Aws> {
  const s3 = await startS3Stub()
  const messages = await startSqsSnsStub()
  return {
    s3,
    messages,
    environment: {
      AWS_REGION: s3.account.region,
      AWS_ACCESS_KEY_ID: s3.account.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.account.secretAccessKey,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_SQS: messages.endpoint,
      AWS_ENDPOINT_URL_SNS: messages.endpoint,
      // The stub is stricter, and older, than AWS: it refuses the checksums that the SDK adds by itself.
      AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
      AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
      S3_BUCKET: s3.bucket,
      // The SDK takes a queue's URL for the address of SQS.
      QUEUE_URL: `${messages.endpoint}/123456789012/jobs`,
    },
    stop: async () => {
      await s3.stop()
      await messages.stop()
    },
  }
}
