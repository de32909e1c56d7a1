// Programs of the benches as a deployment runs its functions: bundled likewise.

import { rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { bundleInto } from '../infra/bundle.ts'
import { cache } from './pair.ts'

/** @param program path of its first file. @returns that of its bundle */
export async function bundled(program: string): Promise<string> {
  const folder = join(cache, 'bundles', basename(program, '.ts'))
  rmSync(folder, { recursive: true, force: true })
  await bundleInto(folder, program)
  return join(folder, 'bundle.mjs')
}
