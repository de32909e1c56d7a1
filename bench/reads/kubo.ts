// (a) from a real Kubo behind 30 ms: our reading with its CARs, beside the same reading by raw blocks alone.

import { existsSync } from 'node:fs'
import type { UnixFsProfile } from '../../lib/ipld/importer.ts'
import { startKubo } from '../../test/harness/kubo.ts'
import { kubo } from '../../test/harness/peers.ts'
import { print } from '../part.ts'
import { type Contender, compare, printRows } from './compare.ts'
import { assertSamePixels, type Bench, profileNames, V0, V1 } from './contenders.ts'
import type { PerBand } from './content.ts'
import { Reader } from './reader.ts'
import { sceneOf, tasks } from './scene.ts'

const task = tasks.window
const options: Readonly<Record<UnixFsProfile, readonly string[]>> = {
  [V0]: [],
  [V1]: ['--cid-version=1', '--raw-leaves', '--chunker=size-1048576'],
}

/** @returns what was not measured */
export async function benchKubo(bench: Bench, pair: PerBand): Promise<readonly string[]> {
  const { servers, fileBytes, verdicts } = bench
  if (!existsSync(kubo()))
    return ['ABSENT: Kubo (run `npm run peers`, Go wanted): its reads were NOT MEASURED.']
  await using node = await startKubo()
  for (const profile of [V0, V1] as const) {
    for (const band of ['red', 'nir'] as const) {
      const cid = (await node.ipfs('add', '-Q', ...options[profile], pair[band])).trim()
      if (cid !== servers.roots[profile][band]) throw new Error(`Kubo has another CID: ${cid}`)
    }
  }
  await servers.forwardTo(node.gateway)
  const reading = (profile: UnixFsProfile, way: 'kubo' | 'kubo raw'): Contender => ({
    name: `${profileNames[profile]}: ${way === 'kubo' ? 'CARs of the opening and the window' : 'raw blocks alone'}`,
    async run() {
      const scene = sceneOf(servers.roots[profile], null)
      const reading = await new Reader([servers.urls[way]]).read(scene, task.request, null)
      await assertSamePixels(await reading.digests(), task, servers, bench.gdal)
      await reading.close()
      return reading
    },
  })
  const contenders = {
    v0: reading(V0, 'kubo'),
    v0raw: reading(V0, 'kubo raw'),
    v1: reading(V1, 'kubo'),
    v1raw: reading(V1, 'kubo raw'),
  }
  print(`\n${task.name}; both bands from a real Kubo, 30 ms a request`)
  const line = { latencyMs: 30, bytesPerSecond: 0 }
  const rows = await compare(contenders, 7, line, servers)
  printRows(contenders, rows, { fileBytes, against: 'v0raw' })
  print('')
  for (const kind of ['v0', 'v1'] as const) {
    const [cars, raw] = [rows[kind], rows[`${kind}raw`]]
    verdicts.atMost(
      `(a) from Kubo, ${kind}: time, with CARs / raw blocks alone`,
      cars.ms / raw.ms,
      1.1,
    )
    const told = `${cars.requests} of ${raw.requests} requests, ${cars.roundTrips} of ${raw.roundTrips} in sequence`
    const fewer = cars.requests < raw.requests && cars.roundTrips <= raw.roundTrips
    verdicts.holds(`(a) from Kubo, ${kind}: ${told}`, fewer && cars.bytes < 1.05 * raw.bytes)
  }
  return []
}
