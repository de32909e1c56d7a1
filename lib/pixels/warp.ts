// NDVI of the pixels of another grid: raw numbers are resampled first, then scaled and divided. docs/numbers.md#tiles
// Long: the same steps for a pair of bands, for their quality band and for a single band of values.

import { allOrNone } from '../async/all-or-none.ts'
import { ByteBudget } from '../async/byte-budget.ts'
import { nextTurn } from '../async/turns.ts'
import type { Cog, Level } from '../cog/cog.ts'
import { nodataIn } from '../cog/nodata.ts'
import { readFill, readSamples } from '../cog/rows.ts'
import type { Samples } from '../cog/samples.ts'
import { GreenprintError } from '../errors.ts'
import type { Transform } from '../model/grid.ts'
import type { Resampling } from '../model/resampling.ts'
import { axisOf, wholeAxis } from './axis.ts'
import { giveSampleMemory, takeSampleMemory } from './map-memory.ts'
import { type BandRules, emptyTally, type NdviRules, ndviOfRows } from './ndvi.ts'
import { CLEAR, FILL, MASKED, OUTSIDE } from './qa.ts'
import { type Density, nearestAt, type RasterPatch, reachOf, resample } from './resample.ts'
import { type Steps, stepsOf, type Targets } from './targets.ts'
import { commonLevels } from './window.ts'

export interface WarpOptions {
  readonly resampling: Resampling
  /** Pixels of the raster that may be read for one result. */
  readonly maxPixels: number
  /** Takes NDVI, a number for each target; new memory without it, and always where a raster's own values are drawn. */
  readonly into?: Float64Array
}

/** A quality band and what its numbers mean. */
export interface WarpedQa {
  readonly cog: Cog
  readonly table: Uint8Array
}

/** A level may be so much finer than the result before the next coarser one is taken. */
const FINER = 1.2
/** Samples of a band that are held for one result: of more, every `n`th is taken along rows and columns. */
const MOST_HELD = 4 * 1024 * 1024
/** What all results of this process hold of samples at a time. */
const warpMemory = new ByteBudget(384 * 1024 * 1024)

/**
 * @returns NDVI for each target; NaN where it has none
 * @throws {GreenprintError} `too_large` where a raster without overviews would have to be read whole;
 *   `raster_unusable`, `content_unavailable`
 */
export async function warpNdvi(
  { red, nir, qa }: { readonly red: Cog; readonly nir: Cog; readonly qa: WarpedQa | null },
  rules: NdviRules,
  targets: Targets,
  options: WarpOptions,
  signal: AbortSignal,
): Promise<Float64Array> {
  const out = options.into ?? new Float64Array(targets.cols.length)
  const step = stepsOf(targets)
  if (step === null) return out.fill(Number.NaN)
  const { red: redLevel, nir: nirLevel } = levelFor(commonLevels(red, nir), step, red.levels[0])
  const view = viewOf(redLevel, red.levels[0], targets, step, options)
  if (view === null) return out.fill(Number.NaN)
  const claim = await warpMemory.claim(2 * bytesOf(view), signal)
  const samples = 8 * view.patch.cols * view.patch.rows
  const [redMemory, nirMemory] = [takeSampleMemory(samples), takeSampleMemory(samples)]
  try {
    const read = await allOrNone(
      {
        red: (stop) => readView(redLevel, view, stop, redMemory),
        nir: (stop) => readView(nirLevel, view, stop, nirMemory),
        marks: (stop) => markTargets(qa, red.levels[0].transform, targets, stop),
      },
      signal,
    )
    await nextTurn(signal)
    if (options.resampling === 'nearest') {
      const levels = { red: redLevel, nir: nirLevel }
      nearestNdvi({ ...read, levels, rules }, view.patch, targets, out)
      return out
    }
    const between = (seen: Seen, band: BandRules) => {
      const patch = { ...view.patch, values: validOnly(seen, band) }
      return resample(patch, targets.cols, targets.rows, options.resampling, view.density)
    }
    const [redAt, nirAt] = [between(read.red, rules.red), between(read.nir, rules.nir)]
    ndviOfRows(redAt, nirAt, read.marks, withoutFill(rules), out, emptyTally())
    return out
  } finally {
    giveSampleMemory(redMemory)
    giveSampleMemory(nirMemory)
    claim.release()
  }
}

