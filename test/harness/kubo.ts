// A real Kubo node, offline, on loopback and ports of its own, with a repository that goes with the test.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { kubo } from './peers.ts'

const run = promisify(execFile)

export interface Kubo extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` of its gateway. */
  readonly gateway: string
  /** `http://127.0.0.1:<port>` of its RPC API. */
  readonly rpc: string
  /** Its `IPFS_PATH`. */
  readonly repository: string
  /** Runs `ipfs` on this node; returns what it printed. */
  ipfs(...args: readonly string[]): Promise<string>
}

export interface KuboOptions {
  /** `ipfs config profile apply` names, applied before it starts. */
  readonly profiles?: readonly string[]
  /** Values of `ipfs config --json`. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Asks others for what it lacks; whom, `config` says. */
  readonly online?: boolean
}

/** A daemon that answers, offline unless told otherwise; ended, and its repository removed, when disposed of. */
export async function startKubo({
  profiles = [],
  config = {},
  online = false,
}: KuboOptions = {}): Promise<Kubo> {
  const repository = await mkdtemp(join(tmpdir(), 'greenprint-kubo-'))
  const env = { ...process.env, IPFS_PATH: repository, IPFS_TELEMETRY: 'off' }
  const ipfs = async (...args: readonly string[]) => {
    const { stdout } = await run(kubo(), [...args], { env, maxBuffer: 64 * 1024 * 1024 })
    return stdout
  }
  await ipfs('init', '--empty-repo', '--profile=test')
  for (const profile of profiles) await ipfs('config', 'profile', 'apply', profile)
  const settings = {
    'Addresses.API': '/ip4/127.0.0.1/tcp/0',
    'Addresses.Gateway': '/ip4/127.0.0.1/tcp/0',
    'Addresses.Swarm': [],
    'AutoConf.Enabled': false,
    Bootstrap: [],
    'DNS.Resolvers': {},
    'Ipns.DelegatedPublishers': [],
    'Routing.DelegatedRouters': [],
    'Routing.Type': 'none',
    'Gateway.NoFetch': true,
    ...config,
  }
  for (const [key, value] of Object.entries(settings)) {
    await ipfs('config', '--json', key, JSON.stringify(value))
  }
  const daemon = spawn(kubo(), ['daemon', ...(online ? [] : ['--offline'])], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  daemon.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  daemon.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await ready(daemon, () => said)
  return {
    gateway: await addressIn(join(repository, 'gateway')),
    rpc: multiaddrUrl(await addressIn(join(repository, 'api'))),
    repository,
    ipfs,
    async [Symbol.asyncDispose]() {
      if (daemon.exitCode === null) {
        daemon.kill('SIGTERM')
        await once(daemon, 'exit')
      }
      await rm(repository, { recursive: true, force: true })
    },
  }
}

async function ready(daemon: ChildProcess, said: () => string): Promise<void> {
  for (let waited = 0; !said().includes('Daemon is ready'); waited += 50) {
    if (daemon.exitCode !== null || waited > 30_000)
      throw new Error(`Kubo did not start:\n${said()}`)
    await pause(50)
  }
}

async function addressIn(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim()
}

/** `/ip4/127.0.0.1/tcp/5001` as a URL. */
function multiaddrUrl(address: string): string {
  const [, , host = '', , port = ''] = address.split('/')
  return `http://${host}:${port}`
}
