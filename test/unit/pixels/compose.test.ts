// Composites held against a loop over every pixel: any tiles, any places, rows that were kept before.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PixelPolygon } from '../../../lib/geo/pixel-polygon.ts'
import { type CompositeMethod, compositeMethods } from '../../../lib/model/composite.ts'
import { composeRows, type KeptRows } from '../../../lib/pixels/compose.ts'
import type { Composition } from '../../../lib/pixels/compose-plan.ts'
import { type ComposedRows, FIRST, SET_ASIDE, UNSEEN } from '../../../lib/pixels/composed-rows.ts'
import { everything } from '../../../lib/pixels/selection.ts'
import { chooseStackWindow } from '../../../lib/pixels/stack-window.ts'
import { memoryCog, memoryLevel } from '../../harness/level.ts'
import { randomFrom } from '../../harness/random.ts'

const signal = AbortSignal.timeout(60_000)
const FILL = 0
/** The number of a saturated detector: observed, without a value. */
const SATURATED = 65_535

interface TestScene {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
  readonly red: (row: number, col: number) => number
  readonly nir: (row: number, col: number) => number
}

function randomScene(seed: number, height: number, width = height): TestScene {
  const random = randomFrom(seed)
  const [rows, cols] = [random.whole(height / 2, height), random.whole(width / 2, width)]
  const numbers = Array.from({ length: rows * cols }, () => {
    const kind = random.unit()
    // Few numbers, so that many pixels have equal values.
    const number = () => random.whole(1, 6)
    return kind < 0.2 ? [FILL, FILL] : kind < 0.4 ? [SATURATED, 5] : [number(), number()]
  })
  const band = (at: number) => (row: number, col: number) => numbers[row * cols + col]?.[at] ?? 0
  const [row, col] = [random.whole(-9, 9), random.whole(-9, 9)]
  return { row, col, rows, cols, red: band(0), nir: band(1) }
}

interface TestStack extends Omit<Composition, 'method'> {
  readonly observations: readonly (readonly TestScene[])[]
}

function stackOf(observations: readonly (readonly TestScene[])[], tile: number): TestStack {
  const scenes = observations.flatMap((same, observation) =>
    same.map(({ row, col, rows, cols, red, nir }) => {
      const level = (value: TestScene['red']) =>
        memoryLevel({ width: cols, height: rows, tile, value, transform: [1, 0, col, 0, -1, -row] })
      return { observation, red: memoryCog([level(red)]), nir: memoryCog([level(nir)]) }
    }),
  )
  const chosen = chooseStackWindow(scenes, null, 'full', null)
  assert.ok(chosen)
  const band = { scale: 1, offset: 0, fill: [FILL], saturation: SATURATED }
  const rules = { red: band, nir: band, minimumDenominator: 1e-6 }
  const { row, col } = chosen.windows[0]!
  return {
    observations,
    stack: observations.map((_, observation) =>
      chosen.windows
        .filter(({ scene }) => scene.observation === observation)
        .map((placed) => ({ ...placed, rules, selection: everything })),
    ),
    grid: { shape: chosen.grid.shape, tile: { rows: tile, cols: tile, row, col } },
    polygon: null,
  }
}

/** By a loop over every pixel. */
function expected({ observations, grid: { shape } }: TestStack, method: CompositeMethod) {
  const [height, width] = shape
  const all = observations.flat()
  const [top, left] = [
    Math.min(...all.map(({ row }) => row)),
    Math.min(...all.map(({ col }) => col)),
  ]
  return Array.from({ length: height * width }, (_, at) => {
    const [row, col] = [Math.floor(at / width) + top, (at % width) + left]
    const found: { value: number; order: number }[] = []
    let isSeen = false
    for (const [order, scenes] of observations.entries()) {
      for (const scene of scenes) {
        const [r, c] = [row - scene.row, col - scene.col]
        if (r < 0 || c < 0 || r >= scene.rows || c >= scene.cols) continue
        const [red, nir] = [scene.red(r, c), scene.nir(r, c)]
        if (red !== FILL) isSeen = true
        if (red === FILL || red === SATURATED) continue
        found.push({ value: (nir - red) / (nir + red), order })
        break
      }
    }
    if (found.length === 0) return { value: Number.NaN, mark: isSeen ? SET_ASIDE : UNSEEN }
    const { value, order } = pick[method](found)
    return { value: Math.fround(value), mark: FIRST + order }
  })
}

