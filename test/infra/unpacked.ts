// The zips that SST built, unpacked as Lambda unpacks them, and started.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import type { FunctionName } from '../../lib/config/variable.ts'
import { type Lambda, startLambda } from '../harness/lambda.ts'
import { deployed } from './deployed.ts'
import { zipOf } from './proof.ts'
import type { Variant } from './settings.ts'

const folders = new Map<string, string>()
process.once('exit', () => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true })
})

/** Folder of the function's files; made once per process. */
export function unpack(variant: Variant, name: FunctionName): string {
  const zip = zipOf(variant, name)
  const known = folders.get(zip)
  if (known !== undefined) return known
  const folder = mkdtempSync(join(tmpdir(), `task-${name}-`))
  folders.set(zip, folder)
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
    if (path.endsWith('/')) continue
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  return folder
}

/** Which of the two stages was built for this machine. The other one's settings are the plain ones. */
export const runnable: 'plain' | 'full' = process.arch === 'x64' ? 'full' : 'plain'

export interface StartOptions {
  /** In place of what the stage's configuration says. */
  readonly environment: Readonly<Record<string, string>>
  readonly variant?: Variant
  /** Whose configuration it has; the plain one by default. */
  readonly stage?: Variant
  readonly node?: readonly string[]
  readonly timeoutMs?: number
}

/** Starts a function, by default with the configuration of the plain stage, which has the necessary settings alone. */
export function startDeployed(name: FunctionName, options: StartOptions): Promise<Lambda> {
  const { handler, timeout, memorySize, environment } = deployed(options.stage ?? 'plain').lambda(
    name,
  )
  return startLambda({
    task: unpack(options.variant ?? options.stage ?? runnable, name),
    handler,
    environment: { ...environment.variables, ...options.environment },
    timeoutMs: options.timeoutMs ?? timeout * 1000,
    memoryMb: memorySize,
    ...(options.node === undefined ? {} : { node: options.node }),
  })
}
