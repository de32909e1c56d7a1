// Before the tests of this folder: SST's components, AWS's runtime client, and what SST would deploy, once for all of
// them.

import { prove } from './proof.ts'
import { ensureRuntimeClient } from './runtime-client.ts'
import { ensurePlatform } from './sst-cli.ts'

const tell = (line: string) => process.stderr.write(`# ${line}\n`)

export async function globalSetup(): Promise<void> {
  try {
    await ensurePlatform(tell)
    await ensureRuntimeClient(tell)
  } catch (error) {
    // The test files run in processes of their own, which inherit this.
    process.env['GREENPRINT_INFRA_NEEDS'] = `needs the npm registry: ${String(error).slice(0, 300)}`
    return
  }
  for (const variant of ['plain', 'full'] as const) {
    tell(`sst diff of the ${variant} stage, on loopback`)
    await prove(variant)
  }
}
