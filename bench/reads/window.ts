// (a) the notebook's window: here round trips count, not bytes per second.

import { print } from '../part.ts'
import { compare, printRows, type Row } from './compare.ts'
import {
  type Bench,
  downloadContender,
  gdalContender,
  profileNames,
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
  for (const [profile, kind, mostBytes] of [
    [V0, 'v0', 1.5],
    [V1, 'v1', 5],
  ] as const) {
    const name = `(a) ${profileNames[profile]}`
    const cold = [rows[`${kind}raw`], rows[`${kind}car`]]
    const bytes = Math.max(...cold.map((row) => row.bytes))
    const roundTrips = Math.max(...cold.map((row) => row.roundTrips))
    const against = ({ ms }: Row) => ms / rows.gdal.ms
    verdicts.atMost(`${name}: bytes, % of the files`, (100 * bytes) / fileBytes, mostBytes)
    verdicts.atMost(`${name}: requests in sequence from cold`, roundTrips, 5)
    verdicts.atMost(`${name}: time, raw blocks alone / GDAL`, against(rows[`${kind}raw`]), 1.5)
    verdicts.atMost(`${name}: time, opening CAR / GDAL`, against(rows[`${kind}car`]), 1.1)
    verdicts.atMost(
      `${name}: time, inner nodes and header kept / GDAL`,
      against(rows[`${kind}known`]),
      0.8,
    )
  }
}
