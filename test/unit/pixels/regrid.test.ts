// Values on another grid while their rows stream in: the same as from all of them at once, however they come.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type PixelBox, type PlacePixel, warpPlaces } from '../../../lib/geo/warp-places.ts'
import type { Resampling } from '../../../lib/model/resampling.ts'
import { Regrid, type RegridPlan } from '../../../lib/pixels/regrid.ts'
import { resample } from '../../../lib/pixels/resample.ts'
import { randomFrom } from '../../harness/random.ts'

const signal = new AbortController().signal

function values(rows: number, cols: number, seed: number): Float64Array {
  const random = randomFrom(seed)
  return Float64Array.from({ length: rows * cols }, () =>
    random.chance(0.1) ? Number.NaN : random.between(-1, 1),
  )
}

async function streamed(plan: RegridPlan, all: Float64Array, most: number): Promise<Float64Array> {
  const out = new Float64Array(plan.to[0] * plan.to[1]).fill(Number.NaN)
  const regrid = new Regrid(plan, (at, value) => {
    assert.ok(Number.isNaN(out[at]), `${at} is painted twice`)
    out[at] = value
  })
  const [rows, cols] = plan.from
  const buffer = new Float64Array(most * cols)
  for (let row = 0, count = 1; row < rows; row += count, count = (count % most) + 1) {
    count = Math.min(count, rows - row)
    const part = buffer.subarray(0, count * cols)
    part.set(all.subarray(row * cols, (row + count) * cols))
    await regrid.add(part, signal)
  }
  regrid.finish()
  return out
}

/** A grid that is turned, sheared and moved. */
function turned(
  from: readonly [number, number],
  to: readonly [number, number],
  angle: number,
  resampling: Resampling,
): RegridPlan {
  const pixel = Math.hypot(...from) / Math.hypot(...to)
  const [sin, cos] = [Math.sin(angle) * pixel, Math.cos(angle) * pixel]
  const place: PlacePixel = (col, row) => {
    const [x, y] = [col + 0.5 - to[1] / 2, row + 0.5 - to[0] / 2]
    return [from[1] / 2 + x * cos - y * sin, from[0] / 2 + x * sin + y * cos * 1.02 + 1e-5 * x * y]
  }
  return { from, to, resampling, places: (box: PixelBox) => warpPlaces(box, place) }
}

function atOnce(plan: RegridPlan, all: Float64Array): Float64Array {
  const { from, to, places, resampling } = plan
  const { cols, rows } = places({ row: 0, col: 0, rows: to[0], cols: to[1] })
  const patch = {
    col: 0,
    row: 0,
    cols: from[1],
    rows: from[0],
    values: all,
    scale: { cols: 1, rows: 1 },
  }
  const steps = (at: Float64Array, by: number) => {
    const middle = Math.floor(to[0] / 2) * to[1] + Math.floor(to[1] / 2)
    return Math.abs((at[middle] ?? 0) - (at[middle - by] ?? 0))
  }
  const density = {
    cols: 1 / (steps(cols, 1) + steps(cols, to[1])),
    rows: 1 / (steps(rows, 1) + steps(rows, to[1])),
  }
  return resample(patch, cols, rows, resampling, density)
}

/** Places are fitted box by box: a place that lies on the edge of two pixels may fall to either. */
function assertAlike(found: Float64Array, expected: Float64Array, how: Resampling): void {
  const other = expected.reduce((sum, value, at) => {
    const isSame = Object.is(value, found[at]) || Math.abs(value - (found[at] ?? 0)) < 1e-3
    return sum + Number(!isSame)
  }, 0)
  const most = how === 'nearest' ? 1e-3 : 2e-3
  assert.ok(other <= most * expected.length, `${other} of ${expected.length} differ`)
}

describe('values on another grid', () => {
  for (const how of ['nearest', 'bilinear'] as const) {
    for (const [name, to, angle] of [
      ['as large', [320, 330], 0.04],
      ['turned to the side', [320, 330], 1.3],
      ['upside down and larger', [500, 420], 3],
      ['much smaller', [40, 36], 0.2],
    ] as const) {
      it(`are those of all rows at once: ${name}, ${how}`, async () => {
        const from = [317, 291] as const
        const plan = turned(from, to, angle, how)
        const all = values(...from, 7)
        const found = await streamed(plan, all, 23)
        assert.ok(found.filter((value) => !Number.isNaN(value)).length > 0.5 * found.length)
        assertAlike(found, atOnce(plan, all), how)
        assert.deepEqual(await streamed(plan, all, 317), found)
      })
    }
  }

  it('hold a few rows of a large grid, however small the picture is', async () => {
    const from = [2000, 1500] as const
    const plan = turned(from, [256, 192], 0.02, 'nearest')
    assert.ok(Regrid.bytesOf(plan) < 9e6, String(Regrid.bytesOf(plan)))
    const all = Float64Array.from({ length: 3e6 }, (_, at) => Math.floor(at / 1500))
    assertAlike(await streamed(plan, all, 100), atOnce(plan, all), 'nearest')
  })

  it('need every row', async () => {
    const plan = turned([10, 10], [10, 10], 0, 'nearest')
    const regrid = new Regrid(plan, () => undefined)
    await regrid.add(new Float64Array(90), signal)
    assert.throws(() => regrid.finish(), /9 of 10 rows/)
    await assert.rejects(regrid.add(new Float64Array(20), signal), RangeError)
    await assert.rejects(regrid.add(new Float64Array(5), signal), RangeError)
  })
})
