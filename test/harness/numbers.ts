// The numbers of one request as the pipeline's own rooms compute them, and how they are held against rasterio's.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { systemClock } from '../../lib/async/clock.ts'
import { createBlocks } from '../../lib/ipfs/blocks.ts'
import { BlockRace } from '../../lib/ipfs/race.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import type { NdviRequest } from '../../lib/model/request.ts'
import type { Statistics } from '../../lib/model/statistics.ts'
import type { NdviRules } from '../../lib/pixels/ndvi.ts'
import { scanNdvi } from '../../lib/pixels/scan.ts'
import { CELL, StatisticsBuilder } from '../../lib/pixels/statistics.ts'
import { readItem } from '../../lib/stac/item.ts'
import { readScene } from '../../lib/stac/scene.ts'
import { type AppliedRules, applyRules } from '../../lib/steps/apply-rules.ts'
import { chooseRules, type Rules } from '../../lib/steps/choose-rules.ts'
import { openBands } from '../../lib/steps/open-bands.ts'
import { type SelectedWindow, selectWindow } from '../../lib/steps/select-window.ts'
import type { MemoryBlocks } from './blocks.ts'
import { plainRequest } from './requests.ts'

/** What of a request decides its numbers. */
export type Asked = Partial<Pick<NdviRequest, 'bbox' | 'geometry' | 'scale' | 'mask' | 'max_size'>>

/** As test/fixtures/reference.py writes them. */
export interface Numbers {
  readonly level: number
  readonly step: number
  readonly window: readonly number[]
  readonly transform: readonly number[]
  readonly shape: readonly number[]
  readonly total: number
  readonly valid: number
  readonly fill: number
  readonly saturation: number
  readonly mask: number
  readonly denominator: number
  readonly clipped: number
  readonly mean: number | null
  readonly stddev: number | null
  readonly minimum: number | null
  readonly maximum: number | null
  readonly percentiles: readonly (number | null)[]
  readonly histogram: readonly number[]
  /** Of the float32 pixels, row by row. */
  readonly sha256: string
}

export interface Computed {
  readonly numbers: Numbers
  readonly rules: Rules
  readonly applied: AppliedRules
  readonly selected: SelectedWindow
}

const signal = new AbortController().signal

function completeRequest(item: JsonObject, asked: Asked): NdviRequest {
  return { ...plainRequest, item, max_size: 'full', ...asked }
}

/** From the item to its numbers by the rooms of the pipeline, all but the drawing. */
export async function computeNumbers(
  item: JsonObject,
  asked: Asked,
  memory: MemoryBlocks,
): Promise<Computed> {
  const request = completeRequest(item, asked)
  const scene = readScene(readItem(item, null))
  const rules = chooseRules(scene, request)
  const blocks = createBlocks({
    own: [{ name: 'memory', get: async (cid) => memory.get(cid) }],
    network: new BlockRace([], systemClock),
    cacheBytes: 0,
  })
  const sources = { blocks, openCopy: () => null }
  const content = { scene, rules, found: {} }
  const bands = await openBands(content, request, sources, false, signal)
  const selected = await selectWindow(bands, scene, request, rules.masking, 1e9, signal)
  const applied = applyRules(bands, rules, scene)
  return { numbers: await scan(selected, applied.pixels), rules, applied, selected }
}

/** Reads the pixels of a window once, for their statistics and their hash. */
export async function scan(
  { window, selection }: Pick<SelectedWindow, 'window' | 'selection'>,
  rules: NdviRules,
): Promise<Numbers> {
  const statistics = new StatisticsBuilder()
  const pixels = createHash('sha256')
  let cell = 0
  for await (const { values, rows, cols, tally } of scanNdvi(window, rules, selection, signal)) {
    for (let from = 0; from < cols; from += CELL) {
      statistics.addCell(cell++, values, cols, rows, from, Math.min(cols, from + CELL))
    }
    statistics.addTally(tally)
    pixels.update(Buffer.from(Float32Array.from(values).buffer))
  }
  return {
    level: window.grid.level,
    step: window.step,
    window: [window.row, window.col, window.rows, window.cols],
    transform: window.grid.transform,
    shape: window.grid.shape,
    ...flatten(statistics.finish()),
    sha256: pixels.digest('hex'),
  }
}

function flatten(statistics: Statistics) {
  const { percentiles, histogram, invalid, total_count, valid_count, clipped_count } = statistics
  const { mean, stddev, minimum, maximum } = statistics
  return {
    total: total_count,
    valid: valid_count,
    ...invalid,
    clipped: clipped_count,
    mean,
    stddev,
    minimum,
    maximum,
    percentiles: (['2', '25', '50', '75', '98'] as const).map((percent) => percentiles[percent]),
    histogram: histogram.counts,
  }
}

/** Counts and pixels exactly; numbers within 1e-12 + 1e-9 of theirs. */
export function assertSameNumbers(ours: Numbers, theirs: Numbers): void {
  const counts = ['total', 'valid', 'fill', 'saturation', 'mask', 'denominator', 'clipped'] as const
  const exact = ['level', 'step', 'window', 'shape', ...counts, 'histogram', 'sha256'] as const
  const only = (numbers: Numbers) => Object.fromEntries(exact.map((name) => [name, numbers[name]]))
  assert.deepEqual(only(ours), only(theirs))
  for (const name of ['mean', 'stddev', 'minimum', 'maximum'] as const)
    assertClose(ours[name], theirs[name], name)
  for (const name of ['percentiles', 'transform'] as const) {
    assert.equal(ours[name].length, theirs[name].length)
    ours[name].forEach((value, at) => assertClose(value, theirs[name][at], `${name} ${at}`))
  }
}

function assertClose(ours: number | null, theirs: number | null | undefined, name: string): void {
  if (ours === null || theirs === null || theirs === undefined) {
    assert.equal(ours, theirs, name)
    return
  }
  const near = Math.abs(ours - theirs) <= 1e-12 + 1e-9 * Math.abs(theirs)
  assert.ok(near, `${name}: ${ours} is not ${theirs}`)
}
