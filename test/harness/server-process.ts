// functions/server.ts as a container runs it: a process of its own that answers strangers.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { childEnvironment } from './child-environment.ts'

export interface ServerProcess {
  /** Its address. */
  readonly base: string
  readonly lines: readonly Readonly<Record<string, unknown>>[]
  /** Tells it to end. @returns its exit code, null where it had to be killed */
  end(): Promise<number | null>
  /** Without a word to it, as the kernel does where memory runs out. */
  kill(): Promise<void>
}

const MOST_ENDING_MS = 40_000

export interface HowToStart {
  /** Program and arguments, by default those of the sources. */
  readonly command?: readonly string[]
  readonly cwd?: string
  /** Of the user and their group, where this process may choose; by default its own. */
  readonly user?: number
}

/** Once it listens. @throws {Error} with what it said where it ends before */
export async function startServer(
  env: Readonly<Record<string, string>>,
  { command, cwd, user }: HowToStart = {},
): Promise<ServerProcess> {
  const script = fileURLToPath(new URL('../../functions/server.ts', import.meta.url))
  const [program = '', ...args] = command ?? [process.execPath, script]
  const child = spawn(program, args, {
    cwd,
    ...(user === undefined ? {} : { uid: user, gid: user }),
    env: {
      // Another program than the sources writes where its own environment says.
      ...(command === undefined ? childEnvironment : { PATH: childEnvironment.PATH }),
      HOME: process.env['HOME'],
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const over = once(child, 'exit')
  const lines: Record<string, unknown>[] = []
  const said: string[] = []
  const port = await new Promise<unknown>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      said.push(line)
      if (!line.startsWith('{')) return
      const told: Record<string, unknown> = JSON.parse(line)
      lines.push(told)
      if (told['event'] === 'listening') resolve(told['port'])
    })
    void over.then(() => reject(new Error(`the server ended: ${said.join('\n')}`)))
  })
  return {
    base: `http://127.0.0.1:${String(port)}`,
    lines,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), MOST_ENDING_MS)
      await over
      clearTimeout(late)
      return child.exitCode
    },
    async kill() {
      child.kill('SIGKILL')
      await over
    },
  }
}
