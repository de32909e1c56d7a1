// Which pixels of which level answer a request: levels, snapping, decimation, and what is refused.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Cog, Level } from '../../../lib/cog/cog.ts'
import type { Bbox } from '../../../lib/model/grid.ts'
import { checkOneGrid, chooseWindow } from '../../../lib/pixels/window.ts'

const ALL = 1e9
const [LEFT, TOP] = [600_000, 9_000_000]

function level(width: number, height: number, pixel: readonly [number, number]): Level {
  return {
    width,
    height,
    tileWidth: 256,
    tileHeight: 256,
    tilesAcross: Math.ceil(width / 256),
    transform: [pixel[0], 0, LEFT, 0, -pixel[1], TOP],
    southUp: false,
    masks: [],
    bytesPerSample: 2,
    unwritten: 0,
    allocate: () => new Uint16Array(0),
    tileRanges: async () => [],
    readTiles: async () => undefined,
  }
}

/** A file of 30 m pixels whose overviews each halve it, rounding as GDAL does. */
function cog(width: number, height: number, overviews = 0, changes: Partial<Cog> = {}): Cog {
  const sizes = Array.from({ length: overviews }, (_, i) => 2 ** (i + 1))
  const full = level(width, height, [30, 30])
  const rest = sizes.map((factor) => {
    const [cols, rows] = [Math.ceil(width / factor), Math.ceil(height / factor)]
    return level(cols, rows, [(30 * width) / cols, (30 * height) / rows])
  })
  return {
    band: 0,
    dtype: 'uint16',
    nodata: 0,
    scale: null,
    crs: 'EPSG:32720',
    geoKeys: {},
    rawGeoKeys: { directory: [], doubles: [], ascii: '' },
    levels: [full, ...rest],
    warnings: [],
    ...changes,
  }
}

const moved = (
  by: readonly [x: number, y: number],
  pixel: readonly [number, number] = [30, 30],
): Cog => {
  const other = cog(1000, 800)
  const [full] = other.levels
  const transform = [pixel[0], 0, LEFT + by[0], 0, -pixel[1], TOP + by[1]] as const
  return { ...other, levels: [{ ...full, transform }] }
}

/** An area in pixels of the full resolution: left, top, right, bottom. */
const area = (left: number, top: number, right: number, bottom: number): Bbox => [
  LEFT + 30 * left,
  TOP - 30 * bottom,
  LEFT + 30 * right,
  TOP - 30 * top,
]

const choose = (file: Cog, asked: Bbox | null, maxSize: number | 'full', most = ALL) =>
  chooseWindow(file, file, asked, maxSize, most)

const outside = { code: 'outside_scene' }

describe('the level is the finest that fits', () => {
  const file = cog(1000, 800, 3)
  const rows = [
    ['full resolution when there is room', 1000, 0, [800, 1000]],
    ['full resolution when more is allowed', 5000, 0, [800, 1000]],
    ['full resolution when everything is asked for', 'full', 0, [800, 1000]],
    ['an overview one pixel below', 999, 1, [400, 500]],
    ['the overview that just fits', 500, 1, [400, 500]],
    ['the next one', 499, 2, [200, 250]],
    ['the coarsest', 125, 3, [100, 125]],
  ] as const
  for (const [name, maxSize, expected, shape] of rows) {
    it(`${name} (${maxSize})`, () => {
      const { grid, step, warnings } = choose(file, null, maxSize)
      assert.equal(grid.level, expected)
      assert.deepEqual(grid.shape, shape)
      assert.equal(step, 1)
      assert.deepEqual(
        warnings,
        expected === 0
          ? []
          : [`overview level ${expected}: statistics are of resampled reflectance`],
      )
    })
  }

  it('for the area alone, however large the scene', () => {
    const { grid } = choose(file, area(100, 100, 200, 150), 100)
    assert.deepEqual([grid.level, grid.shape], [0, [50, 100]])
    assert.deepEqual(grid.transform, [30, 0, LEFT + 3000, 0, -30, TOP - 3000])
  })

  it('that both bands have', () => {
    const red = cog(1000, 800, 3)
    const nir: Cog = { ...red, levels: [red.levels[0], ...red.levels.slice(2)] }
    const chosen = chooseWindow(red, nir, null, 500, ALL)
    assert.deepEqual([chosen.grid.level, chosen.grid.shape], [2, [200, 250]])
    assert.deepEqual([chosen.red.width, chosen.nir.width], [250, 250])
    const turned = chooseWindow(nir, red, null, 500, ALL)
    assert.deepEqual([turned.grid.level, turned.nir.width], [1, 250])
  })

  it('with its own pixel size, over the same ground', () => {
    const odd = cog(851, 468, 2)
    const { grid } = choose(odd, null, 450)
    assert.deepEqual(grid.shape, [234, 426])
    assert.ok(Math.abs(grid.transform[0] * 426 - 30 * 851) < 1e-6)
    assert.deepEqual([grid.transform[2], grid.transform[5]], [LEFT, TOP])
  })
})