interface Found {
  readonly value: number
  readonly order: number
}

const pick: Record<CompositeMethod, (found: readonly Found[]) => Found> = {
  max_ndvi: (found) => found.reduce((best, each) => (each.value > best.value ? each : best)),
  latest_valid: (found) => found.at(-1)!,
  median: (found) => {
    const sorted = found.map(({ value }) => value).toSorted((a, b) => a - b)
    const middle = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
    return { value: middle, order: 0 }
  },
}

async function compose(composition: Composition, kept: KeptRows | null = null) {
  const [height, width] = composition.grid.shape
  const composed: { value: number; mark: number }[] = []
  let rows = 0
  for await (const part of composeRows(composition, kept, signal)) {
    assert.equal(part.row, rows)
    assert.equal(part.values.length, part.rows * width)
    rows += part.rows
    for (const [i, value] of part.values.entries()) composed.push({ value, mark: part.marks[i]! })
  }
  assert.equal(rows, height)
  return composed
}

describe('a composite', () => {
  for (const method of compositeMethods) {
    for (const [tile, side] of [
      [16, 70],
      [7, 40],
      [300, 30],
    ] as const) {
      it(`is the ${method} of scenes at any place, in tiles of ${tile}`, async () => {
        const scenes = Array.from({ length: 7 }, (_, at) => randomScene(at + tile, side))
        const [one, two, ...others] = scenes
        // Two scenes of one observation: the first with a value gives it.
        const stack = stackOf([[one!, two!], ...others.map((each) => [each])], tile)
        assert.deepEqual(await compose({ ...stack, method }), expected(stack, method))
      })
    }
  }

  it('goes on behind the rows that were kept, and composes again what is damaged', async () => {
    const scenes = Array.from({ length: 3 }, (_, at) => [randomScene(at + 1, 1800, 20)])
    const stack = { ...stackOf(scenes, 16), method: 'median' as const }
    const blocks = new Map<number, ComposedRows>()
    const keeping: KeptRows = {
      known: new Set(),
      get: async () => assert.fail('nothing is kept yet'),
      put: async (rows) => {
        const { row, values, marks } = rows
        blocks.set(row, { ...rows, values: values.slice(), marks: marks.slice() })
      },
    }
    const whole = await compose(stack, keeping)
    assert.ok(blocks.size >= 3)
    const [first = 0, second = 0] = blocks.keys()
    const again: number[] = []
    const partly: KeptRows = {
      known: new Set([first, second]),
      get: async ({ row }) => (row === second ? null : blocks.get(row)!),
      put: async ({ row }) => void again.push(row),
    }
    assert.deepEqual(await compose(stack, partly), whole)
    assert.deepEqual(again, [...blocks.keys()].slice(1))
  })

  it('reads of the latest values no scene below another that has them all', async () => {
    const size = { row: 0, col: 0, rows: 64, cols: 2100 }
    const scene: TestScene = { ...size, red: () => 1, nir: () => 3 }
    let tiles = 0
    const older = { ...scene, red: () => (tiles++, 1) }
    const stack = stackOf(
      [[older], [older], [{ ...scene, cols: 1500 }], [{ ...scene, cols: 200 }]],
      512,
    )
    const grid = { ...stack.grid, shape: [64, 2100] as const }
    const ahead = 64 * 2100 * 16
    const composed = await compose({ ...stack, grid, ahead, method: 'latest_valid' })
    assert.ok(composed.every(({ value }) => value === 0.5))
    // Of two older scenes one.
    assert.equal(tiles, 5 * 512 * 512)
  })

  it('reads nothing where the polygon is not', async () => {
    const seen = new Set<number>()
    const red = (row: number) => (seen.add(Math.floor(row / 512)), 1)
    const stack = stackOf([[{ row: 0, col: 0, rows: 1536, cols: 20, red, nir: () => 3 }]], 512)
    const polygon = new PixelPolygon([
      [
        [1, 600],
        [15, 600],
        [15, 900],
        [1, 900],
      ],
    ])
    const composed = await compose({ ...stack, polygon, method: 'max_ndvi' })
    assert.deepEqual([...seen], [1])
    assert.equal(composed[700 * 20 + 10]?.value, 0.5)
    assert.equal(composed[0]?.mark, UNSEEN)
  })
})
