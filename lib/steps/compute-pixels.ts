// One pass over the pixels of a window: NDVI, its statistics, and all pictures and files of its pixels.

import { ByteBudget } from '../async/byte-budget.ts'
import { nextTurn, turnIsOver } from '../async/turns.ts'
import { CogWriter } from '../cog/cog-writer.ts'
import type { BandStatistics } from '../cog/ndvi-metadata.ts'
import { GreenprintError } from '../errors.ts'
import type { ObservedBoxes } from '../geo/data-footprint.ts'
import { LayerBuilder } from '../image/layer.ts'
import { createPicture, type Picture } from '../image/picture.ts'
import type { Grid } from '../model/grid.ts'
import type { NdviRequest, OutputKind } from '../model/request.ts'
import type { Statistics } from '../model/statistics.ts'
import { DataCells } from '../pixels/data-cells.ts'
import { fileStatistics } from '../pixels/file-statistics.ts'
import type { NdviRules } from '../pixels/ndvi.ts'
import { PixelDigest } from '../pixels/pixel-digest.ts'
import { MAX_COLS, MOST_SAMPLE_BYTES, scanNdvi } from '../pixels/scan.ts'
import { CELL, StatisticsBuilder } from '../pixels/statistics.ts'
import type { Scratch } from '../store/disk/scratch.ts'
import type { FileContent } from '../store/file-content.ts'
import type { SelectedWindow } from './select-window.ts'

/**
 * What all computations of this process hold of grids at a time; tiles have their own budget (cog/tile-memory). The
 * largest computation fits, and claims once, so that none waits for another that waits for it.
 */
const gridMemory = new ByteBudget(400 * 1024 * 1024)

/** Image area of a figure, pixels on the longest side. */
const PICTURE_SIZE = 1024

export interface ComputedPixels {
  readonly statistics: Statistics
  readonly picture: Picture
  /** What of the grid is not fill, where an item says so; null where that is all of it, or nothing. */
  readonly observed: ObservedBoxes | null
  /** SHA-256 of all pixels (PixelDigest), where an item says so; null for grids whose rows are not held whole. */
  readonly digest: string | null
  /** Pixel for pixel, where requested; readable as long as the scratch is open. */
  readonly rasters: Readonly<Partial<Record<'layer' | 'cog', FileContent>>>
}

export interface PixelSinks {
  readonly request: Pick<NdviRequest, 'rescale' | 'colormap_name' | 'outputs'>
  readonly scratch: Scratch
  /** Called with the share of rows that are done, 0 to 1. */
  readonly onRows: (share: number) => void
}

/**
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`, `store_failed` where scratch has no room,
 *   `too_large` for a layer or COG of a grid that is too wide or too narrow
 */
export async function computePixels(
  selected: Pick<SelectedWindow, 'window' | 'selection' | 'geoKeys'>,
  rules: NdviRules,
  sinks: PixelSinks,
  signal: AbortSignal,
): Promise<ComputedPixels> {
  const { window, selection } = selected
  const { request, onRows } = sinks
  const { shape } = window.grid
  const maxCols = mostCols(shape, request)
  const claim = await gridMemory.claim(bytesFor(shape, request, maxCols), signal)
  try {
    // Who waited in line may have nobody left to compute for, and what follows takes a hundred megabytes.
    await nextTurn(signal)
    const statistics = new StatisticsBuilder()
    const picture = createPicture({ shape, rescale: request.rescale, maxSize: PICTURE_SIZE })
    const builders = startRasters(selected, sinks)
    const isDescribed = request.outputs.includes('item')
    const cells = isDescribed ? new DataCells(shape) : null
    const digest = isDescribed && shape[1] <= maxCols ? new PixelDigest() : null
    for await (const part of scanNdvi(window, rules, selection, signal, maxCols)) {
      const { firstRow, firstCol, rows, cols, values, observed, tally } = part
      for (let from = 0; from < cols; from += CELL) {
        const order = cellOrder(firstRow, firstCol + from, shape)
        statistics.addCell(order, values, cols, rows, from, Math.min(cols, from + CELL))
        if (turnIsOver()) await nextTurn(signal)
      }
      statistics.addTally(tally)
      picture.add(firstRow, values, firstCol, cols)
      const pieceRows = Math.max(1, Math.floor(PIECE / cols))
      for (let row = 0; row < rows; row += pieceRows) {
        const [start, end] = [row * cols, Math.min(rows, row + pieceRows) * cols]
        cells?.add(firstRow + row, observed.subarray(start, end), firstCol, cols)
        digest?.add(values.subarray(start, end))
        for (const [, builder] of builders) await builder.add(values.subarray(start, end), signal)
        if (turnIsOver()) await nextTurn(signal)
      }
      onRows((firstRow + rows) / shape[0])
    }
    const counted = statistics.finish()
    const ofFile = fileStatistics(counted, shape)
    const rasters: Partial<Record<OutputKind, FileContent>> = {}
    for (const [kind, builder] of builders) rasters[kind] = await builder.finish(ofFile, signal)
    return {
      statistics: counted,
      picture: picture.finish(),
      observed: cells?.finish() ?? null,
      digest: digest?.finish() ?? null,
      rasters,
    }
  } finally {
    claim.release()
  }
}

