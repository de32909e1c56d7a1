// A whole Sentinel-2 tile as a worker of each size has it: what it takes, within a memory cgroup of that size.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { createMemoryGroup, type MemoryGroup } from '../../test/harness/memory-group.ts'
import { importPair } from '../numbers/disk.ts'
import { ourJob, type Sized } from '../numbers/jobs.ts'
import type { Job } from '../numbers/processes.ts'
import { lacksRasterio, makePair } from '../pair.ts'
import { print, printTable, Verdicts } from '../part.ts'

const TILE: readonly [rows: number, cols: number] = [10_980, 10_980]
/** Of Lambda: the least that is sensible, one processor, and the worker's own. */
const SIZES_MB = [512, 768, 1024, 1769, 3008] as const
/** The worker as it is deployed. */
const DEPLOYED_MB = 3008
const MIB = 1024 * 1024
const outputs = { figure: ['figure'], 'figure and GeoTIFF': ['figure', 'cog'] } as const

/** Prints the table. @returns what does not fit the deployed worker */
export async function benchMemory(): Promise<readonly string[]> {
  const absent = lacksRasterio()
  if (absent !== null) return [absent]
  const probe = groupOf(DEPLOYED_MB)
  if (probe === null) return ['ABSENT: a memory cgroup. NOTHING WAS MEASURED.']
  probe.remove()
  const pair = await makePair(TILE)
  const tile: Sized = { pair, disk: await importPair(pair, TILE.join('x')) }
  const verdicts = new Verdicts()
  const rows: string[][] = []
  for (const [name, kinds] of Object.entries(outputs)) {
    for (const megabytes of SIZES_MB) {
      const told = await runWithin(await ourJob(tile, 'full', kinds), megabytes)
      rows.push([`${name}, ${megabytes} MB`, ...told.cells])
      if (megabytes === DEPLOYED_MB) verdicts.holds(`${name} within ${megabytes} MB`, told.isDone)
    }
  }
  print(`\nmemory: NDVI of ${TILE.join(' x ')} px at full resolution, from blocks on this disk;`)
  print('all processors of this machine, whatever the size: Lambda has one at 1,769 MB')
  printTable(['', 'wall s', 'CPU s', 'peak MiB'], rows)
  return verdicts.missed
}

interface Told {
  readonly isDone: boolean
  readonly cells: readonly string[]
}

function groupOf(megabytes: number): MemoryGroup | null {
  return createMemoryGroup(`greenprint-bench-${process.pid}`, megabytes * MIB)
}

async function runWithin({ command, args, environment }: Job, megabytes: number): Promise<Told> {
  const group = groupOf(megabytes)
  if (group === null) throw new Error('no memory cgroup can be made here')
  const started = performance.now()
  // As Lambda starts Node: a heap within the function's memory.
  const heap = `--max-old-space-size=${Math.round(megabytes * 0.9)}`
  const child = spawn(command, [heap, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
  })
  try {
    group.add(child.pid ?? 0)
    const [told] = await Promise.all([text(child.stdout), once(child, 'exit')])
    const wall = (performance.now() - started) / 1000
    if (child.exitCode !== 0) return { isDone: false, cells: ['killed', '', ''] }
    const { cpu_ms: cpu, peak_mb: peak } = JSON.parse(told)
    return {
      isDone: true,
      cells: [wall.toFixed(1), (Number(cpu) / 1000).toFixed(1), Number(peak).toFixed(0)],
    }
  } finally {
    child.kill('SIGKILL')
    group.remove()
  }
}
