// (b) the whole scene at 1,024 px: the front of the files, at the rate of a good line.

import { print } from '../part.ts'
import { compare, printRows } from './compare.ts'
import { type Bench, downloadContender, gdalContender, verified } from './contenders.ts'
import { tasks } from './scene.ts'

const task = tasks.overview

export async function benchOverview(bench: Bench): Promise<void> {
  const { servers, fileBytes, verdicts } = bench
  const contenders = {
    ...verified(bench, task),
    gdal: gdalContender(bench, task),
    download: downloadContender(bench, 3),
  }
  print(`\n${task.name}; 50 ms a request, 25 MB/s a connection`)
  const line = { latencyMs: 50, bytesPerSecond: 25e6 }
  const rows = await compare(contenders, 7, line, servers)
  printRows(contenders, rows, { fileBytes, against: 'download' })

  print('')
  const bytes = Math.max(rows.v0raw.bytes, rows.v0car.bytes)
  const slowest = Math.max(rows.v0raw.ms, rows.v0car.ms, rows.v1raw.ms, rows.v1car.ms)
  verdicts.atMost('(b) CIDv0/256 KiB: bytes, % of the files', (100 * bytes) / fileBytes, 2.5)
  verdicts.atMost('(b) time, the slowest from cold / download', slowest / rows.download.ms, 0.2)
}
