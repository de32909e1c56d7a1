// When sources fail: one of three gateways hangs; all are gone and only a plain copy of the files is left.

import { rm } from 'node:fs/promises'
import type { UnixFsProfile } from '../../lib/ipld/importer.ts'
import { print, printTable, quantile } from '../part.ts'
import {
  assertSamePixels,
  type Bench,
  fileUrl,
  makeFolder,
  profileNames,
  V0,
  V1,
} from './contenders.ts'
import { Reader } from './reader.ts'
import { sceneOf, type Task, tasks } from './scene.ts'
import type { ServerName } from './server.ts'

const RUNS = 50

/** Two processes' worth of scores, run by turns: what is noise is noise to both. */
export async function benchHanging({ servers, verdicts }: Bench): Promise<void> {
  await servers.setLine({ latencyMs: 50, bytesPerSecond: 0 })
  const start = (first: ServerName) => ({
    reader: new Reader([servers.urls[first], servers.urls['raw 2'], servers.urls['raw 3']]),
    times: [] as number[],
  })
  const healthy = start('raw 1')
  const hanging = start('hanging')
  const scene = sceneOf(servers.roots[V0], null)
  for (let run = 0; run <= RUNS; run++) {
    for (const { reader, times } of [healthy, hanging]) {
      const reading = await reader.read(scene, tasks.window.request, null)
      await reading.close()
      if (run > 0) times.push(reading.ms)
    }
  }
  print(
    `\n(a) with one of three gateways hanging: ${RUNS} runs after one to warm up, 50 ms a request`,
  )
  const told = ({ times }: typeof healthy) =>
    [0.5, 0.95, 1].map((share) => quantile(times, share).toFixed(0))
  const header = ['', 'median ms', 'p95 ms', 'most ms']
  printTable(header, [
    ['all three well', ...told(healthy)],
    ['the first one hangs', ...told(hanging)],
  ])
  print('')
  const ratio = quantile(hanging.times, 0.95) / quantile(healthy.times, 0.95)
  verdicts.atMost('(a) p95 with one of three hanging / all well', ratio, 1.5)
}

/** Every gateway refuses; what is left is the inner nodes in the store and the files on a plain web server. */
export async function benchMirror(bench: Bench): Promise<void> {
  const { servers } = bench
  await servers.setLine({ latencyMs: 50, bytesPerSecond: 25e6 })
  print('\nGateways gone after the inner nodes were stored; only a plain copy of the files is left')
  const rows: (string | number)[][] = []
  for (const profile of [V0, V1] as const) {
    const store = await makeFolder()
    for (const task of [tasks.window, tasks.overview]) {
      const before = await new Reader([servers.urls['raw 1']]).read(
        sceneOf(servers.roots[profile], null),
        task.request,
        store,
      )
      await before.close()
      rows.push(await readFromMirror(bench, profile, task, store))
    }
    await rm(store, { recursive: true, force: true })
  }
  printTable(['', 'MB', 'requests', 'ms', 'pixels', 'served by'], rows)
  print('')
  const right = rows.every((row) => row.includes("GDAL's"))
  bench.verdicts.holds('(a) and (b) from the plain copy alone, verified', right)
}

async function readFromMirror(
  { servers, gdal }: Bench,
  profile: UnixFsProfile,
  task: Task,
  store: string,
): Promise<(string | number)[]> {
  const mirrors = { red: fileUrl(servers, 'red'), nir: fileUrl(servers, 'nir') }
  await servers.takeLog()
  const reader = new Reader([servers.urls.gone, servers.urls.gone])
  const reading = await reader.read(sceneOf(servers.roots[profile], mirrors), task.request, store)
  const log = await servers.takeLog()
  const name = `${profileNames[profile]}: ${task.name.slice(0, 3)}`
  try {
    await assertSamePixels(await reading.digests(), task, servers, gdal)
  } finally {
    await reading.close()
  }
  const bytes = log.reduce((sum, asked) => sum + asked.bytes, 0)
  const sources = [...reading.sources].map((source) =>
    mirrors.red.startsWith(source) ? 'the copy' : source,
  )
  return [
    name,
    (bytes / 1e6).toFixed(2),
    log.length,
    reading.ms.toFixed(0),
    "GDAL's",
    sources.join(' + '),
  ]
}
