// The numbers are the same to the last bit, whichever threads compute them.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { PixelPolygon } from '../../../lib/geo/pixel-polygon.ts'
import { axisOf } from '../../../lib/pixels/axis.ts'
import { BandCounter } from '../../../lib/pixels/band-counter.ts'
import { PixelComputer } from '../../../lib/pixels/pixel-threads.ts'
import { scanNdvi } from '../../../lib/pixels/scan.ts'
import { partsOf, type ScanParts } from '../../../lib/pixels/scan-parts.ts'
import { everything, type Selection } from '../../../lib/pixels/selection.ts'
import type { Window } from '../../../lib/pixels/window.ts'
import { memoryLevel } from '../../harness/level.ts'

const { signal } = new AbortController()
/** Two bands of rows, the last one short, and two cells in each, the last one narrow. */
const [ROWS, COLS] = [600, 700] as const
const band = { scale: 2.75e-5, offset: -0.2, fill: [0], saturation: 65_535 }
const rules = { red: band, nir: band, minimumDenominator: 1e-6 }

/** Numbers as they come, fill and saturation among them. */
const noise = (seed: number) => (row: number, col: number) =>
  Math.imul(row * COLS + col + seed, 2_654_435_761) >>> 16

const level = (seed: number) =>
  memoryLevel({ width: COLS, height: ROWS, tile: 256, value: noise(seed) })
const window: Window = {
  red: level(1),
  nir: level(2),
  row: 0,
  col: 0,
  rows: ROWS,
  cols: COLS,
  step: 1,
  rowsAt: axisOf(0, ROWS, 1),
  colsAt: axisOf(0, COLS, 1),
  grid: { crs: null, transform: [1, 0, 0, 0, -1, 0], shape: [ROWS, COLS], level: 0 },
  sizes: [],
  warnings: [],
}
const triangle = new PixelPolygon([
  [
    [10, 20],
    [COLS - 7, 200],
    [300, ROWS - 3],
  ],
])
const inTriangle: Selection = { polygon: triangle, qa: null }
const whole = partsOf([{ window, selection: everything }], true)

async function compute(computer: PixelComputer, selection: Selection, parts: ScanParts = whole) {
  const counter = new BandCounter([ROWS, COLS], 1, computer)
  const hash = createHash('sha256')
  const isShared: boolean[] = []
  for await (const part of scanNdvi(window, rules, selection, signal, parts, computer)) {
    isShared.push(part.values.buffer instanceof SharedArrayBuffer)
    hash.update(Float64Array.from(part.values, (value) => value)).update(part.observed)
    await counter.add(part.values, part, part.tally, signal)
  }
  return { isShared, numbers: { statistics: counter.finish(), pixels: hash.digest('hex') } }
}

describe('values, marks and statistics', () => {
  for (const [name, selection, parts] of [
    ['of everything', everything, whole],
    ['in a polygon', inTriangle, whole],
    ['cut into columns', inTriangle, { rows: 512, cols: 512 }],
    ['strip by strip', inTriangle, { rows: 1024, cols: 512 }],
  ] as const) {
    it(`${name} are those of one thread`, async () => {
      const alone = await compute(new PixelComputer(0, 1), selection, parts)
      assert.ok(alone.numbers.statistics.valid_count > 100_000)
      assert.ok(alone.isShared.every((shared) => !shared))
      for (const most of [1, 3]) {
        await using computer = new PixelComputer(most, 1)
        await computer.start()
        assert.equal(computer.threads, most)
        const beside = await compute(computer, selection, parts)
        assert.ok(beside.isShared.every((shared) => shared))
        assert.deepEqual(beside.numbers, alone.numbers)
      }
    })
  }

  it('are those of the whole, however it is cut', async () => {
    const alone = new PixelComputer(0, 1)
    const { numbers } = await compute(alone, inTriangle)
    for (const rows of [512, 1024]) {
      const cut = await compute(alone, inTriangle, { rows, cols: 512 })
      assert.deepEqual(cut.numbers.statistics, numbers.statistics)
    }
  })

  it('are also those of threads that come late', async () => {
    const alone = await compute(new PixelComputer(0, 1), everything)
    await using computer = new PixelComputer(2, 1)
    const { numbers } = await compute(computer, everything)
    assert.deepEqual(numbers, alone.numbers)
  })
})

describe('a computation', () => {
  it('starts no threads for less than they are worth', async () => {
    const computer = new PixelComputer(2, ROWS * COLS + 1)
    const { isShared } = await compute(computer, everything)
    assert.ok(isShared.every((shared) => !shared))
    assert.equal(computer.threads, 0)
  })

  it('that is given up leaves nothing running', async () => {
    await using computer = new PixelComputer(1, 1)
    await computer.start()
    const stop = new AbortController()
    const rows = scanNdvi(window, rules, everything, stop.signal, whole, computer)
    await rows.next()
    const next = rows.next()
    stop.abort(new Error('enough'))
    await assert.rejects(next, /enough/)
    assert.deepEqual(await rows.next(), { done: true, value: undefined })
  })
})