describe('where no level is small enough', () => {
  const rows = [
    ['two', 100, 2, [100, 125], [50, 63]],
    ['two, just so', 63, 2, [100, 125], [50, 63]],
    ['three', 42, 3, [100, 125], [34, 42]],
    ['all', 1, 125, [100, 125], [1, 1]],
  ] as const
  for (const [name, maxSize, step, [height, width], shape] of rows) {
    it(`one pixel in ${name} of the coarsest is taken (${maxSize})`, () => {
      const window = choose(cog(1000, 800, 3), null, maxSize)
      assert.deepEqual([window.rows, window.cols, window.step], [height, width, step])
      assert.deepEqual(window.grid.shape, shape)
      assert.ok(Math.max(...window.grid.shape) <= maxSize)
      assert.deepEqual(window.grid.transform, [240 * step, 0, LEFT, 0, -240 * step, TOP])
      assert.equal(window.grid.level, 3)
      assert.equal(window.warnings.length, 2)
      assert.match(
        window.warnings[1] ?? '',
        new RegExp(`one pixel in ${step} of level 3 was taken`),
      )
    })
  }

  it('that is full resolution, where there is no overview', () => {
    const window = choose(cog(1000, 800), area(10, 20, 110, 90), 30)
    assert.deepEqual([window.row, window.col, window.rows, window.cols], [20, 10, 70, 100])
    assert.deepEqual([window.step, window.grid.level, window.grid.shape], [4, 0, [18, 25]])
    assert.deepEqual(window.grid.transform, [120, 0, LEFT + 300, 0, -120, TOP - 600])
    assert.equal(window.warnings.length, 1)
  })
})

describe('an area is snapped', () => {
  const file = cog(1000, 800)
  const rows: readonly (readonly [name: string, asked: Bbox, window: readonly number[]])[] = [
    ['outward to whole pixels', area(10.5, 20.5, 12.5, 23.5), [20, 10, 4, 3]],
    ['to nothing more where its corners are exact', area(10, 20, 12, 23), [20, 10, 3, 2]],
    [
      'to nothing more a thousandth of a pixel outside',
      area(9.9991, 19.9991, 12.0009, 23.0009),
      [20, 10, 3, 2],
    ],
    [
      'to nothing less a thousandth of a pixel inside',
      area(10.0009, 20.0009, 11.9991, 22.9991),
      [20, 10, 3, 2],
    ],
    [
      'to a pixel more, two thousandths outside',
      area(9.998, 19.998, 12.002, 23.002),
      [19, 9, 5, 4],
    ],
    ['to a pixel at least', area(10.4, 20.4, 10.4001, 20.4001), [20, 10, 1, 1]],
    ['to a pixel, when it is a point on a corner', area(10, 20, 10, 20), [20, 10, 1, 1]],
    ['to the scene, where it goes beyond', area(-50, -60, 5, 7), [0, 0, 7, 5]],
    [
      'to the scene, where it goes beyond the other side',
      area(995, 790, 2000, 3000),
      [790, 995, 10, 5],
    ],
    [
      'to the whole scene, where it goes beyond everywhere',
      area(-1e6, -1e6, 1e6, 1e6),
      [0, 0, 800, 1000],
    ],
    ['to the last pixel', area(999.5, 799.5, 999.9, 799.9), [799, 999, 1, 1]],
  ]
  for (const [name, asked, [row, col, height, width]] of rows) {
    it(name, () => {
      const window = choose(file, asked, 'full')
      assert.deepEqual(
        [window.row, window.col, window.rows, window.cols],
        [row, col, height, width],
      )
      const [a, , c, , e, f] = window.grid.transform
      assert.deepEqual([c, f], [LEFT + a * (col ?? 0), TOP + e * (row ?? 0)])
    })
  }

  it('on the grid of the level that is read', () => {
    const window = choose(cog(1000, 800, 1), area(101, 101, 900, 799), 450)
    assert.deepEqual([window.row, window.col, window.rows, window.cols], [50, 50, 350, 400])
    assert.deepEqual(window.grid.transform, [60, 0, LEFT + 3000, 0, -60, TOP - 3000])
  })

  it('to the last pixel of an overview too, where it is only in the last one of the scene', () => {
    // A hair inside the scene: more than a thousandth of its own pixel, less than one of the overview's.
    const asked = area(999.9985, 799.9985, 1001, 801)
    assert.deepEqual(choose(cog(1000, 800, 3), asked, 'full').grid.shape, [1, 1])
  })
})

