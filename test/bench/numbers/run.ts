// The numbers bench: the notebook's whole job by us, and by rasterio, numpy and matplotlib.

import { isJsonObject } from '../../../lib/model/json.ts'
import { makePair, SCENE } from '../pair.ts'
import { importPair } from './disk.ts'
import { overviewJob, notebookJob, ourJob, type Sized } from './jobs.ts'
import { alternate, medians, type Told } from './processes.ts'
import { column, type Column, judge, type Target } from './table.ts'

const ROUNDS = 7
/** Ratios of ours to ours are steadier. */
const GROWTH_ROUNDS = 3
const SIDES = { quarter: 0.5, whole: 1, fourfold: 2 } as const

async function prepare(share: number): Promise<Sized> {
  const [rows, cols] = SCENE.map((side) => Math.round(side * share))
  const size = [rows ?? 0, cols ?? 0] as const
  const pair = await makePair(size)
  return { pair, disk: await importPair(pair, size.join('x')) }
}

/** Prints what it measured. @returns the targets that were missed */
export async function numbersBench(): Promise<readonly string[]> {
  const scene = await prepare(SIDES.whole)
  return [...(await againstTheNotebook(scene)), ...(await growth(scene))]
}

async function againstTheNotebook(scene: Sized): Promise<readonly string[]> {
  const jobs = [
    ourJob(scene, 'full', ['figure']),
    notebookJob(scene),
    ourJob(scene, 1024, ['figure']),
    overviewJob(scene),
  ] as const
  const runs = await alternate(jobs, ROUNDS)
  const [full, notebook, small, overview] = jobs.map(({ name }) => medians(runs.get(name) ?? []))
  if (!full || !notebook || !small || !overview) throw new RangeError('four jobs were run')
  checkAgreement(full, notebook)
  const columns: readonly Column[] = [
    column(
      'job',
      jobs.map(({ name }) => name),
    ),
    ...measures([full, notebook, small, overview], notebook),
  ]
  const targets: readonly Target[] = [
    ['full size, wall time of the notebook’s', full.wallMs / notebook.wallMs, 0.5],
    ['full size, peak memory of the notebook’s', full.peakMb / notebook.peakMb, 0.25],
    ['1,024 px, wall time of the notebook’s full job', small.wallMs / notebook.wallMs, 0.25],
    ['1,024 px, wall time of rasterio’s overview job', small.wallMs / overview.wallMs, null],
  ]
  const title = `The notebook's job on ${SCENE.join(' x ')} px from local blocks, every byte hashed; medians of ${ROUNDS}`
  return judge(title, columns, targets)
}

async function growth(scene: Sized): Promise<readonly string[]> {
  const sizes = [await prepare(SIDES.quarter), scene, await prepare(SIDES.fourfold)]
  const jobs = [['figure'], ['figure', 'cog']].flatMap((outputs) =>
    sizes.map((sized) => ourJob(sized, 'full', outputs)),
  )
  const runs = await alternate(jobs, GROWTH_ROUNDS)
  const told = jobs.map(({ name }) => medians(runs.get(name) ?? []))
  const [quarter, whole, fourfold, cogQuarter, cogWhole, cogFourfold] = told
  if (!quarter || !whole || !fourfold || !cogQuarter || !cogWhole || !cogFourfold) {
    throw new RangeError('six jobs were run')
  }
  const columns = [
    column(
      'job',
      jobs.map(({ name }) => name),
    ),
    ...measures(told, whole),
  ]
  return judge(`Growth; medians of ${GROWTH_ROUNDS}`, columns, [
    ['four times the pixels, time', fourfold.wallMs / whole.wallMs, 4.3],
    ['four times the pixels, memory', fourfold.peakMb / whole.peakMb, 1.3],
    ['a quarter to the whole, time', whole.wallMs / quarter.wallMs, 4.3],
    ['with cog: four times the pixels, time', cogFourfold.wallMs / cogWhole.wallMs, null],
    ['with cog: four times the pixels, memory', cogFourfold.peakMb / cogWhole.peakMb, null],
  ])
}

function measures(told: readonly Told[], one: Told): readonly Column[] {
  return [
    column(
      'wall s',
      told.map(({ wallMs }) => (wallMs / 1000).toFixed(2)),
    ),
    column(
      'cpu s',
      told.map(({ cpuMs }) => (cpuMs / 1000).toFixed(2)),
    ),
    column(
      'peak MB',
      told.map(({ peakMb }) => peakMb.toFixed(0)),
    ),
    column(
      'wall ratio',
      told.map(({ wallMs }) => (wallMs / one.wallMs).toFixed(2)),
    ),
    column(
      'peak ratio',
      told.map(({ peakMb }) => (peakMb / one.peakMb).toFixed(2)),
    ),
  ]
}

/** A race of two that compute different things would prove nothing. The notebook's epsilon moves raw numbers by 5e-8. */
function checkAgreement({ told: ours }: Told, { told: theirs }: Told): void {
  const { statistics, shape } = ours
  const mean = isJsonObject(statistics) ? Number(statistics['mean']) : Number.NaN
  const apart = Math.abs(mean - Number(theirs['mean']))
  if (String(shape) === String(theirs['shape']) && apart < 1e-7) return
  throw new Error(
    `the means are ${apart} apart, the shapes ${String(shape)}, ${String(theirs['shape'])}`,
  )
}

if (import.meta.main) process.exitCode = (await numbersBench()).length > 0 ? 1 : 0
