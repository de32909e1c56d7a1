// AWS as moto imitates it: S3, SQS, SNS, IAM and more on one port of loopback, in a process of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { peersHome } from './peers.ts'

export interface Moto {
  readonly endpoint: string
  /** What the SDK of a function finds in its environment: whoever moto lets in, and where everything is. */
  readonly environment: Readonly<Record<string, string>>
  /** From now on every request needs the rights of who signed it. */
  readonly checkRights: () => Promise<void>
  /** From now on whoever asks may do everything. */
  readonly allowAll: () => Promise<void>
  readonly stop: () => Promise<void>
}

export const motoRegion = 'eu-central-1'
const START_MS = 60_000

/** @throws {Error} with what moto said when it does not come up */
export async function startMoto(): Promise<Moto> {
  const port = await freePort()
  const command = join(peersHome(), 'python', 'bin', 'moto_server')
  const server = spawn(command, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  server.stderr.on('data', (text) => void (said = `${said}${String(text)}`.slice(-4_000)))
  const endpoint = `http://127.0.0.1:${port}`
  const stop = () => end(server)
  if (!(await answers(`${endpoint}/moto-api/`, server))) {
    await stop()
    throw new Error(`moto did not start: ${said}`)
  }
  return {
    endpoint,
    environment: {
      AWS_REGION: motoRegion,
      AWS_ACCESS_KEY_ID: 'FIRSTKEY',
      AWS_SECRET_ACCESS_KEY: 'first-secret',
      AWS_ENDPOINT_URL: endpoint,
    },
    // After so many requests rights count.
    checkRights: () => post(`${endpoint}/moto-api/reset-auth`, '0'),
    allowAll: () => post(`${endpoint}/moto-api/reset-auth`, 'inf'),
    stop,
  }
}

async function post(address: string, body: string): Promise<void> {
  await fetch(address, { method: 'POST', body })
}

async function answers(address: string, server: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline && server.exitCode === null) {
    const reply = await fetch(address).catch(() => null)
    await reply?.body?.cancel()
    if (reply?.ok === true) return true
    await sleep(50)
  }
  return false
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  server.kill('SIGKILL')
  await gone
}
