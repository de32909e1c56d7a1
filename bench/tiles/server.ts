// A server as a process of its own: started, waited for until it is healthy, asked, and ended.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RunningServer {
  readonly url: string
  readonly stop: () => Promise<void>
}

/**
 * One that prints its address, alone or among other words.
 *
 * @param ready the line by which it says that it serves; by default the one with the address
 */
export async function startTelling(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ready = /./,
): Promise<RunningServer> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)
  let url: string | undefined
  for await (const line of lines) {
    url ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (url === undefined || !ready.test(line)) continue
    child.stdout.resume()
    return { url, stop: () => stop(child) }
  }
  throw new Error(`${command} ${args.join(' ')} ended without an address`)
}

/** One that is told its port. */
export async function startAt(
  port: number,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'ignore' })
  return { url: `http://127.0.0.1:${port}`, stop: () => stop(child) }
}

const MOST_MS = 60_000

/** @param path answers with 200 once the server is ready */
export async function healthy({ url }: RunningServer, path: string): Promise<void> {
  const end = performance.now() + MOST_MS
  while (performance.now() < end) {
    const isReady = await fetch(`${url}${path}`).then(
      async (response) => {
        await response.arrayBuffer()
        return response.ok
      },
      () => false,
    )
    if (isReady) return
    await sleep(50)
  }
  throw new Error(`${url}${path} is not healthy after ${MOST_MS / 1000} s`)
}

async function stop(child: ChildProcess): Promise<void> {
  const over = once(child, 'close')
  child.kill('SIGKILL')
  await over
}
