// `npm start` as somebody runs it: a process of its own, under its own address.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface LocalProcess {
  /** Its address. */
  readonly base: string
  close(): Promise<void>
}

/** Once it serves, its sample computed. @throws {Error} with what it said where it ends before */
export async function startLocal(
  env: Readonly<Record<string, string>> = {},
): Promise<LocalProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
  const script = fileURLToPath(new URL('../../functions/local.ts', import.meta.url))
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, DATA_DIR: folder, PORT: '18080', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const line of createInterface(child.stdout)) {
    said += `${line}\n`
    if (line.startsWith('Serving.')) break
  }
  const [, base] = /local system at (http\S+)/.exec(said) ?? []
  if (base === undefined || !said.includes('Serving.')) throw new Error(`it did not start: ${said}`)
  child.stdout.resume()
  return {
    base,
    async close() {
      const over = once(child, 'exit')
      child.kill()
      await over
      await rm(folder, { recursive: true, force: true })
    },
  }
}
