// Fingerprints: what hashing and building the DAG add to the same parallel ranges, in time, CPU and memory.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { lacksRasterio, makePair } from '../pair.ts'
import { median, print, printTable, Verdicts } from '../part.ts'
import { Gdal } from '../reads/gdal.ts'
import { Servers } from '../reads/servers.ts'
import type { Cost, Job, Kind } from './reader.ts'
import { benchPlainWindow } from './window.ts'

const RUNS = 5
const MIB = 1024 * 1024

interface Server {
  readonly child: ChildProcess
  readonly url: string
  readonly size: number
}

async function startServer(): Promise<Server> {
  const child = fork(new URL('server.ts', import.meta.url), { stdio: 'inherit' })
  const [told] = await once(child, 'message')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what server.ts sends first
  return { child, ...(told as { url: string; size: number }) }
}

async function measure(job: Job): Promise<Cost> {
  const child = fork(new URL('reader.ts', import.meta.url), { stdio: 'inherit' })
  const failed = new AbortController()
  child.once('exit', (code) => {
    if (code !== 0) failed.abort(new Error(`the reader ended with ${code}`))
  })
  child.send(job)
  const [cost] = await once(child, 'message', { signal: failed.signal })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what reader.ts sends
  return cost as Cost
}

/** @returns the targets that were missed */
export async function benchPrints(): Promise<readonly string[]> {
  const verdicts = new Verdicts()
  await benchMaking(verdicts)
  const absent = lacksRasterio()
  if (absent !== null) return [...verdicts.missed, absent]
  const pair = await makePair()
  const sizes = await Promise.all([stat(pair.red), stat(pair.nir)])
  const fileBytes = sizes.reduce((sum, each) => sum + each.size, 0)
  const servers = await Servers.start(pair)
  const gdal = await Gdal.start()
  try {
    await benchPlainWindow({ servers, gdal, fileBytes, verdicts })
  } finally {
    gdal.stop()
    servers.stop()
  }
  return verdicts.missed
}

async function benchMaking(verdicts: Verdicts): Promise<void> {
  const server = await startServer()
  const { url, size } = server
  print(`\nFingerprints of ${(size / MIB).toFixed(0)} MiB; 25 MB/s a connection, 50 ms a request`)
  const costs: Record<Kind, Cost[]> = { ranges: [], fingerprint: [] }
  const both: Cost[] = []
  try {
    // In turns, so that a slow minute of the machine is everybody's.
    for (let run = 0; run < RUNS; run++) {
      for (const kind of ['ranges', 'fingerprint'] as const) {
        costs[kind].push(await measure({ kind, urls: [`${url}/red`] }))
      }
      both.push(await measure({ kind: 'fingerprint', urls: [`${url}/red`, `${url}/nir`] }))
    }
  } finally {
    server.child.disconnect()
  }
  const rows = [
    ['ranges alone', costs.ranges],
    ['fingerprint', costs.fingerprint],
    ['two at once', both],
  ] as const
  const middle = (of: readonly Cost[], name: keyof Cost) => median(of.map((cost) => cost[name]))
  printTable(
    ['', 's', 'CPU s', 'peak MB'],
    rows.map(([name, of]) => [
      name,
      (middle(of, 'ms') / 1000).toFixed(2),
      (middle(of, 'cpuMs') / 1000).toFixed(2),
      (middle(of, 'peakBytes') / 1e6).toFixed(0),
    ]),
  )
  const ratios = costs.fingerprint.map(({ ms }, run) => ms / (costs.ranges[run]?.ms ?? Number.NaN))
  verdicts.atMost('fingerprint: time / ranges alone', median(ratios), 1.3)
  verdicts.atMost('fingerprint: CPU', middle(costs.fingerprint, 'cpuMs') / 1000, 1.5, ' s')
  const most = Math.max(...both.map(({ peakBytes }) => peakBytes)) / 1e6
  verdicts.atMost('two at once: peak memory', most, 300, ' MB')
}
