// What SST would deploy: every resource that it asks for and every zip that it builds, by its own `diff`, offline.

import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FunctionName, functionNames } from '../../lib/config/variable.ts'
import { startAwsStandIn } from './aws-stand-in.ts'
import type { AskedResource } from './pulumi-mocks.ts'
import { settingsOf, type Variant } from './settings.ts'
import { root, sst } from './sst-cli.ts'

export interface Proof {
  readonly resources: readonly AskedResource[]
  readonly outputs: Readonly<Record<string, unknown>>
}

const folderOf = (variant: Variant) => `${root}.sst/proof/${variant}`

/** The zip that this function would be deployed with. */
export function zipOf(variant: Variant, name: FunctionName): string {
  return join(folderOf(variant), `${name}.zip`)
}

/** What `prove` found, secrets in plain. */
export function readProof(variant: Variant): Proof {
  return JSON.parse(readFileSync(join(folderOf(variant), 'proof.json'), 'utf8'), unveil)
}

/** Pulumi wraps secrets, and what holds one: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts */
const SECRET = '4dabf18193072939515e22adb298388d'

function unveil(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(SECRET in value)) return value
  return 'value' in value ? value.value : undefined
}

/**
 * Runs `sst diff` with the settings of this variant, and keeps what it found below .sst/proof.
 *
 * @throws {Error} with what SST said
 */
export async function prove(variant: Variant): Promise<void> {
  // What the zip of the API has of the page; once in a process.
  await import('../../scripts/build-page.ts')
  const folder = folderOf(variant)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const aws = await startAwsStandIn()
  try {
    await sst('diff', {
      ...settingsOf(variant),
      XDG_CONFIG_HOME: installEngine(folder),
      GREENPRINT_PROOF: join(folder, 'proof.json'),
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: 'nobody',
      AWS_SECRET_ACCESS_KEY: 'nothing',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_S3_USE_PATH_STYLE: '1',
    })
  } finally {
    await aws.stop()
  }
  for (const name of functionNames) {
    const built = `${root}.sst/artifacts/${name}/code.zip`
    if (existsSync(built)) cpSync(built, zipOf(variant, name))
  }
}

/** Puts the stand-in where SST keeps Pulumi's engine. @returns the folder that holds it */
function installEngine(folder: string): string {
  const home = join(folder, 'config')
  const engine = join(home, 'sst/bin/pulumi')
  const standIn = fileURLToPath(new URL('pulumi-stand-in.ts', import.meta.url))
  mkdirSync(join(home, 'sst/bin'), { recursive: true })
  writeFileSync(engine, `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "$@"\n`)
  chmodSync(engine, 0o755)
  return home
}
