// Rows of one or several bands as they come, in one pass: their statistics, and all pictures and files of their pixels.

import { allDone } from '../async/all-or-none.ts'
import { ByteBudget } from '../async/byte-budget.ts'
import { nextTurn, turnIsOver } from '../async/turns.ts'
import type { GeoTags } from '../cog/tiff.ts'
import { GreenprintError } from '../errors.ts'
import type { ObservedBoxes } from '../geo/data-footprint.ts'
import type { Picture } from '../image/picture.ts'
import type { Grid } from '../model/grid.ts'
import type { NdviRequest, OutputKind } from '../model/request.ts'
import type { Statistics } from '../model/statistics.ts'
import { BandCounter, type Spread } from '../pixels/band-counter.ts'
import { DataCells } from '../pixels/data-cells.ts'
import { fileStatistics } from '../pixels/file-statistics.ts'
import type { Tally } from '../pixels/ndvi.ts'
import { PixelDigest } from '../pixels/pixel-digest.ts'
import { Regrid } from '../pixels/regrid.ts'
import { CELL } from '../pixels/statistics.ts'
import type { Scratch } from '../store/disk/scratch.ts'
import type { FileContent } from '../store/file-content.ts'
import { startFigureMap, startRasters } from './draw-rasters.ts'
import type { PictureGrids } from './picture-grids.ts'

/**
 * What all computations of this process hold of grids at a time; tiles have their own budget (cog/tile-memory). The
 * largest computation fits, and claims once, so that none waits for another that waits for it.
 */
const gridMemory = new ByteBudget(400 * 1024 * 1024)

/** CELL rows of all bands (the last ones may be fewer), from a multiple of CELL on, or so of their columns. */
export interface BandRows {
  readonly firstRow: number
  readonly firstCol: number
  readonly rows: number
  readonly cols: number
  /** rows * cols of each band, row by row; NaN where invalid. Not kept. */
  readonly bands: readonly Float64Array[]
  /** 1 where a pixel is not fill, else 0. Not kept. */
  readonly observed: Uint8Array
  /** Of each band. */
  readonly tallies: readonly Tally[]
}

export interface DrawnBand {
  readonly statistics: Statistics
  /** SHA-256 of all pixels (PixelDigest), where an item says so; null for grids whose rows are not held whole. */
  readonly digest: string | null
}

export interface DrawnBands {
  readonly bands: readonly DrawnBand[]
  /** Of the first band. */
  readonly picture: Picture
  /** What of the grid is not fill, where an item says so; null where that is all of it, or nothing. */
  readonly observed: ObservedBoxes | null
  /** Pixel for pixel, where requested; readable as long as the scratch is open. */
  readonly rasters: Readonly<Partial<Record<'layer' | 'cog', FileContent>>>
}

export interface PlannedBand {
  /** For GDAL's metadata: `NDVI`. */
  readonly description: string
  /** Its values lie between this and its negative. */
  readonly spread: Spread
}

export interface DrawPlan {
  readonly grid: Grid
  readonly geoKeys: Pick<GeoTags, 'keys' | 'raw'>
  /** Absent where all pictures are drawn on the grid. */
  readonly pictures?: PictureGrids
  /** The first is drawn. */
  readonly bands: readonly PlannedBand[]
  readonly request: Pick<NdviRequest, 'rescale' | 'colormap_name' | 'outputs'>
  /** Bytes that the rows' maker holds at a time. */
  readonly holds: (wholeRows: boolean) => number
}

export interface Sinks {
  readonly scratch: Scratch
  /** Called with the share of rows that are done, 0 to 1. */
  readonly onRows: (share: number) => void
}

/**
 * @param rowsOf makes the rows: whole ones from top to bottom, or parts of them in any order
 * @throws {GreenprintError} `store_failed` where scratch has no room, `too_large` for a layer or COG of a grid that is
 *   too wide or too narrow, and what the rows throw
 */