/** Values of a single band, as a published NDVI has them, for each target; NaN where it has none. */
export async function warpValues(
  cog: Cog,
  targets: Targets,
  options: WarpOptions,
  signal: AbortSignal,
): Promise<Float64Array> {
  const step = stepsOf(targets)
  const levels = cog.levels.map((red) => ({ red }))
  const found = step === null ? null : levelFor(levels, step, cog.levels[0])
  const view =
    found === null || step === null
      ? null
      : viewOf(found.red, cog.levels[0], targets, step, options)
  if (found === null || view === null) return new Float64Array(targets.cols.length).fill(Number.NaN)
  const claim = await warpMemory.claim(bytesOf(view), signal)
  try {
    const rules = {
      scale: 1,
      offset: 0,
      fill: cog.nodata === null ? [] : [cog.nodata],
      saturation: null,
    }
    const seen = await readView(found.red, view, signal)
    await nextTurn(signal)
    const patch = { ...view.patch, values: validOnly(seen, rules) }
    return resample(patch, targets.cols, targets.rows, options.resampling, view.density)
  } finally {
    claim.release()
  }
}

/** What is fill is NaN by now, and what is saturated too. */
function withoutFill({ red, nir, minimumDenominator }: NdviRules): NdviRules {
  const plain = (band: BandRules): BandRules => ({ ...band, fill: [], saturation: null })
  return { red: plain(red), nir: plain(nir), minimumDenominator }
}

/** The finest that is not much finer than the result, else the coarsest. */
function levelFor<T extends { readonly red: Level }>(
  levels: readonly T[],
  { side }: Steps,
  full: Level,
): T {
  const found = levels.find(({ red }) => full.width / red.width >= side / FINER) ?? levels.at(-1)
  if (found === undefined) throw new RangeError('a COG has at least one level')
  return found
}

/** What is read of a level: every `step`th sample of a window, and where the targets lie on those. */
interface View {
  readonly rowsAt: Int32Array
  readonly colsAt: Int32Array
  readonly patch: Omit<RasterPatch, 'values'>
  readonly density: Density
}

function viewOf(
  level: Level,
  full: Level,
  { cols, rows }: Targets,
  steps: Steps,
  { resampling, maxPixels }: WarpOptions,
): View | null {
  const [scaleX, scaleY] = [level.width / full.width, level.height / full.height]
  const density = { cols: 1 / (steps.cols * scaleX), rows: 1 / (steps.rows * scaleY) }
  const reach = reachOf(resampling, density)
  const across = spanOf(cols, scaleX, reach.cols, level.width)
  const down = spanOf(rows, scaleY, reach.rows, level.height)
  if (across === null || down === null) return null
  const pixels = across.size * down.size
  if (pixels > maxPixels) throw tooLarge(pixels, maxPixels)
  const step = Math.max(1, Math.ceil(Math.sqrt(pixels / MOST_HELD)))
  // Whole steps from the level's own corner: neighbouring tiles take the same samples.
  const [left, top] = [across.first - (across.first % step), down.first - (down.first % step)]
  const colsAt = wholeAxis(axisOf(left, across.first + across.size - left, step))
  const rowsAt = wholeAxis(axisOf(top, down.first + down.size - top, step))
  return {
    rowsAt,
    colsAt,
    patch: {
      col: left / step,
      row: top / step,
      cols: colsAt.length,
      rows: rowsAt.length,
      scale: { cols: scaleX / step, rows: scaleY / step },
    },
    density: { cols: density.cols * step, rows: density.rows * step },
  }
}

/** The samples around all places that lie on the level; null where none does. */
function spanOf(places: Float64Array, scale: number, reach: number, size: number) {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  // By index: an iterator takes twice as long.
  for (let i = 0; i < places.length; i++) {
    const at = places[i]! * scale
    if (!(at >= -1 && at <= size + 1)) continue
    if (at < least) least = at
    if (at > most) most = at
  }
  if (least > most) return null
  const first = Math.min(size - 1, Math.max(0, Math.floor(least) - reach))
  const end = Math.max(first + 1, Math.min(size, Math.ceil(most) + reach))
  return { first, size: end - first }
}

function tooLarge(pixels: number, most: number): GreenprintError {
  return new GreenprintError(
    'too_large',
    `${Math.round(pixels)} px of the scene would have to be read, for it has no overviews; this deployment reads at most ${most}. Zoom in, or add overviews to the files (gdal_translate -of COG).`,
  )
}

/** The samples of a view, and where the file's own mask says that there is none. */
interface Seen {
  readonly samples: Samples
  readonly fill: Uint8Array | null
}

function readView(
  level: Level,
  { rowsAt, colsAt }: View,
  signal: AbortSignal,
  memory?: ArrayBufferLike,
): Promise<Seen> {
  return allOrNone(
    {
      samples: (stop) => readSamples(level, rowsAt, colsAt, stop, memory),
      fill: (stop) => readFill(level, rowsAt, colsAt, stop),
    },
    signal,
  )
}

