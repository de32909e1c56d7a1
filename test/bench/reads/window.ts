// (a) the notebook's window: where round trips count, not bytes per second.

import type { Bench } from './contenders.ts'
import { downloadContender, gdalContender, ours } from './contenders.ts'
import { compare, printRows } from './compare.ts'
import { print } from '../part.ts'
import { tasks } from './scene.ts'

const V0 = 'unixfs-v0-2015'
const V1 = 'unixfs-v1-2025'

export async function benchWindow(bench: Bench): Promise<void> {
  const { servers, fileBytes, verdicts } = bench
  const task = tasks.window
  const contenders = {
    v0raw: ours(bench, task, V0, 'raw'),
    v0car: ours(bench, task, V0, 'car'),
    v0known: ours(bench, task, V0, 'inner nodes known'),
    v1raw: ours(bench, task, V1, 'raw'),
    v1car: ours(bench, task, V1, 'car'),
    v1known: ours(bench, task, V1, 'inner nodes known'),
    gdal: gdalContender(bench, task),
    download: downloadContender(bench, 1),
  }
  for (const latencyMs of [0, 50]) {
    const line = { latencyMs, handshakes: 0, bytesPerSecond: 0 }
    const rows = await compare(contenders, 11, line, servers)
    print(`\n${task.name}; ${latencyMs} ms per request`)
    const against = ['gdal'] as const
    printRows(contenders, rows, { fileBytes, against, roundTrips: latencyMs > 0 })
    if (latencyMs === 0) continue
    const share = (bytes: number) => (100 * bytes) / fileBytes
    const times = (row: { readonly ms: number }) => row.ms / rows.gdal.ms
    print('')
    for (const [cold, most] of [
      [rows.v0raw, 1.5],
      [rows.v0car, 1.5],
      [rows.v1raw, 5],
      [rows.v1car, 5],
    ] as const) {
      const what = Object.entries(rows).find(([, row]) => row === cold)?.[0] ?? ''
      verdicts.atMost(`(a) ${what}: bytes`, share(cold.bytes), most, ' %')
      verdicts.atMost(`(a) ${what}: sequential round trips`, cold.roundTrips, 5)
    }
    for (const v of ['v0', 'v1'] as const) {
      verdicts.atMost(`(a) ${v} raw: time against GDAL's`, times(rows[`${v}raw`]), 1.5)
      verdicts.atMost(`(a) ${v} car: time against GDAL's`, times(rows[`${v}car`]), 1.1)
      verdicts.atMost(`(a) ${v} known: time against GDAL's`, times(rows[`${v}known`]), 0.8)
    }
  }
}
