// AWS's runtime client, installed beside its own lockfile: its C++ stays uncompiled, the harness stands in for it.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const folder = fileURLToPath(new URL('runtime-client/', import.meta.url))

/** What Lambda starts a Node function with. */
export const runtimeClient = `${folder}node_modules/aws-lambda-ric/index.mjs`

/** @throws {Error} when npm cannot install it */
export async function ensureRuntimeClient(tell: (line: string) => void): Promise<void> {
  if (existsSync(runtimeClient)) return
  tell('npm ci: aws-lambda-ric and what it imports (19 MB).')
  const asked = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder]
  await promisify(execFile)('npm', asked, { cwd: folder, timeout: 300_000 })
}
