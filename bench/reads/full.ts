// (c) the whole scene at full resolution: what hashing every byte costs where all bytes are needed.

import { RAW } from '../../lib/ipld/cid.ts'
import { verifyBlock } from '../../lib/ipld/verify.ts'
import { cidOfBlock } from '../../test/harness/cid-of-block.ts'
import { print } from '../part.ts'
import { compare, printRows } from './compare.ts'
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
  const line = { latencyMs: 50, bytesPerSecond: 25e6 }
  const rows = await compare(contenders, 1, line, servers)
  printRows(contenders, rows, { fileBytes, against: 'gdal' })

  for (const [{ name }, { ms }] of [
    [contenders.v0, rows.v0],
    [contenders.v1, rows.v1],
  ] as const) {
    verdicts.atMost(`(c) ${name}: time / GDAL`, ms / rows.gdal.ms, 0.8)
    verdicts.atMost(`(c) ${name}: time / download`, ms / rows.download.ms, 1.2)
  }

  print('')
  for (const [{ name }, { bytes, cpuMs }, blockBytes] of [
    [contenders.v0, rows.v0, 256 * 1024],
    [contenders.v1, rows.v1, 1024 * 1024],
  ] as const) {
    const hashMs = cpuOfHashing(bytes, blockBytes)
    const told = `(c) ${name}: hashing ${hashMs.toFixed(0)} of ${cpuMs.toFixed(0)} ms CPU, %`
    verdicts.atMost(told, (100 * hashMs) / cpuMs, 10)
  }
}

/** CPU time of hashing so many bytes once more, in pieces as large as the blocks. */
function cpuOfHashing(bytes: number, blockBytes: number): number {
  const block = new Uint8Array(blockBytes)
  const cid = cidOfBlock(RAW, block)
  const cpu = process.cpuUsage()
  for (let left = bytes; left > 0; left -= blockBytes) verifyBlock(cid, block)
  const { user, system } = process.cpuUsage(cpu)
  return (user + system) / 1000
}
