// Jobs as processes of their own: wall time from outside, CPU time and peak memory as each tells of itself.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { median } from '../part.ts'

const execute = promisify(execFile)

export interface Job {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Beside this process's own variables. */
  readonly environment?: Readonly<Record<string, string>>
}

export interface Told {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakMb: number
  /** Whatever else the job printed. */
  readonly told: Readonly<Record<string, unknown>>
}

export async function runJob({ command, args, environment }: Job): Promise<Told> {
  const options = { maxBuffer: 16 * 1024 * 1024, env: { ...process.env, ...environment } }
  const started = performance.now()
  const { stdout } = await execute(command, args, options)
  const wallMs = performance.now() - started
  const told: unknown = JSON.parse(stdout)
  if (typeof told !== 'object' || told === null) throw new TypeError(`${command} told nothing`)
  const fields = Object.fromEntries(Object.entries(told))
  return {
    wallMs,
    cpuMs: Number(fields['cpu_ms']),
    peakMb: Number(fields['peak_mb']),
    told: fields,
  }
}

/** Runs all jobs in turn, `rounds` times: whatever else the machine does then falls on each of them. */
export async function alternate(
  jobs: readonly Job[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly Told[]>> {
  const runs = new Map<string, Told[]>(jobs.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const job of jobs) runs.get(job.name)?.push(await runJob(job))
  }
  return runs
}

/** Each number's own median over the runs. */
export function medians(runs: readonly Told[]): Told {
  const middle = (read: (run: Told) => number) => median(runs.map(read))
  const [first] = runs
  if (first === undefined) throw new RangeError('nothing was run')
  return {
    wallMs: middle((run) => run.wallMs),
    cpuMs: middle((run) => run.cpuMs),
    peakMb: middle((run) => run.peakMb),
    told: first.told,
  }
}
