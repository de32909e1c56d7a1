// The deployed API as Lambda runs it: cold start, first and warm NDVI of the sample, memory, and the zips.

import { statSync } from 'node:fs'
import { functionNames, prove, zipOf } from '../../infra/proof.ts'
import { ensureRuntimeClient } from '../../infra/runtime-client.ts'
import { ensurePlatform } from '../../infra/sst-cli.ts'
import { type Life, measureLife } from './measure.ts'

const RUNS = 7
const MB = 1_000_000
const zipTargets = { Api: 14, Worker: 12, Notify: 12, Schedule: 12 } as const

const print = (line: string) => process.stdout.write(`${line}\n`)

/** Prints the table. @returns the targets that were missed, one sentence each */
export async function benchLambda(): Promise<string[]> {
  await ensurePlatform(print)
  await ensureRuntimeClient(print)
  print('sst diff builds the zips: for arm64, and for this machine')
  await prove('plain')
  await prove('full')
  const lives: Life[] = []
  for (let run = 0; run < RUNS; run++) lives.push(await measureLife())
  const median = (of: (life: Life) => number) =>
    lives.map(of).toSorted((one, other) => one - other)[RUNS >> 1] ?? Number.NaN

  print(`\nAPI under AWS's runtime client, Node ${process.versions.node}, medians of ${RUNS}`)
  return [
    row(
      'cold start, /health',
      median(({ health }) => health),
      'ms',
      100,
    ),
    row(
      'cold start, NDVI of the sample with its figure',
      median(({ firstNdvi }) => firstNdvi),
      'ms',
      600,
    ),
    row(
      'warm, NDVI of the sample with its figure',
      median(({ warmNdvi }) => warmNdvi),
      'ms',
      300,
    ),
    row('most memory (RSS)', median(({ rss }) => rss) / MB, 'MB', null),
    ...functionNames.map((name) =>
      row(
        `zip of ${name}, arm64`,
        statSync(zipOf('plain', name)).size / MB,
        'MB',
        zipTargets[name],
      ),
    ),
  ].filter((missed) => missed !== null)
}

/** @returns what to say when the value is more than it should be, or null */
function row(what: string, value: number, unit: string, most: number | null): string | null {
  const shown = `${value.toFixed(unit === 'ms' ? 0 : 1)} ${unit}`
  const target = most === null ? '' : `at most ${most} ${unit}`
  print(`  ${what.padEnd(48)} ${shown.padStart(10)}   ${target}`)
  return most === null || value <= most ? null : `${what}: ${shown}, ${target} wanted`
}
