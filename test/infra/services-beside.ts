// The services of this process beside deployed functions, on the same stand-ins of AWS. A function fetches over TLS
// from public hosts alone: what it would find is found here, and put into its own store and queue.

import { readConfig } from '../../lib/config/config.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { type AppServices, createServices } from '../../lib/services.ts'
import type { Aws } from '../harness/aws.ts'
import { serveStac } from '../harness/stac-server.ts'

/** @param folder what is kept on disk @param items what the catalogue has when it is asked */
export async function servicesBeside(
  { s3, environment }: Aws,
  folder: string,
  items: readonly JsonObject[],
): Promise<AppServices> {
  // For the SDK in this process, as Lambda has them.
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('AWS_')) process.env[name] = value
  }
  const catalogue = await serveStac(() => items)
  return createServices({
    ...readConfig({ DATA_DIR: folder, STAC_API_URL: catalogue }),
    s3: { bucket: s3.bucket, prefix: '', region: s3.account.region },
    queueUrl: environment['QUEUE_URL'] ?? null,
  })
}
