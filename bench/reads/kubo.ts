// (a) from a real Kubo behind 30 ms: our reading with CARs of the opening and of the window, with those of the opening
// only, and by raw blocks alone.

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

const ways = {
  all: 'CARs of the opening and the window',
  opening: 'CAR of the opening alone',
  raw: 'raw blocks alone',
} as const
type Way = keyof typeof ways

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
  const reading = (profile: UnixFsProfile, way: Way): Contender => {
    let compared = false
    return {
      name: `${profileNames[profile]}: ${ways[way]}`,
      async run() {
        const scene = sceneOf(servers.roots[profile], null)
        const url = servers.urls[way === 'raw' ? 'kubo raw' : 'kubo']
        const reader = new Reader([url], way === 'opening' ? 'opening' : 'all')
        const reading = await reader.read(scene, task.request, null)
        // Once, in the run that is not counted: it reads whole tiles again.
        if (!compared) await assertSamePixels(await reading.digests(), task, servers, bench.gdal)
        compared = true
        await reading.close()
        return reading
      },
    }
  }
  const contenders = {
    v0: reading(V0, 'all'),
    v0opening: reading(V0, 'opening'),
    v0raw: reading(V0, 'raw'),
    v1: reading(V1, 'all'),
    v1opening: reading(V1, 'opening'),
    v1raw: reading(V1, 'raw'),
  }
  print(`\n${task.name}; both bands from a real Kubo, 30 ms a request`)
  const line = { latencyMs: 30, bytesPerSecond: 0 }
  const rows = await compare(contenders, 21, line, servers)
  printRows(contenders, rows, { fileBytes, against: 'v0raw' })
  print('')
  // A file of two levels saves a round trip by each of its CARs, one of a single level by that of its opening.
  const most = { v0: 0.9, v1: 1.1 } as const
  for (const kind of ['v0', 'v1'] as const) {
    const [cars, opening, raw] = [rows[kind], rows[`${kind}opening`], rows[`${kind}raw`]]
    const ratio = cars.ms / raw.ms
    verdicts.atMost(`(a) from Kubo, ${kind}: time, with CARs / raw blocks alone`, ratio, most[kind])
    const told = `${cars.requests} of ${raw.requests} requests, ${cars.roundTrips} of ${raw.roundTrips} in sequence`
    const fewer = cars.requests < raw.requests && cars.roundTrips < raw.roundTrips
    verdicts.holds(`(a) from Kubo, ${kind}: ${told}`, fewer && cars.bytes < 1.05 * raw.bytes)
    if (kind === 'v0') {
      const what = '(a) from Kubo, v0: CARs of the window save a round trip'
      verdicts.holds(what, cars.roundTrips < opening.roundTrips && cars.ms < 1.1 * opening.ms)
    }
  }
  return []
}
