// The local system under load, in a process of its own: what is known beside /health in the same run, and its memory.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sampleRequest } from '../../lib/sample/sample.ts'
import { print, printTable, Verdicts } from '../part.ts'
import { type Asked, load } from './generator.ts'

const CONNECTIONS = 50
const MS = 5_000
/** Distinct requests, of a few pixels each. */
const DISTINCT = 2_000
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Prints the table. @returns the targets that were missed */
export async function benchLoad(): Promise<readonly string[]> {
  const verdicts = new Verdicts()
  await withServer((server) => measureRates(server, verdicts))
  // A process of its own: what others asked of it before stays in V8's heap for a while.
  await withServer((server) => measureMemory(server, verdicts))
  return verdicts.missed
}

interface Served {
  readonly base: string
  /** Megabytes. */
  readonly resident: () => Promise<number>
}

async function withServer(use: (server: Served) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-load-'))
  const server = spawn(process.execPath, await startArguments(), {
    cwd: root,
    env: { ...process.env, DATA_DIR: folder, PORT: '18080' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const base = await serving(server.stdout)
    await use({ base, resident: async () => (await residentOf(server.pid ?? 0)) / 1e6 })
  } finally {
    server.kill()
    await once(server, 'exit')
    await rm(folder, { recursive: true, force: true })
  }
}

/** What `npm start` gives to Node, but for the file of an environment. */
async function startArguments(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const [, given] = /node ((?:--\S+ )*functions\/local\.ts)$/.exec(String(scripts.start)) ?? []
  if (given === undefined) throw new Error(`npm start is not read here: ${String(scripts.start)}`)
  return given.split(' ').filter((part) => !part.startsWith('--env-file'))
}

/** The address that the system tells, once it has done its first work. Its output is read to the end. */
function serving(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    output.on('data', (part) => {
      text += String(part)
      const base = /https?:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0]
      if (base !== undefined && text.includes(`${base}/ipfs/`)) resolve(base)
    })
    output.once('end', () => reject(new Error(`the local system did not start: ${text}`)))
  })
}

async function ndviOf({ base }: Served): Promise<(pin: boolean, fields?: object) => Asked> {
  const { item } = await sampleRequest()
  return (pin, fields = {}) => ({
    method: 'POST',
    url: `${base}/ndvi`,
    body: JSON.stringify({ item, max_size: 256, pin, ...fields }),
  })
}

async function measureRates(server: Served, verdicts: Verdicts): Promise<void> {
  const { base, resident } = server
  const asking = await ndviOf(server)
  const cases: readonly (readonly [string, Asked])[] = [
    ['/health', { method: 'GET', url: `${base}/health` }],
    ['known NDVI', asking(false)],
    ['known NDVI, pinned', asking(true)],
  ]
  for (const [, asked] of cases) await load(() => asked, 1, 500)
  const rows = []
  for (const [name, asked] of cases) {
    rows.push({ name, ...(await load(() => asked, CONNECTIONS, MS)) })
  }
  print(`\nload: ${CONNECTIONS} connections, ${MS / 1000} s each, Node ${process.versions.node}`)
  printTable(
    ['', 'a second', 'p99 ms', 'failed'],
    rows.map(({ name, perSecond, p99, failures }) => [
      name,
      perSecond.toFixed(0),
      p99.toFixed(1),
      failures,
    ]),
  )
  const [health, known, pinned] = rows
  if (health === undefined || known === undefined || pinned === undefined) {
    throw new RangeError('three cases were run')
  }
  for (const row of [known, pinned]) {
    verdicts.atMost(`/health per ${row.name}`, health.perSecond / row.perSecond, 2, ' x')
    verdicts.atMost(`p99 of ${row.name} per /health's`, row.p99 / health.p99, 3, ' x')
    verdicts.holds(`${row.name}: none failed`, row.failures === 0)
  }
  print(`  told  RSS after these: ${(await resident()).toFixed(0)} MB`)
}

async function measureMemory(server: Served, verdicts: Verdicts): Promise<void> {
  const asking = await ndviOf(server)
  // Other ends of the colour bar are other results; the pixels are a few hundred.
  for (let from = 0; from < DISTINCT; from += CONNECTIONS) {
    const batch = Array.from({ length: CONNECTIONS }, (_, at) =>
      asking(false, { max_size: 32, outputs: ['figure'], rescale: [-1, 1 + (from + at) / 1e6] }),
    )
    await Promise.all(batch.map((asked) => load(() => asked, 1, 1)))
  }
  verdicts.atMost(`RSS after ${DISTINCT} distinct requests`, await server.resident(), 450, ' MB')
}

/** Bytes, as Linux tells them. */
async function residentOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? Number.NaN) * 1024
}
