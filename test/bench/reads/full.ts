// (c) the whole scene at full resolution: what hashing every byte costs where all bytes are needed.

import { Session } from 'node:inspector/promises'
import { print } from '../part.ts'
import { type Contender, compare, printRows } from './compare.ts'
import { type Bench, downloadContender, gdalContender, ours, V0, V1 } from './contenders.ts'
import { tasks } from './scene.ts'

const task = tasks.full

export async function benchFull(bench: Bench): Promise<void> {
  const { servers, fileBytes, verdicts } = bench
  const contenders = {
    v0: ours(bench, task, V0, 'raw'),
    v1: ours(bench, task, V1, 'raw'),
    gdal: gdalContender(bench, task),
    download: downloadContender(bench, 1),
  }
  print(`\n${task.name}; 50 ms a request, 25 MB/s a connection`)
  const line = { latencyMs: 50, handshakes: 0, bytesPerSecond: 25e6 }
  const rows = await compare(contenders, 1, line, servers)
  printRows(contenders, rows, { fileBytes, against: 'gdal' })

  print('')
  for (const [name, contender, { cpuMs }] of [
    [contenders.v0.name, contenders.v0, rows.v0],
    [contenders.v1.name, contenders.v1, rows.v1],
  ] as const) {
    const hashMs = await timeInHashes(contender)
    const told = `(c) ${name}: hashing ${hashMs.toFixed(0)} ms of ${cpuMs.toFixed(0)} ms CPU, %`
    verdicts.atMost(told, (100 * hashMs) / cpuMs, 10)
  }
}

/** Time of one more run that its profile finds in node's hash functions, whoever called them. */
async function timeInHashes({ run }: Contender): Promise<number> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 500 })
  await session.post('Profiler.start')
  await run()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  const parents = new Map(
    profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)),
  )
  const hashing = new Set(
    profile.nodes
      .filter((node) =>
        [node, parents.get(node.id)].some((at) => /crypto\/hash/.test(at?.callFrame.url ?? '')),
      )
      .map(({ id }) => id),
  )
  const deltas = profile.timeDeltas ?? []
  const microseconds = (profile.samples ?? []).reduce(
    (sum, id, at) => sum + (hashing.has(id) ? (deltas[at] ?? 0) : 0),
    0,
  )
  return microseconds / 1000
}
