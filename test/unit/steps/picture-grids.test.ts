// Pictures of another size: their grids, and what is drawn on them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crsOfDefinition } from '../../../lib/geo/crs/crs.ts'
import { footprintOf } from '../../../lib/geo/footprint.ts'
import type { Grid } from '../../../lib/model/grid.ts'
import type { NdviRequest } from '../../../lib/model/request.ts'
import { startFigureMap } from '../../../lib/steps/draw-rasters.ts'
import { pictureGrids } from '../../../lib/steps/picture-grids.ts'

const signal = new AbortController().signal
const grid: Grid = {
  crs: 'EPSG:32620',
  transform: [30, 0, 832485, 0, -30, -340995],
  shape: [40, 60],
  level: 1,
}
const crs = await crsOfDefinition('EPSG:32620')

function gridsOf(asked: Partial<NdviRequest>, of: Grid = grid) {
  const pictured = { grid: of, crs, footprint: footprintOf(of, crs.projection) }
  return pictureGrids(pictured, { outputs: ['figure', 'layer'], max_size: 1024, ...asked })
}

async function drawn(asked: Partial<NdviRequest>) {
  const [rows, cols] = grid.shape
  const values = Float64Array.from({ length: rows * cols }, (_, at) =>
    at % 7 === 0 ? Number.NaN : Math.sin(at),
  )
  const request = { rescale: [-0.9, 1] } as const
  const map = startFigureMap({ grid, pictures: gridsOf(asked), request })
  for (let row = 0; row < rows; row += 8)
    await map.add(row, values.subarray(row * cols, (row + 8) * cols), 0, cols, signal)
  return map.finish()
}

describe('the grid of a picture', () => {
  it('is that of the result where no other is asked for', () => {
    assert.deepEqual(gridsOf({}), { layer: null, figure: null })
    assert.equal(gridsOf({ outputs: ['layer'], width: 30 }).figure, null)
    assert.equal(gridsOf({ outputs: ['figure'], width: 30 }).layer, null)
  })

  it('covers the same ground in the pixels that are asked for', () => {
    const shapes = (asked: Partial<NdviRequest>) => gridsOf(asked).figure?.grid
    assert.deepEqual(shapes({ width: 30 })?.shape, [20, 30])
    assert.deepEqual(shapes({ height: 100 })?.shape, [100, 150])
    assert.deepEqual(shapes({ width: 7, height: 90 })?.shape, [90, 7])
    assert.deepEqual(shapes({ width: 1 })?.shape, [1, 1])
    assert.deepEqual(shapes({ width: 30 })?.transform, [60, 0, 832485, 0, -60, -340995])
  })

  it('in EPSG:3857 is the box around that ground, in as fine pixels', () => {
    const { layer, figure } = gridsOf({ layer_crs: 'EPSG:3857' })
    assert.equal(figure, null)
    const { crs: code, transform, shape } = layer?.grid ?? assert.fail()
    assert.equal(code, 'EPSG:3857')
    const [a, , , , e] = transform
    // A metre of the map is nearly one of the ground at three degrees; the ground is turned a little, its box larger.
    assert.ok(Math.abs(a - 30.1) < 0.1 && a === -e, String(a))
    assert.ok(Math.abs(shape[0] - 40) <= 1 && Math.abs(shape[1] - 60) <= 1, String(shape))
  })

  it('has an end: of pixels, and at 85 degrees', () => {
    const large: Grid = { ...grid, shape: [12_000, 12_000] }
    assert.throws(() => gridsOf({ layer_crs: 'EPSG:3857' }, large), { code: 'too_large' })
    assert.ok(gridsOf({ layer_crs: 'EPSG:3857', width: 4096 }, large).layer !== null)
    const flat: Grid = { ...grid, shape: [30_000, 8000] }
    const tiny = { width: 2, height: 2, outputs: ['layer'] } as const
    assert.throws(() => gridsOf({ ...tiny, resampling: 'bilinear' }, flat), { code: 'too_large' })
    assert.ok(gridsOf(tiny, flat).layer !== null)
    const polar: Grid = { ...grid, transform: [30, 0, 499_000, 0, -30, 9_800_000] }
    assert.throws(() => gridsOf({ layer_crs: 'EPSG:3857' }, polar), { code: 'invalid_request' })
  })
})

describe('the map of a figure of another size', () => {
  it('has the same pixels where the size is the same', async () => {
    const [plain, sized] = [await drawn({}), await drawn({ width: 60 })]
    assert.deepEqual({ ...sized, step: 1 }, plain)
    assert.equal(sized.step, null)
  })

  it('has every pixel twice where it is twice as large, and the one in the middle of three', async () => {
    const plain = await drawn({})
    const twice = await drawn({ width: 120 })
    assert.deepEqual([twice.width, twice.height], [120, 80])
    for (const [at, index] of twice.indices.entries()) {
      const from = Math.floor(at / 240) * 60 + Math.floor((at % 120) / 2)
      assert.equal(index, plain.indices[from])
    }
    const third = await drawn({ width: 20, height: 40 })
    assert.equal(third.indices[20 + 1], plain.indices[60 + 4])
    assert.equal(third.valid[0], plain.valid[1])
  })
})
