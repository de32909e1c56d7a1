// Storage and messaging: the bucket, the queues, the topics, the bus, and the address of the API.

import { ownDomain } from './domain.ts'
import { lifecycleOf } from './folders.ts'
import { createFront } from './front.ts'
import { createPublicFiles, readableByCloudFront } from './public-files.ts'
import { count, isFronted } from './settings.ts'

/** Parts of an abandoned multipart upload cost money until it is aborted. */
const unfinished = {
  id: 'unfinished',
  status: 'Enabled',
  filter: { prefix: '' },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
}

const WEEKS_2 = 14 * 24 * 3600

export type Places = ReturnType<typeof createPlaces>

export function createPlaces() {
  const failed = createFailedQueues()
  const gateway = createGateway()
  const bucket = createBucket()
  return {
    bucket,
    failed,
    // Six times the function's time-out, as AWS recommends.
    notices: new sst.aws.Queue('Notices', {
      visibilityTimeout: '6 minutes',
      dlq: { queue: failed.Notices.arn, retry: 5 },
    }),
    jobs: new sst.aws.Queue('Jobs', {
      visibilityTimeout: '90 minutes',
      dlq: { queue: failed.Jobs.arn, retry: 5 },
    }),
    inbox: new sst.aws.SnsTopic('Inbox'),
    results: new sst.aws.SnsTopic('Results'),
    alarms: new sst.aws.SnsTopic('Alarms'),
    bus: new sst.aws.Bus('Events'),
    gateway,
    front: createFront(gateway),
    publicFiles: createPublicFiles(bucket),
  }
}

/**
 * Pages are redirected to signed addresses of the bucket. Of any origin: after a redirect across origins a browser
 * names none (`null`), and what a signed address leads to, whoever has it may read without a browser anyway.
 */
const cors = {
  allowOrigins: ['*'],
  allowMethods: ['GET', 'HEAD'] as const,
  allowHeaders: ['*'],
  exposeHeaders: ['Accept-Ranges', 'Content-Length', 'Content-Range', 'ETag'],
  maxAge: '1 day' as const,
}

/** Private and TLS only, as SST makes buckets. What lies under `published/` does not expire. */
function createBucket() {
  return new sst.aws.Bucket('Store', {
    cors: { ...cors, allowMethods: [...cors.allowMethods] },
    lifecycle: lifecycleOf(),
    policy: readableByCloudFront(),
    transform: {
      lifecycle: (args) => {
        args.rules = $output(args.rules).apply((rules) => [...(rules ?? []), unfinished])
      },
    },
  })
}

/** Where what was given up waits for a person: one queue for each way in, so that the alarm tells which. */
function createFailedQueues() {
  const create = (name: string) =>
    new sst.aws.Queue(`Failed${name}`, {
      transform: { queue: { messageRetentionSeconds: WEEKS_2 } },
    })
  return {
    Notices: create('Notices'),
    Jobs: create('Jobs'),
    /** Messages of topics that could not be put into the queue of notices. */
    Subscriptions: create('Subscriptions'),
    /** Events of the bus that could not be either. */
    Events: create('Events'),
    /** Sweeps that the scheduler could not start. */
    Sweeps: create('Sweeps'),
  }
}

function createGateway() {
  const domain = ownDomain()
  const isHere = domain !== null && !isFronted('api')
  return new sst.aws.ApiGatewayV2('Gateway', {
    // Whoever has the name makes its record.
    ...(isHere ? { domain: { name: domain.name, dns: false, cert: domain.certificate } } : {}),
    cors: {
      allowOrigins: ['*'],
      allowMethods: ['GET', 'HEAD', 'POST', 'DELETE'],
      allowHeaders: [
        'accept',
        'authorization',
        'cache-control',
        'content-type',
        'prefer',
        'range',
        'traceparent',
      ],
      exposeHeaders: [
        'content-range',
        'etag',
        'link',
        'location',
        'retry-after',
        'server-timing',
        'x-request-id',
      ],
      maxAge: '1 day',
    },
    transform: {
      stage: {
        defaultRouteSettings: {
          throttlingBurstLimit: count('API_BURST'),
          throttlingRateLimit: count('API_RATE'),
        },
      },
    },
  })
}
