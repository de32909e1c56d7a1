// What functions may do, by what each right is for; infra/functions.ts hands them out.

import type { FunctionName } from '../lib/config/variable.ts'
import { keyRights } from './encryption.ts'
import { readByAll, removedBy, writtenBy } from './folders.ts'
import type { Places } from './places.ts'
import { listed } from './settings.ts'

/** `aws`, or that of GovCloud or China. */
const { partition } = aws.getPartitionOutput()

export function rights({ bucket, jobs, results }: Places) {
  const may = (actions: string[], ...resources: $util.Input<string>[]) => ({ actions, resources })
  const under = (paths: string[]) => paths.map((path) => $interpolate`${bucket.arn}/${path}`)
  return {
    read: [
      may(['s3:GetObject'], ...under(readByAll())),
      // Without ListBucket S3 answers 403 instead of 404 for a missing key.
      may(['s3:ListBucket'], bucket.arn),
      ...keyRights(),
    ],
    mirrors: listed('S3_MIRROR_BUCKETS').map((name) =>
      may(['s3:GetObject'], $interpolate`arn:${partition}:s3:::${name}/*`),
    ),
    // A notice may name the version of what it tells of.
    inbox: may(['s3:GetObject', 's3:GetObjectVersion'], ...under(['incoming/*'])),
    write: (name: FunctionName) =>
      may(['s3:PutObject', 's3:AbortMultipartUpload'], ...under(writtenBy(name))),
    remove: (name: FunctionName) => may(['s3:DeleteObject'], ...under(removedBy(name))),
    queueJobs: may(['sqs:SendMessage'], jobs.arn),
    receive: (queue: sst.aws.Queue) =>
      may(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.arn),
    postpone: may(['sqs:ChangeMessageVisibility'], jobs.arn),
    announce: may(['sns:Publish'], results.arn),
  }
}
