// The numbers part: the notebook's whole job by us, and by rasterio, numpy and matplotlib; how ours grows; the layer.

import { isJsonObject } from '../../lib/model/json.ts'
import { lacksRasterio, makePair, SCENE } from '../pair.ts'
import { print, printTable, Verdicts } from '../part.ts'
import { importPair } from './disk.ts'
import { fromSources, notebookJob, onOneCore, ourJob, overviewJob, type Sized } from './jobs.ts'
import { benchLayer } from './layer.ts'
import { alternate, type Job, medians, type Told } from './processes.ts'

const ROUNDS = 7
/** Ratios of ours to ours are steadier. */
const GROWTH_ROUNDS = 3
/** Of the scene's sides: a quarter of its pixels, all, and four times as many. */
const SIDES = [0.5, 1, 2] as const

/** Prints what it measured. @returns the targets that were missed */
export async function benchNumbers(): Promise<readonly string[]> {
  const absent = lacksRasterio()
  if (absent !== null) return [absent]
  const verdicts = new Verdicts()
  const sizes: Sized[] = []
  for (const side of SIDES) sizes.push(await prepare(side))
  const [quarter, scene, fourfold] = sizes
  if (!quarter || !scene || !fourfold) throw new RangeError('three sizes were made')
  await benchNotebook(scene, verdicts)
  await benchGrowth([quarter, scene, fourfold], ['figure'], GROWTH_ROUNDS, verdicts)
  // Told, not judged: deflating four scenes' numbers takes a minute.
  await benchGrowth([quarter, scene, fourfold], ['figure', 'cog'], 1, null)
  await benchLayer(verdicts)
  return verdicts.missed
}

async function prepare(side: number): Promise<Sized> {
  const [rows, cols] = [Math.round(SCENE[0] * side), Math.round(SCENE[1] * side)]
  const pair = await makePair([rows, cols])
  return { pair, disk: await importPair(pair, `${rows}x${cols}`) }
}

async function benchNotebook(scene: Sized, verdicts: Verdicts): Promise<void> {
  const whole = await ourJob(scene, 'full', ['figure'])
  const jobs = [
    whole,
    notebookJob(scene),
    await ourJob(scene, 1024, ['figure']),
    overviewJob(scene),
    onOneCore(whole),
    fromSources(whole),
  ] as const
  const told = await measure(jobs, ROUNDS)
  const [full, notebook, small, overview, alone, sources] = told
  if (!full || !notebook || !small || !overview || !alone || !sources) {
    throw new RangeError('six jobs were run')
  }
  checkAgreement(full, notebook)
  print(
    `\nnumbers: the notebook's job on ${SCENE.join(' x ')} px from local blocks, every byte hashed;`,
  )
  print(
    `whole processes, bundled as a function is, warm page cache, medians of ${ROUNDS} alternating runs`,
  )
  printJobs(jobs, told, notebook)
  verdicts.atMost('full size: wall time, of the notebook’s', full.wallMs / notebook.wallMs, 0.25)
  verdicts.atMost('full size: CPU, of the notebook’s', full.cpuMs / notebook.cpuMs, 0.35)
  verdicts.atMost('full size: peak memory, of the notebook’s', full.peakMb / notebook.peakMb, 0.18)
  const gain = (full.wallMs / alone.wallMs).toFixed(2)
  print(`  told  full size: wall time, of the same on one core: ${gain}`)
  const bundling = (full.cpuMs / sources.cpuMs).toFixed(2)
  print(`  told  full size: CPU, of the same from the sources: ${bundling}`)
  const ofNotebook = small.wallMs / notebook.wallMs
  verdicts.atMost('1,024 px: wall time, of the notebook’s full job', ofNotebook, 0.25)
  const ofOverview = small.wallMs / overview.wallMs
  verdicts.atMost('1,024 px: wall time, of rasterio’s from the same overview', ofOverview, 0.9)
}

/** @param verdicts null only tells */
async function benchGrowth(
  sizes: readonly [quarter: Sized, whole: Sized, fourfold: Sized],
  outputs: readonly string[],
  rounds: number,
  verdicts: Verdicts | null,
): Promise<void> {
  const jobs = await Promise.all(sizes.map((sized) => ourJob(sized, 'full', outputs)))
  const told = await measure(jobs, rounds)
  const [quarter, whole, fourfold] = told
  if (!quarter || !whole || !fourfold) throw new RangeError('three jobs were run')
  print(`\ngrowth with ${outputs.join(' and ')}; medians of ${rounds}`)
  printJobs(jobs, told, whole)
  for (const [name, small, large] of [
    ['a quarter to the whole', quarter, whole],
    ['the whole to four times', whole, fourfold],
  ] as const) {
    verdicts?.atMost(`${name}: time`, large.wallMs / small.wallMs, 4.1)
    verdicts?.atMost(`${name}: peak memory`, large.peakMb / small.peakMb, 1.15)
  }
}

async function measure(jobs: readonly Job[], rounds: number): Promise<Told[]> {
  const runs = await alternate(jobs, rounds)
  return jobs.map(({ name }) => medians(runs.get(name) ?? []))
}

function printJobs(jobs: readonly Job[], told: readonly Told[], one: Told): void {
  const rows = told.map(({ wallMs, cpuMs, peakMb }, i) => [
    jobs[i]?.name ?? '',
    (wallMs / 1000).toFixed(2),
    (cpuMs / 1000).toFixed(2),
    peakMb.toFixed(0),
    (wallMs / one.wallMs).toFixed(2),
    (peakMb / one.peakMb).toFixed(2),
  ])
  printTable(['job', 'wall s', 'cpu s', 'peak MB', 'wall ratio', 'peak ratio'], rows)
}

/**
 * A race of two that compute different things would prove nothing. The notebook's epsilon moves raw numbers by 5e-8.
 */
function checkAgreement({ told: ours }: Told, { told: theirs }: Told): void {
  const { statistics, shape } = ours
  const mean = isJsonObject(statistics) ? Number(statistics['mean']) : Number.NaN
  const apart = Math.abs(mean - Number(theirs['mean']))
  if (String(shape) === String(theirs['shape']) && apart < 1e-7) return
  throw new Error(
    `the means are ${apart} apart, the shapes ${String(shape)}, ${String(theirs['shape'])}`,
  )
}
