// Places of one grid on another: polynomials give what asking for each pixel gives.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { commonProjected } from '../../../lib/geo/crs/common-crs.ts'
import { loadProj4, proj4Projection } from '../../../lib/geo/proj4.ts'
import { type PlacePixel, warpPlaces } from '../../../lib/geo/warp-places.ts'
import { onMap, tileGrid, webMercator } from '../../../lib/geo/web-mercator.ts'

const utm = proj4Projection(commonProjected(32620)?.proj4 ?? '', await loadProj4())

function placer(z: number, x: number, y: number, count: { calls: number }): PlacePixel {
  const [a, , c, , e, f] = tileGrid({ z, x, y }, 256).transform
  return (col, row) => {
    count.calls++
    const [lon, lat] = webMercator.inverse(c + (col + 0.5) * a, f + (row + 0.5) * e)
    const [east, north] = utm.forward(lon, lat)
    return [(east - 300_000) / 30, (north + 300_000) / -30]
  }
}

describe('warpPlaces', () => {
  for (const [z, x, y] of [
    [14, 5466, 8334],
    [11, 683, 1041],
    [6, 21, 32],
  ] as const) {
    it(`is right to a ten thousandth of a pixel at zoom ${z}, for few exact places`, () => {
      const count = { calls: 0 }
      const box = { col: 3, row: 5, cols: 250, rows: 240 }
      const places = warpPlaces(box, placer(z, x, y, count))
      const exact = placer(z, x, y, { calls: 0 })
      for (let at = 0; at < places.cols.length; at += 37) {
        const [col, row] = exact(box.col + (at % box.cols), box.row + Math.floor(at / box.cols))
        assert.ok(Math.abs((places.cols[at] ?? NaN) - col) < 2e-4)
        assert.ok(Math.abs((places.rows[at] ?? NaN) - row) < 2e-4)
      }
      assert.ok(count.calls < 4000, `${count.calls} calls for ${places.cols.length} places`)
    })
  }

  it('has no place where the other grid has none, and every other one', () => {
    const place: PlacePixel = (col, row) => (col + row < 40 ? [Number.NaN, 0] : [col * 2, row * 3])
    const box = { col: 0, row: 0, cols: 64, rows: 64 }
    const { cols, rows } = warpPlaces(box, place)
    for (let at = 0; at < cols.length; at++) {
      const [col, row] = [at % 64, Math.floor(at / 64)]
      const isPlaced = col + row >= 40
      assert.equal(Number.isFinite(cols[at]), isPlaced)
      if (isPlaced) assert.ok(Math.abs((cols[at] ?? NaN) - col * 2) < 1e-4)
      if (isPlaced) assert.ok(Math.abs((rows[at] ?? NaN) - row * 3) < 1e-4)
    }
  })

  it('follows what no polynomial follows, pixel by pixel', () => {
    const place: PlacePixel = (col, row) => [col < 13 ? col : col + 1000, row]
    const { cols } = warpPlaces({ col: 0, row: 0, cols: 40, rows: 3 }, place)
    assert.deepEqual([cols[12], cols[13]], [12, 1013])
  })

  it('takes boxes of one row, one column and one pixel', () => {
    const place: PlacePixel = (col, row) => [col + 0.5, row + 0.5]
    assert.equal(warpPlaces({ col: 4, row: 7, cols: 1, rows: 1 }, place).cols[0], 4.5)
    assert.ok(
      Math.abs((warpPlaces({ col: 0, row: 7, cols: 30, rows: 1 }, place).cols[29] ?? 0) - 29.5) <
        1e-9,
    )
    assert.ok(
      Math.abs((warpPlaces({ col: 4, row: 0, cols: 1, rows: 30 }, place).rows[29] ?? 0) - 29.5) <
        1e-9,
    )
  })
})

describe('a box on the map', () => {
  it('is one, or two where it crosses the antimeridian, and ends where the map does', () => {
    assert.equal(onMap([10, 0, 20, 10]).length, 1)
    const [east, west] = onMap([170, -90, -160, 90])
    const degree = (Math.PI * 6_378_137) / 180
    const round = (box: readonly number[] | undefined) =>
      box?.map((side) => Math.round(side / degree))
    assert.deepEqual(round(east), [170, -180, 180, 180])
    assert.deepEqual(round(west), [-180, -180, -160, 180])
  })
})
