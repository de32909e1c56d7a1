// The deployed API as Lambda runs it: cold start, first and warm NDVI of the sample, memory, and the zips.

import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { functionNames } from '../../lib/config/variable.ts'
import { prove, zipOf } from '../../test/infra/proof.ts'
import { ensureRuntimeClient } from '../../test/infra/runtime-client.ts'
import { ensurePlatform } from '../../test/infra/sst-cli.ts'
import { bundled } from '../bundled.ts'
import { median, print, Verdicts } from '../part.ts'
import { type Life, measureLife } from './measure.ts'

const RUNS = 7
const MB = 1_000_000
const zipTargets = { Api: 16, Worker: 16, Notify: 12, Schedule: 12 } as const

/** Prints the table. @returns the targets that were missed */
export async function benchLambda(): Promise<readonly string[]> {
  await ensurePlatform(print)
  await ensureRuntimeClient(print)
  print('\nlambda: sst diff builds the zips, for arm64 and for this machine')
  await prove('plain')
  await prove('full')
  const libraries = dirname(await bundled(fileURLToPath(new URL('libraries.ts', import.meta.url))))
  const lives: Life[] = []
  for (let run = 0; run < RUNS; run++) lives.push(await measureLife(libraries))
  const of = (read: (life: Life) => number) => median(lives.map(read))
  const verdicts = new Verdicts()
  print(`API under AWS's runtime client, Node ${process.versions.node}; medians of ${RUNS}`)
  const empty = of((life) => life.empty)
  print(`  told  cold start of a function that does nothing: ${empty.toFixed(0)} ms`)
  const libraryMs = of((life) => life.libraries)
  print(
    `  told  cold, zod, sharp and the S3 client alone, for a page in the bucket: ${libraryMs.toFixed(0)} ms, ${(libraryMs / empty).toFixed(2)} x the empty one`,
  )
  const times = (what: string, ms: number, most: number) =>
    verdicts.atMost(`${what}, ${ms.toFixed(0)} ms`, ms / empty, most, ' x the empty one')
  times(
    'cold start, /health',
    of(({ health }) => health),
    1.5,
  )
  times(
    'cold start, NDVI of the sample with its figure',
    of(({ firstNdvi }) => firstNdvi),
    5,
  )
  times(
    'warm, NDVI of the sample with its figure',
    of(({ warmNdvi }) => warmNdvi),
    2.5,
  )
  const whole = of(({ warmWhole }) => warmWhole)
  print(
    `  told  warm, with its GeoTIFF and item too: ${whole.toFixed(0)} ms, ${(whole / empty).toFixed(2)} x the empty one`,
  )
  print(`  told  most memory (RSS): ${(of(({ rss }) => rss) / MB).toFixed(1)} MB`)
  for (const name of functionNames) {
    const size = statSync(zipOf('plain', name)).size / MB
    verdicts.atMost(`zip of ${name}, arm64`, size, zipTargets[name], ' MB')
  }
  return verdicts.missed
}
