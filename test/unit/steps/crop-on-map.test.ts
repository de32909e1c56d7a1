// What an asked area leaves of a tile: beside the antimeridian, far away, and on the map of the world.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { areaOfBox } from '../../../lib/geo/area.ts'
import { tileGrid } from '../../../lib/geo/web-mercator.ts'
import type { Bbox } from '../../../lib/model/grid.ts'
import { cropOnMap } from '../../../lib/steps/crop-on-map.ts'

const SIZE = 256

/** Columns of a tile's middle row that an area leaves a value. */
function columnsLeft(z: number, x: number, y: number, box: Bbox): readonly number[] {
  const values = new Float64Array(SIZE ** 2).fill(0.5)
  cropOnMap(values, tileGrid({ z, x, y }, SIZE), areaOfBox(box))
  const row = values.subarray((SIZE / 2) * SIZE, (SIZE / 2 + 1) * SIZE)
  return [...row.keys()].filter((col) => !Number.isNaN(row[col]!))
}

const span = (from: number, end: number) => Array.from({ length: end - from }, (_, at) => from + at)

// At zoom 3 a tile is 45 degrees wide; row 4 lies south of the equator.
it('leaves an area across the antimeridian on either side of it', () => {
  const area: Bbox = [157.5, -40, -157.5, 0]
  assert.deepEqual(columnsLeft(3, 7, 4, area), span(128, 256))
  assert.deepEqual(columnsLeft(3, 0, 4, area), span(0, 128))
  assert.deepEqual(columnsLeft(3, 3, 4, area), [])
})

it('leaves an area that ends at the antimeridian on its own side', () => {
  assert.deepEqual(columnsLeft(3, 0, 4, [-180, -40, -157.5, 0]), span(0, 128))
  assert.deepEqual(columnsLeft(3, 7, 4, [-180, -40, -157.5, 0]), [])
  assert.deepEqual(columnsLeft(3, 7, 4, [157.5, -40, 180, 0]), span(128, 256))
})

it('leaves it on a map of the world, at both ends', () => {
  const ends = [...span(0, 16), ...span(240, 256)]
  assert.deepEqual(columnsLeft(0, 0, 0, [157.5, -40, -157.5, 40]), ends)
  assert.deepEqual(columnsLeft(0, 0, 0, [-180, -40, 180, 40]), span(0, 256))
})