describe('an area that misses the scene is refused', () => {
  const file = cog(1000, 800, 2)
  const rows: readonly (readonly [string, Bbox])[] = [
    ['left', area(-10, 10, -5, 20)],
    ['right', area(1005, 10, 1010, 20)],
    ['above', area(10, -10, 20, -5)],
    ['below', area(10, 805, 20, 810)],
    ['touching its left side', area(-10, 10, 0, 20)],
    ['touching its right side', area(1000, 10, 1010, 20)],
    ['touching its top', area(10, -10, 20, 0)],
    ['touching its bottom', area(10, 800, 20, 810)],
    ['touching a corner', area(1000, 800, 1010, 810)],
    ['nowhere', [Number.NaN, Number.NaN, Number.NaN, Number.NaN]],
    ['at infinity', [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY, 1]],
  ]
  for (const [name, asked] of rows) {
    it(name, () => {
      for (const maxSize of ['full', 100] as const) {
        assert.throws(() => choose(file, asked, maxSize), outside)
      }
    })
  }
})

describe('a grid that is too large', () => {
  it('is refused with its size, the limit and what to ask for instead', () => {
    const file = cog(1000, 800, 1)
    assert.equal(choose(file, null, 'full', 800_000).grid.level, 0)
    assert.throws(() => choose(file, null, 'full', 799_999), {
      code: 'too_large',
      message:
        /800 x 1000 = 800000 px; this deployment reads at most 799999\. Ask for a smaller max_size/,
    })
    assert.equal(choose(file, null, 500, 799_999).grid.level, 1)
  })

  it('counts what is read, not what is kept of it', () => {
    assert.throws(() => choose(cog(1000, 800), null, 10, 799_999), { code: 'too_large' })
  })
})

describe('two bands are on one grid', () => {
  const red = cog(1000, 800)
  const together: readonly (readonly [string, Cog])[] = [
    ['when they are alike', cog(1000, 800)],
    [
      'when they have other overviews, types and nodata',
      cog(1000, 800, 2, { dtype: 'float32', nodata: null }),
    ],
    ['when one is shifted by less than a thousandth of a pixel', moved([0.029, -0.029])],
    [
      'when their pixels differ by less than that over the whole width',
      moved([0, 0], [30 + 29e-6, 30]),
    ],
    [
      'when their pixels differ by less than that over the whole height',
      moved([0, 0], [30, 30 + 37e-6]),
    ],
  ]
  for (const [name, nir] of together) {
    it(name, () => assert.doesNotThrow(() => checkOneGrid(red, nir)))
  }

  const apart: readonly (readonly [string, Cog, RegExp])[] = [
    ['another width', cog(1001, 800), /they measure 1000 x 800 and 1001 x 800 px/],
    ['another height', cog(1000, 799), /they measure 1000 x 800 and 1000 x 799 px/],
    ['a shift to the right', moved([0.031, 0]), /their origins or pixel sizes do not agree/],
    ['a shift to the left', moved([-0.031, 0]), /do not agree/],
    ['a shift up', moved([0, 0.031]), /do not agree/],
    ['a shift by half a pixel', moved([15, -15]), /do not agree/],
    ['wider pixels', moved([0, 0], [30 + 31e-6, 30]), /do not agree/],
    ['taller pixels', moved([0, 0], [30, 30 + 39e-6]), /do not agree/],
    ['pixels of another resolution', moved([0, 0], [10, 10]), /do not agree/],
  ]
  for (const [name, nir, words] of apart) {
    it(`no longer with ${name}`, () => {
      const refusal = { code: 'grids_differ', message: words }
      assert.throws(() => checkOneGrid(red, nir), refusal)
      assert.throws(() => chooseWindow(red, nir, null, 'full', ALL), refusal)
    })
  }
})
