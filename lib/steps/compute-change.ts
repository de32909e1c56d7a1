// One pass over the pixels of two scenes: their difference, the NDVI of both, and all that is made of them.

import { inStep } from '../async/in-step.ts'
import type { JointScene } from '../model/joint.ts'
import type { NdviRequest } from '../model/request.ts'
import { subtractRows } from '../pixels/difference.ts'
import { addTally, emptyTally, type Tally } from '../pixels/ndvi.ts'
import { type NdviRows, scanNdvi } from '../pixels/scan.ts'
import { partsOf, scanBytes } from '../pixels/scan-parts.ts'
import { CELL } from '../pixels/statistics.ts'
import { type BandRows, type DrawnBands, drawBands, type Sinks } from './draw-bands.ts'
import type { JointBand } from './joint.ts'
import type { PlacedPair } from './place-pair.ts'

/** Of the GeoTIFF, in its order. */
export const changeBands: readonly JointBand[] = [
  { name: 'difference', description: 'NDVI after less NDVI before', spread: 2 },
  { name: 'before', description: 'NDVI before', spread: 1 },
  { name: 'after', description: 'NDVI after', spread: 1 },
]

export interface ComputedChange {
  readonly drawn: DrawnBands
  /** Of each scene by itself, within the area. */
  readonly pixels: readonly NonNullable<JointScene['pixels']>[]
}

/** @throws {GreenprintError} `raster_unusable`, `content_unavailable`, and what drawBands throws */
export async function computeChange(
  { windows, place: { grid, pictures }, geoKeys }: PlacedPair,
  request: Pick<NdviRequest, 'rescale' | 'colormap_name' | 'outputs'>,
  sinks: Sinks,
  signal: AbortSignal,
): Promise<ComputedChange> {
  const [rows, cols] = grid.shape
  const differenceOf = (partCols: number) => Math.min(CELL, rows) * Math.min(partCols, cols)
  const plan = {
    grid,
    geoKeys,
    pictures,
    request,
    bands: changeBands,
    holds: (wholeRows: boolean) => {
      const parts = partsOf(windows, wholeRows)
      const scans = windows.reduce((sum, scan) => sum + scanBytes(scan, parts), 0)
      return scans + Float64Array.BYTES_PER_ELEMENT * differenceOf(parts.cols)
    },
  }
  const counted = windows.map(() => ({ valid: 0, tally: emptyTally() }))
  async function* rowsOf(wholeRows: boolean): AsyncGenerator<BandRows> {
    const parts = partsOf(windows, wholeRows)
    const scans = windows.map(
      ({ placed: { scene }, window, selection }) =>
        (stop: AbortSignal) =>
          scanNdvi(window, scene.applied.pixels, selection, stop, parts),
    )
    const room = new Float64Array(differenceOf(parts.cols))
    for await (const both of inStep(scans, signal)) {
      const valid = both.map((part) => countValid(part))
      for (const [at, { tally }] of both.entries()) {
        counted[at]!.valid += valid[at]!
        addTally(counted[at]!.tally, tally)
      }
      yield subtract(both, valid.at(-1)!, room)
    }
  }
  const drawn = await drawBands(plan, rowsOf, sinks, signal)
  return { drawn, pixels: counted.map(tell) }
}

/** @param validAfter pixels of the later scene that have a value */
function subtract(
  [before, after]: readonly NdviRows[],
  validAfter: number,
  room: Float64Array,
): BandRows {
  if (before === undefined || after === undefined) throw new TypeError('a pair has two scenes')
  const { firstRow, firstCol, rows, cols, observed, tally } = after
  const all = validAfter + sumOf(tally)
  const { difference, valid } = subtractRows(before.values, after.values, room)
  for (let i = 0; i < observed.length; i++) observed[i] = observed[i]! & before.observed[i]!
  // Why a pixel has no value is told by scene: here it is counted alone.
  const none: Tally = { ...emptyTally(), mask: all - valid }
  return {
    firstRow,
    firstCol,
    rows,
    cols,
    observed,
    bands: [difference, before.values, after.values],
    tallies: [none, none, none],
  }
}

interface Counted {
  valid: number
  readonly tally: Tally
}

function countValid({ values }: Pick<NdviRows, 'values'>): number {
  let valid = 0
  // By index: an iterator boxes each double until this loop is compiled.
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) valid++
  return valid
}

function sumOf({ fill, saturation, mask, denominator }: Tally): number {
  return fill + saturation + mask + denominator
}

function tell({
  valid,
  tally: { clipped, ...invalid },
}: Counted): ComputedChange['pixels'][number] {
  const total = valid + sumOf({ ...invalid, clipped })
  return {
    valid_count: valid,
    total_count: total,
    valid_percent: total === 0 ? 0 : (100 * valid) / total,
    invalid,
    clipped_count: clipped,
  }
}
