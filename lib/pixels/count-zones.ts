// One pass over a stack of scenes: the numbers of every zone that lies on their common grid.

import { readAhead } from '../async/read-ahead.ts'
import { nextTurn, turnIsOver } from '../async/turns.ts'
import { GreenprintError } from '../errors.ts'
import type { PixelPolygon } from '../geo/pixel-polygon.ts'
import type { ZoneNumbers } from '../model/zones.ts'
import { bytesPerPixel, type Joined, type Reduction, readStack } from './stack.ts'
import { EXACT_LIMIT } from './statistics.ts'
import { ZoneCounter } from './zone-counter.ts'
import { type PlannedBox, type PlannedGrid, planZones, type ZonePlan } from './zone-plan.ts'

/** What rectangles that are read, or wait to be counted, hold at a time. */
const MOST_READ_BYTES = 160 * 1024 * 1024
/** Values that zones hold at a time, for exact percentiles. */
const MOST_VALUES = 40_000_000

export interface CountedZone {
  readonly numbers: ZoneNumbers
  /** Pixels of the zone that lie on the grid. */
  readonly covered: number
}

/**
 * @param zones in rows and columns of the grid
 * @param maxPixels the most that are read
 * @returns the numbers of each zone, in their order
 * @throws {GreenprintError} `too_large` before anything is read; `raster_unusable`, `content_unavailable`
 */
export async function countZones(
  zones: readonly PixelPolygon[],
  { stack, grid }: { readonly stack: readonly Joined[]; readonly grid: PlannedGrid },
  reduction: Reduction,
  { maxPixels, onRows }: { readonly maxPixels: number; readonly onRows: (share: number) => void },
  signal: AbortSignal,
): Promise<CountedZone[]> {
  const plan = planZones(zones, grid)
  requireRoom(plan, maxPixels)
  const pixelBytes = bytesPerPixel(stack, reduction)
  const boxes = plan.boxes.flatMap((box) => cut(box, MOST_READ_BYTES / 2 / pixelBytes))
  const last = new Map(boxes.flatMap((box, at) => box.zones.map((zone) => [zone, at] as const)))
  const open = new Map<number, ZoneCounter>()
  const counted = zones.map((_, zone) => new ZoneCounter(0).finish(plan.totals[zone]!))
  const reading = {
    weigh: ({ rows, cols }: PlannedBox) => rows * cols * pixelBytes,
    most: MOST_READ_BYTES,
    run: (box: PlannedBox, stop: AbortSignal) => readStack(stack, box, reduction, stop),
  }
  let done = 0
  for await (const [box, { values }] of readAhead(boxes, reading, signal)) {
    for (const zone of box.zones) {
      const counter = open.get(zone) ?? new ZoneCounter(plan.covered[zone]!)
      open.set(zone, counter)
      await countRows(zones[zone]!, box, values, counter, signal)
      if (last.get(zone) !== done) continue
      counted[zone] = counter.finish(plan.totals[zone]!)
      open.delete(zone)
    }
    done++
    onRows(done / boxes.length)
  }
  return counted.map((numbers, zone) => ({ numbers, covered: plan.covered[zone]! }))
}

async function countRows(
  polygon: PixelPolygon,
  { row, rows, col, cols }: PlannedBox,
  values: Float64Array,
  counter: ZoneCounter,
  signal: AbortSignal,
): Promise<void> {
  const [first, end] = polygon.rows
  for (let at = Math.max(row, first); at < Math.min(row + rows, end); at++) {
    const spans = polygon.spansOf(at)
    const start = (at - row) * cols - col
    for (let i = 0; i < spans.length; i += 2) {
      const [from, to] = [Math.max(col, spans[i]!), Math.min(col + cols, spans[i + 1]!)]
      if (from < to) counter.add(values, start + from, start + to)
    }
    if (turnIsOver()) await nextTurn(signal)
  }
}

/** One below the other, each of at most so many pixels, or a row. */
function cut(box: PlannedBox, most: number): PlannedBox[] {
  const rows = Math.max(1, Math.floor(most / box.cols))
  const boxes: PlannedBox[] = []
  for (let row = 0; row < box.rows; row += rows) {
    boxes.push({ ...box, row: box.row + row, rows: Math.min(rows, box.rows - row) })
  }
  return boxes
}

/** The widest rectangle that is read: a row of it is the least that is held. */
const MOST_COLS = 40 * 1024

function requireRoom({ boxes, covered }: ZonePlan, maxPixels: number): void {
  const pixels = boxes.reduce((sum, { rows, cols }) => sum + rows * cols, 0)
  if (pixels > maxPixels) {
    throw new GreenprintError(
      'too_large',
      `The zones lie on ${pixels} px of the scene; this deployment reads at most ${maxPixels}. Ask for fewer or smaller zones at a time.`,
    )
  }
  const widest = boxes.reduce((most, { cols }) => Math.max(most, cols), 0)
  if (widest > MOST_COLS) {
    throw new GreenprintError(
      'too_large',
      `The zones lie on ${widest} columns of the scene together; at most ${MOST_COLS} are read at a time. Ask for zones that lie nearer to each other.`,
    )
  }
  // At its worst a row of tiles has pixels of as many zones as overlap there.
  const held = Map.groupBy(
    boxes.flatMap((box) => box.zones.map((zone) => ({ zone, row: box.row }))),
    ({ row }) => row,
  )
  for (const zones of held.values()) {
    const values = zones.reduce((sum, { zone }) => sum + Math.min(EXACT_LIMIT, covered[zone]!), 0)
    if (values <= MOST_VALUES) continue
    throw new GreenprintError(
      'too_large',
      `${zones.length} zones that lie beside or over each other have ${values} px together; at most ${MOST_VALUES} are counted at a time. Ask for fewer of them, in several requests.`,
    )
  }
}