export async function drawBands(
  plan: DrawPlan,
  rowsOf: (wholeRows: boolean) => AsyncIterable<BandRows>,
  sinks: Sinks,
  signal: AbortSignal,
): Promise<DrawnBands> {
  const { request, bands } = plan
  const { shape } = plan.grid
  const wholeRows = needsWholeRows(plan)
  const claim = await gridMemory.claim(bytesFor(plan, wholeRows), signal)
  try {
    // Who waited in line may have nobody left to compute for, and what follows takes a hundred megabytes.
    await nextTurn(signal)
    const counters = bands.map(({ spread }) => new BandCounter(shape, spread))
    const picture = startFigureMap(plan)
    const builders = startRasters(plan, sinks.scratch)
    const isDescribed = request.outputs.includes('item')
    const cells = isDescribed ? new DataCells(shape) : null
    const digests = isDescribed && wholeRows ? bands.map(() => new PixelDigest()) : null
    let done = 0
    for await (const part of rowsOf(wholeRows)) {
      const { firstRow, firstCol, rows, cols, observed } = part
      const counts = counters.map(
        (counter, at) => (stop: AbortSignal) =>
          counter.add(part.bands[at]!, part, part.tallies[at]!, stop),
      )
      const draw = async (stop: AbortSignal): Promise<void> => {
        await picture.add(firstRow, part.bands[0]!, firstCol, cols, stop)
        const pieceRows = Math.max(1, Math.floor(PIECE / cols))
        for (let row = 0; row < rows; row += pieceRows) {
          const [start, end] = [row * cols, Math.min(rows, row + pieceRows) * cols]
          cells?.add(firstRow + row, observed.subarray(start, end), firstCol, cols)
          const pieces = part.bands.map((values) => values.subarray(start, end))
          for (const [at, digest] of digests?.entries() ?? []) digest.add(pieces[at]!)
          for (const [, builder] of builders) await builder.add(pieces, stop)
          if (turnIsOver()) await nextTurn(stop)
        }
      }
      // Side by side, where there are threads that count.
      await allDone([...counts, draw], signal)
      done += rows * cols
      sinks.onRows(done / (shape[0] * shape[1]))
    }
    const counted = counters.map((counter) => counter.finish())
    const ofFile = counted.map((statistics) => fileStatistics(statistics, shape))
    const rasters: Partial<Record<OutputKind, FileContent>> = {}
    for (const [kind, builder] of builders) rasters[kind] = await builder.finish(ofFile, signal)
    return {
      bands: counted.map((statistics, at) => ({
        statistics,
        digest: digests?.[at]?.finish() ?? null,
      })),
      picture: picture.finish(),
      observed: cells?.finish() ?? null,
      rasters,
    }
  } finally {
    claim.release()
  }
}

/** Pixels that are handed on between two looks at the clock. */
const PIECE = 256 * 1024

/** The widest grid of which whole rows are held: a layer, a COG and a digest are made of them. */
export const MAX_WHOLE_COLS = 40 * 1024

/** @throws {GreenprintError} `too_large` for rows that are not held whole, but would have to be */
function needsWholeRows({ grid, request: { outputs }, pictures }: DrawPlan): boolean {
  const [rows, cols] = grid.shape
  const isHeld = cols <= MAX_WHOLE_COLS
  const isResized = (pictures?.figure ?? null) !== null
  if (!(outputs.includes('layer') || outputs.includes('cog') || isResized)) {
    return isHeld && outputs.includes('item')
  }
  if (isHeld) return true
  throw new GreenprintError(
    'too_large',
    `The grid is ${cols} px wide (and ${rows} high): a layer, a COG or a figure of another size has at most ${MAX_WHOLE_COLS} columns. Ask for other outputs, a smaller max_size or a smaller area.`,
  )
}

/** What is held at a time beside tiles: the rows, the samples that they are made of, and what is made of them. */
function bytesFor(
  { grid: { shape }, bands, request: { outputs }, pictures, holds }: DrawPlan,
  wholeRows: boolean,
): number {
  const [rows, cols] = shape
  const pyramid = outputs.includes('cog') ? 6 * Math.min(CELL, rows) * cols : 0
  const percentiles = Math.min(40 * 1024 * 1024, 10 * rows * cols)
  const own = bands.length * (pyramid + percentiles)
  return Math.min(gridMemory.total, holds(wholeRows) + own + bytesOfPictures(pictures))
}

/** Their pixels, a byte or two each, and the rows that they are made of. */
function bytesOfPictures(pictures: DrawPlan['pictures']): number {
  return [pictures?.layer ?? null, pictures?.figure ?? null].reduce(
    (sum, plan) => sum + (plan === null ? 0 : Regrid.bytesOf(plan) + 2 * plan.to[0] * plan.to[1]),
    0,
  )
}
