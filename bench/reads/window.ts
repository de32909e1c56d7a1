// (a) the notebook's window: here round trips count, not bytes per second.

import { print } from '../part.ts'
import { compare, printRows } from './compare.ts'
import {
  type Bench,
  downloadContender,
  gdalContender,
  profileNames,
  type Situation,
  V0,
  V1,
  verified,
} from './contenders.ts'
import { tasks } from './scene.ts'

const task = tasks.window

export async function benchWindow(bench: Bench): Promise<void> {
  const { servers, fileBytes, verdicts } = bench
  const contenders = {
    ...verified(bench, task),
    gdal: gdalContender(bench, task),
    download: downloadContender(bench, 1),
  }
  const fast = { latencyMs: 0, bytesPerSecond: 0 }
  print(`\n${task.name}; no latency`)
  printRows(contenders, await compare(contenders, 7, fast, servers), { fileBytes })
  const far = { ...fast, latencyMs: 50 }
  print(`\n${task.name}; 50 ms a request`)
  const rows = await compare(contenders, 15, far, servers)
  printRows(contenders, rows, { fileBytes, against: 'gdal' })

  print('')
  // A file of two levels has one round more than GDAL, whatever a block costs.
  for (const [profile, kind, most] of [
    [V0, 'v0', { bytes: 1.5, raw: 1.35, car: 1 }],
    [V1, 'v1', { bytes: 5, raw: 1.1, car: 0.85 }],
  ] as const) {
    const name = `(a) ${profileNames[profile]}`
    const cold = [rows[`${kind}raw`], rows[`${kind}car`]]
    const bytes = Math.max(...cold.map((row) => row.bytes))
    const roundTrips = Math.max(...cold.map((row) => row.roundTrips))
    const against = (situation: Situation) => rows[`${kind}${situation}`].ms / rows.gdal.ms
    verdicts.atMost(`${name}: bytes, % of the files`, (100 * bytes) / fileBytes, most.bytes)
    verdicts.atMost(`${name}: requests in sequence from cold`, roundTrips, 5)
    verdicts.atMost(`${name}: time, raw blocks alone / GDAL`, against('raw'), most.raw)
    verdicts.atMost(`${name}: time, opening CAR / GDAL`, against('car'), most.car)
    const kept = `${name}: time, inner nodes and header kept / GDAL`
    verdicts.atMost(kept, against('known'), 0.8)
  }
}
