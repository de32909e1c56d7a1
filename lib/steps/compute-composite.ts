// One pass over the rows of a composite: its values, the dates that they are of, and all that is made of them.

import { CogWriter } from '../cog/cog-writer.ts'
import { int32 } from '../cog/written-samples.ts'
import type { CompositeRequest } from '../model/composite.ts'
import { composeRows, type KeptRows } from '../pixels/compose.ts'
import { type Composition, composingBytes } from '../pixels/compose-plan.ts'
import { type ComposedRows, FIRST, SET_ASIDE, UNSEEN } from '../pixels/composed-rows.ts'
import { emptyTally } from '../pixels/ndvi.ts'
import { CELL } from '../pixels/statistics.ts'
import { dayTaken } from '../stac/acquisition.ts'
import type { FileContent } from '../store/file-content.ts'
import { type BandRows, type DrawnBands, drawBands, type Sinks } from './draw-bands.ts'
import type { JointBand } from './joint.ts'
import type { PlacedComposite } from './place-composite.ts'
import type { Stack } from './place-scenes.ts'

export const compositeBands: readonly JointBand[] = [
  { name: 'ndvi', description: 'NDVI', spread: 1 },
]

export interface ComputedComposite {
  readonly drawn: DrawnBands
  /** Of each observation of the stack, how many pixels are of it; null of a median. */
  readonly counts: readonly number[] | null
  /** GeoTIFF of the days since 1970 that pixels are of; null where none was asked for, and of a median. */
  readonly dates: FileContent | null
}

/** Values, days and marks. */
const HELD_PER_PIXEL = 8 + 8 + 2
/** A level and its overviews, as of a COG. */
const PYRAMID_BYTES = 6

/**
 * @param kept rows that were composed before; null where none are kept
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`, `store_failed`, and what drawBands throws
 */
export async function computeComposite(
  { stack: placed, place, geoKeys, polygon }: PlacedComposite,
  request: Pick<CompositeRequest, 'rescale' | 'colormap_name' | 'outputs' | 'reduce'>,
  kept: KeptRows | null,
  sinks: Sinks,
  signal: AbortSignal,
): Promise<ComputedComposite> {
  const { stack, grid, tile, shape } = placed
  const { reduce: method, outputs } = request
  const [rows, cols] = shape
  const composition: Composition = { method, stack, grid: { shape, tile }, polygon }
  const isDated = method !== 'median'
  const dates =
    isDated && outputs.includes('cog')
      ? new CogWriter(
          { grid, geo: geoKeys, bands: ['Source date'], samples: int32, unit: 'd' },
          sinks.scratch,
        )
      : null
  const size = Math.min(CELL, rows) * cols
  const plan = {
    grid: place.grid,
    geoKeys,
    pictures: place.pictures,
    request,
    bands: compositeBands,
    holds: () => composingBytes(composition) + (HELD_PER_PIXEL + PYRAMID_BYTES) * size,
  }
  const dayOf = daysOf(placed)
  const counts = dayOf.map(() => 0)
  async function* rowsOf(): AsyncGenerator<BandRows> {
    // Not before drawBands lets it: until then its memory is another's.
    const bands = new Bands(composition, dayOf, counts)
    for await (const block of composeRows(composition, kept, signal)) {
      for (const part of bands.add(block)) {
        yield part
        await dates?.add([bands.days.subarray(0, part.rows * cols)], signal)
      }
    }
  }
  const drawn = await drawBands(plan, rowsOf, sinks, signal)
  return {
    drawn,
    counts: isDated ? counts : null,
    dates: (await dates?.finish([null], signal)) ?? null,
  }
}

const DAY_MS = 86_400_000

/** Days since 1970 of each observation of the stack. */
function daysOf({ observations, members }: Stack): number[] {
  return observations.map((observation) => {
    const first = members.find(({ scene }) => scene.observation === observation)
    const day = first && dayTaken(first.scene.content.scene)
    return Math.floor(Date.parse(day ?? '') / DAY_MS)
  })
}

/** Blocks of any number of rows as bands of CELL rows. */
class Bands {
  /** Days since 1970 of the band's pixels, NaN where there is none. */
  readonly days: Float64Array
  readonly #composition: Composition
  readonly #dayOf: readonly number[]
  /** Pixels of each observation so far. */
  readonly #counts: number[]
  readonly #values: Float64Array
  readonly #marks: Uint16Array
  readonly #observed: Uint8Array
  readonly #inside: Uint8Array
  #firstRow = 0
  #filled = 0

  constructor(composition: Composition, dayOf: readonly number[], counts: number[]) {
    const [rows, cols] = composition.grid.shape
    const size = Math.min(CELL, rows) * cols
    this.#composition = composition
    this.#dayOf = dayOf
    this.days = new Float64Array(size)
    this.#counts = counts
    this.#values = new Float64Array(size)
    this.#marks = new Uint16Array(size)
    this.#observed = new Uint8Array(size)
    this.#inside = new Uint8Array(cols)
  }

  /** Takes the next rows. Each band is of the same memory. */
  *add({ rows, values, marks }: ComposedRows): Generator<BandRows> {
    const [height, cols] = this.#composition.grid.shape
    for (let row = 0; row < rows; ) {
      const band = Math.min(CELL, height - this.#firstRow)
      const count = Math.min(rows - row, band - this.#filled)
      const to = this.#filled * cols
      this.#values.set(values.subarray(row * cols, (row + count) * cols), to)
      this.#marks.set(marks.subarray(row * cols, (row + count) * cols), to)
      this.#filled += count
      row += count
      if (this.#filled < band) continue
      yield this.#finish(band, cols)
      this.#firstRow += band
      this.#filled = 0
    }
  }

  #finish(rows: number, cols: number): BandRows {
    const { polygon } = this.#composition
    const tally = emptyTally()
    for (let row = 0; row < rows; row++) {
      if (polygon !== null) polygon.markRow(this.#firstRow + row, this.#inside, 0)
      const start = row * cols
      for (let col = 0; col < cols; col++) {
        const at = start + col
        const mark = this.#marks[at]!
        this.#observed[at] = mark === UNSEEN ? 0 : 1
        this.days[at] = Number.NaN
        if (polygon !== null && this.#inside[col] === 0) this.#values[at] = Number.NaN
        else if (mark === UNSEEN) tally.fill++
        else if (mark === SET_ASIDE) tally.mask++
        else {
          const order = mark - FIRST
          this.days[at] = this.#dayOf[order]!
          this.#counts[order] = this.#counts[order]! + 1
        }
      }
    }
    const size = rows * cols
    return {
      firstRow: this.#firstRow,
      firstCol: 0,
      rows,
      cols,
      bands: [this.#values.subarray(0, size)],
      observed: this.#observed.subarray(0, size),
      tallies: [tally],
    }
  }
}
