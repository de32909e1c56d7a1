// Our numbers against rasterio's and numpy's, for every scene, level and window that make_reference.py wrote.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import type { Cog } from '../../../lib/raster/cog.ts'
import type { NdviRules } from '../../../lib/raster/ndvi.ts'
import { openProjection, projectBounds } from '../../../lib/raster/projection.ts'
import { everything } from '../../../lib/raster/marks.ts'
import { scanNdvi } from '../../../lib/raster/scan.ts'
import { CELL, StatisticsBuilder } from '../../../lib/raster/statistics.ts'
import { chooseWindow, type Window } from '../../../lib/raster/window.ts'
import { openScene, readReferences, type Reference } from '../../harness/scenes.ts'

const signal = new AbortController().signal
const { scenes } = await readReferences()

for (const [name, { scale, offset, results }] of Object.entries(scenes)) {
  describe(`NDVI of ${name} equals rasterio's`, async () => {
    const { red, nir } = await openScene(name)
    for (const reference of results) {
      const place = reference.bbox === null ? 'whole scene' : 'window'
      it(`level ${reference.level}, ${place}, scale ${reference.scale}`, async () => {
        const window = await windowFor(red, nir, reference)
        const raw = reference.scale === 'none'
        const band = {
          scale: raw ? 1 : scale,
          offset: raw ? 0 : offset,
          fill: [0],
          saturation: null,
        }
        const rules = { red: band, nir: band, minimumDenominator: raw ? Number.MIN_VALUE : 1e-6 }
        await compare(window, rules, reference)
      })
    }
  })
}

/** max_size that leads to exactly the reference's level and place. */
async function windowFor(red: Cog, nir: Cog, { bbox, level, shape }: Reference): Promise<Window> {
  const area = bbox === null ? null : projectBounds(bbox, await openProjection(red.geoKeys))
  const window = chooseWindow(red, nir, area, Math.max(...shape), 1e9)
  assert.equal(window.grid.level, level)
  return window
}

async function compare(window: Window, rules: NdviRules, reference: Reference): Promise<void> {
  const statistics = new StatisticsBuilder()
  const pixels = createHash('sha256')
  let cell = 0
  for await (const { values, rows, cols, tally } of scanNdvi(window, rules, everything, signal)) {
    for (let from = 0; from < cols; from += CELL) {
      statistics.addCell(cell++, values, cols, rows, from, Math.min(cols, from + CELL))
    }
    statistics.addTally(tally)
    pixels.update(Buffer.from(Float32Array.from(values).buffer))
  }
  const ours = statistics.finish()
  if (reference.window !== null) {
    assert.deepEqual([window.row, window.col, window.rows, window.cols], reference.window)
  }
  assert.deepEqual(window.grid.shape, reference.shape)
  assert.equal(ours.valid_count, reference.valid_count)
  assert.equal(ours.invalid.fill, reference.fill)
  assert.equal(ours.invalid.denominator, reference.denominator)
  assert.equal(ours.clipped_count, reference.clipped)
  assert.deepEqual(ours.histogram.counts, reference.histogram)
  for (const name of ['mean', 'stddev', 'minimum', 'maximum'] as const)
    close(ours[name], reference[name], name)
  const percentiles = (['2', '25', '50', '75', '98'] as const).map(
    (percent) => ours.percentiles[percent],
  )
  percentiles.forEach((value, at) => close(value, reference.percentiles[at], `percentile ${at}`))
  assert.equal(pixels.digest('hex'), reference.sha256, 'float32 pixels')
}

function close(ours: number | null, theirs: number | undefined, name: string): void {
  assert.ok(ours !== null && theirs !== undefined, name)
  assert.ok(
    Math.abs(ours - theirs) <= 1e-12 + 1e-9 * Math.abs(theirs),
    `${name}: ${ours} is not ${theirs}`,
  )
}