interface ReadBands {
  readonly red: Seen
  readonly nir: Seen
  readonly marks: Uint8Array | null
  readonly levels: { readonly red: Level; readonly nir: Level }
  readonly rules: NdviRules
}

/** Of the very samples of the file, which need no doubles between them and what is made of them. */
function nearestNdvi(
  { red, nir, marks, levels, rules }: ReadBands,
  patch: View['patch'],
  { cols, rows }: Targets,
  out: Float64Array,
): void {
  const count = cols.length
  const memory = [4, 8, 8].map((bytes) => takeSampleMemory(bytes * count))
  const [places, redMemory, nirMemory] = memory
  try {
    const own = places === undefined ? undefined : new Int32Array(places, 0, count)
    const at = nearestAt(patch, cols, rows, own)
    const all = markAbsent(at, { red, nir }, marks)
    const redAt = samplesAt(red.samples, at, levels.red.allocate(count, redMemory))
    const nirAt = samplesAt(nir.samples, at, levels.nir.allocate(count, nirMemory))
    ndviOfRows(redAt, nirAt, all, rules, out, emptyTally())
  } finally {
    for (const piece of memory) giveSampleMemory(piece)
  }
}

/** The raw sample at each place; any where there is none. */
function samplesAt(samples: Samples, at: Int32Array, out: Samples): Samples {
  for (let i = 0; i < at.length; i++) {
    const from = at[i]!
    out[i] = samples[from < 0 ? 0 : from]!
  }
  return out
}

/** Marks with those of places outside of the raster, and of samples that a mask of a file sets aside. */
function markAbsent(
  at: Int32Array,
  { red, nir }: Pick<ReadBands, 'red' | 'nir'>,
  marks: Uint8Array | null,
): Uint8Array | null {
  if (red.fill === null && nir.fill === null && !at.includes(-1)) return marks
  const all = marks ?? new Uint8Array(at.length)
  for (let i = 0; i < at.length; i++) {
    const from = at[i]!
    if (from < 0) all[i] = OUTSIDE
    else if (red.fill?.[from] === 1 || nir.fill?.[from] === 1) all[i] = FILL
  }
  return all
}

function validOnly({ samples, fill }: Seen, rules: BandRules): Float64Array {
  const values = new Float64Array(samples)
  const { exact, isNear } = nodataIn(samples, rules.fill)
  const [one, two, three] = exact
  const { saturation } = rules
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const isFill = value === one || value === two || value === three || !(value - value === 0)
    if (isFill || value === saturation || fill?.[i] === 1 || (isNear !== null && isNear(value)))
      values[i] = Number.NaN
  }
  return values
}

/** Samples, their doubles, and what is made of them. */
function bytesOf({ patch }: View): number {
  return Math.min(warpMemory.total / 2, 24 * patch.cols * patch.rows)
}

/** What the quality band says where the targets are: of its full resolution, unless that is too much to hold. */
async function markTargets(
  qa: WarpedQa | null,
  [a, , c, , e, f]: Transform,
  { cols, rows }: Targets,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  if (qa === null) return null
  const { cog, table } = qa
  for (const [number, level] of cog.levels.entries()) {
    const [qaA, , qaC, , qaE, qaF] = level.transform
    const x = cols.map((col) => (c + col * a - qaC) / qaA)
    const y = rows.map((row) => (f + row * e - qaF) / qaE)
    const [across, down] = [spanOf(x, 1, 1, level.width), spanOf(y, 1, 1, level.height)]
    const marks = new Uint8Array(cols.length).fill(MASKED)
    if (across === null || down === null) return marks
    const isLast = number === cog.levels.length - 1
    if (across.size * down.size > MOST_HELD && !isLast) continue
    const colsAt = wholeAxis(axisOf(across.first, across.size, 1))
    const rowsAt = wholeAxis(axisOf(down.first, down.size, 1))
    const { samples, fill } = await allOrNone(
      {
        samples: (stop) => readSamples(level, rowsAt, colsAt, stop),
        fill: (stop) => readFill(level, rowsAt, colsAt, stop),
      },
      signal,
    )
    for (let i = 0; i < marks.length; i++) {
      const [col, row] = [Math.floor(x[i]! + EDGE), Math.floor(y[i]! + EDGE)]
      if (!(col >= 0 && col < level.width && row >= 0 && row < level.height)) continue
      const at = (row - down.first) * across.size + col - across.first
      marks[i] = fill?.[at] === 1 ? MASKED : (table[samples[at]! & 0xffff] ?? CLEAR)
    }
    return marks
  }
  throw new RangeError('a COG has at least one level')
}

/** As in qa-placement.ts: a centre this near to an edge is on it. */
const EDGE = 1e-6