/** Pixels that are handed on between two looks at the clock. */
const PIECE = 256 * 1024

/** A cell's place in row-major order over the grid. */
function cellOrder(row: number, col: number, [, cols]: Grid['shape']): number {
  return (row / CELL) * Math.ceil(cols / CELL) + col / CELL
}

/** The widest grid of which whole rows are held: a layer, a COG and a digest are made of them. A multiple of CELL. */
const MAX_WHOLE_COLS = 40 * 1024

/** Columns that are computed together. @throws {GreenprintError} `too_large` */
function mostCols(shape: Grid['shape'], { outputs }: Pick<NdviRequest, 'outputs'>): number {
  if (outputs.includes('layer') || outputs.includes('cog')) return wholeRowsOf(shape)
  return outputs.includes('item') ? MAX_WHOLE_COLS : MAX_COLS
}

/** @throws {GreenprintError} `too_large` for rows that are not held whole */
function wholeRowsOf([rows, cols]: Grid['shape']): number {
  if (cols <= MAX_WHOLE_COLS) return MAX_WHOLE_COLS
  throw new GreenprintError(
    'too_large',
    `The grid is ${cols} px wide (and ${rows} high): a layer or a COG has at most ${MAX_WHOLE_COLS} columns. Ask for other outputs, a smaller max_size or a smaller area.`,
  )
}

/** What is held at a time beside tiles: doubles and marks of a band, the batches of samples, and what is made of it. */
function bytesFor(
  [rows, cols]: Grid['shape'],
  { outputs }: Pick<NdviRequest, 'outputs'>,
  maxCols: number,
): number {
  const band = Math.min(CELL, rows) * Math.min(maxCols, cols)
  const pyramid = outputs.includes('cog') ? 6 * band : 0
  const samples = Math.min(MOST_SAMPLE_BYTES, 16 * rows * cols)
  const percentiles = Math.min(40 * 1024 * 1024, 10 * rows * cols)
  return Math.min(gridMemory.total, 10 * band + pyramid + samples + percentiles)
}

interface RasterBuilder {
  /** Takes the next rows; their buffer is reused once this has resolved. */
  add(values: Float64Array, signal: AbortSignal): Promise<void>
  /** @param statistics of the file; null where no pixel has a value */
  finish(statistics: BandStatistics | null, signal: AbortSignal): Promise<FileContent>
}

function startRasters(
  { window: { grid }, geoKeys: geo }: Pick<SelectedWindow, 'window' | 'geoKeys'>,
  { request, scratch }: PixelSinks,
): (readonly [kind: 'layer' | 'cog', RasterBuilder])[] {
  const { rescale, colormap_name: rampName } = request
  const start = {
    layer: () => new LayerBuilder({ shape: grid.shape, rescale, rampName }, scratch.openSpool()),
    cog: () => new CogWriter({ grid, geo }, scratch),
  }
  const kinds = ['layer', 'cog'] as const
  return kinds
    .filter((kind) => request.outputs.includes(kind))
    .map((kind) => [kind, start[kind]()] as const)
}
