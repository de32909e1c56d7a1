// Where a TIFF lies: from its tags to a CRS and a transform of pixel corners, or a refusal in words.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCrs, readPlacement } from '../../../lib/cog/georeference.ts'
import type { GeoTags } from '../../../lib/cog/tiff.ts'

const nothing: GeoTags = {
  tiepoint: null,
  pixelScale: null,
  transformation: null,
  keys: {},
  raw: { directory: [], doubles: [], ascii: '' },
  nodata: null,
}
const landsat: GeoTags = {
  ...nothing,
  tiepoint: [0, 0, 0, 832485, -340995, 0],
  pixelScale: [30, 30, 0],
  keys: { GTModelTypeGeoKey: 1, GTRasterTypeGeoKey: 1, ProjectedCSTypeGeoKey: 32620 },
}

const matrixAlone: Partial<GeoTags> = { tiepoint: null, pixelScale: null }
const matrix = (a: number, b: number, c: number, d: number, e: number, f: number) =>
  [a, b, 0, c, d, e, 0, f].concat([0, 0, 0, 0, 0, 0, 0, 1])

const size = { width: 200, height: 100 }
const readTransform = (tags: GeoTags) => readPlacement(tags, size).transform

describe('the transform', () => {
  const rows: readonly (readonly [
    name: string,
    tags: Partial<GeoTags>,
    transform: readonly number[],
  ])[] = [
    ['of a tie point and a pixel size', {}, [30, 0, 832485, 0, -30, -340995]],
    [
      'of a tie point inside the image',
      { tiepoint: [100, 50, 0, 832485, -340995, 0] },
      [30, 0, 829485, 0, -30, -339495],
    ],
    [
      'of oblong pixels',
      { pixelScale: [0.25, 0.5, 1], tiepoint: [0, 0, 0, -60, -3, 0] },
      [0.25, 0, -60, 0, -0.5, -3],
    ],
    [
      'of the first of several tie points',
      { tiepoint: [0, 0, 0, 10, 20, 0, 5, 5, 0, 99, 99, 0] },
      [30, 0, 10, 0, -30, 20],
    ],
    [
      'of a matrix',
      { ...matrixAlone, transformation: matrix(30, 0, 500, 0, -20, 700) },
      [30, 0, 500, 0, -20, 700],
    ],
    [
      'of a pixel size, which wins over a matrix',
      { transformation: matrix(1, 0, 2, 0, -1, 3) },
      [30, 0, 832485, 0, -30, -340995],
    ],
    [
      'of a matrix, where a pixel size is 0',
      { pixelScale: [0, 30, 0], transformation: matrix(1, 0, 2, 0, -1, 3) },
      [1, 0, 2, 0, -1, 3],
    ],
    [
      'of a negative height of pixels, whose sign GDAL ignores',
      { pixelScale: [30, -30, 0] },
      [30, 0, 832485, 0, -30, -340995],
    ],
    [
      'of a matrix with a shear that nobody can see',
      { ...matrixAlone, transformation: matrix(30, 1e-13, 500, -2e-13, -20, 700) },
      [30, 0, 500, 0, -20, 700],
    ],
    [
      'of a matrix alone',
      { ...matrixAlone, transformation: matrix(1, 0, 2, 0, -1, 3) },
      [1, 0, 2, 0, -1, 3],
    ],
  ]
  for (const [name, tags, transform] of rows) {
    it(name, () => assert.deepEqual(readTransform({ ...landsat, ...tags }), transform))

    it(`${name}, where coordinates name centres, lies half a pixel up and left`, () => {
      const keys = { ...landsat.keys, GTRasterTypeGeoKey: 2 }
      const [a = 0, , c = 0, , e = 0, f = 0] = transform
      const shifted = [a, 0, c - a / 2, 0, e, f - e / 2]
      for (const [at, value] of readTransform({ ...landsat, ...tags, keys }).entries()) {
        assert.ok(Math.abs(value - (shifted[at] ?? Number.NaN)) < 1e-9)
      }
    })
  }
})

describe('a grid from the south up', () => {
  it('is turned over: its lowest row is the first of the file', () => {
    const tags = { ...landsat, ...matrixAlone, transformation: matrix(30, 0, 500, 0, 20, 700) }
    const { transform, southUp } = readPlacement(tags, size)
    assert.equal(southUp, true)
    assert.deepEqual(transform, [30, 0, 500, 0, -20, 700 + 20 * size.height])
    assert.equal(readPlacement(landsat, size).southUp, false)
  })
})

describe('where the file has no georeference', () => {
  const none = { ...landsat, ...matrixAlone }
  const transform = [10, 0, 500_000, 0, -10, 5_400_000] as const

  it('that of the item is taken, with a warning', () => {
    const given = { crs: 'EPSG:32631', transform, shape: [100, 200] as const }
    const placed = readPlacement(none, size, given)
    assert.deepEqual(placed.transform, transform)
    assert.match(placed.warnings.join(), /no georeference.*item/)
    assert.deepEqual(readPlacement(none, size, { ...given, shape: null }).transform, transform)
  })

  it('that of another grid is not', () => {
    const given = { crs: null, transform, shape: [200, 100] as const }
    const refusal = { code: 'raster_unusable', message: /does not fit it: proj:shape is 200 x 100/ }
    assert.throws(() => readPlacement(none, size, given), refusal)
  })

  it('one in the order of GDAL is not: it names other places', () => {
    const given = {
      crs: null,
      transform: [500_000, 10, 0, 5_400_000, 0, -10] as const,
      shape: null,
    }
    const refusal = { code: 'raster_unusable', message: /in GDAL's order.*give it in rasterio's/ }
    assert.throws(() => readPlacement(none, size, given), refusal)
  })

  it('and else the one of the file wins, without a word', () => {
    const given = { crs: null, transform, shape: null }
    assert.deepEqual(readPlacement(landsat, size, given), readPlacement(landsat, size))
    assert.deepEqual(readPlacement(landsat, size).warnings, [])
  })
})

describe('a grid is refused that', () => {
  const rotated = 'rotated or sheared; warp it north-up'
  const rows: readonly (readonly [name: string, tags: Partial<GeoTags>, words: RegExp])[] = [
    ['is rotated', { transformation: matrix(30, 5, 0, -5, -30, 0) }, new RegExp(rotated)],
    ['is sheared', { transformation: matrix(30, 5, 0, 0, -30, 0) }, new RegExp(rotated)],
    [
      'is rotated by a quarter',
      { transformation: matrix(0, 30, 0, 30, 0, 0) },
      new RegExp(rotated),
    ],
    [
      'is sheared by a pixel in all',
      { transformation: matrix(30, 0.3, 0, 0, -30, 0) },
      new RegExp(rotated),
    ],
    [
      'is mirrored',
      { transformation: matrix(-30, 0, 0, 0, -30, 0) },
      /not north-up: its pixel size is -30 x -30. Warp it/,
    ],
    ['has pixels of no number', { transformation: matrix(Number.NaN, 0, 0, 0, -30, 0) }, /finite/],
    ['lies nowhere', { transformation: matrix(30, 0, Infinity, 0, -30, 0) }, /finite/],
    [
      'lies so far off that its pixels have no digits left',
      { transformation: matrix(30, 0, 1e300, 0, -30, 0) },
      /cannot be told apart at 1e\+300/,
    ],
    ['has a tie point only', { tiepoint: [0, 0, 0, 1, 2, 0] }, /no georeference/],
    [
      'has pixels of no size',
      { pixelScale: [0, 0, 0], tiepoint: [0, 0, 0, 1, 2, 0] },
      /no georeference/,
    ],
    ['has a pixel size only', { pixelScale: [30, 30, 0] }, /no georeference/],
    [
      'has half a tie point',
      { pixelScale: [30, 30, 0], tiepoint: [0, 0, 0, 5] },
      /no georeference/,
    ],
    ['has half a matrix', { transformation: [30, 0, 0, 500, 0, -20, 0, 700] }, /no georeference/],
    [
      'has ground control points',
      { tiepoint: [0, 0, 0, 1, 2, 0, 9, 9, 0, 3, 4, 0] },
      /ground control points \(warp it first, gdalwarp\)/,
    ],
    ['has nothing', {}, /no georeference: neither tie point and pixel scale nor a matrix/],
  ]
  for (const [name, tags, words] of rows) {
    it(name, () => {
      const refusal = { code: 'raster_unusable', message: words }
      assert.throws(() => readTransform({ ...landsat, ...matrixAlone, ...tags }), refusal)
    })
  }
})

describe('the CRS', () => {
  const rows: readonly (readonly [
    name: string,
    keys: Record<string, unknown>,
    crs: string | null,
  ])[] = [
    ['of a projected file', { ProjectedCSTypeGeoKey: 32620 }, 'EPSG:32620'],
    ['of a geographic file', { GeographicTypeGeoKey: 4326 }, 'EPSG:4326'],
    [
      'of a projected file that names its base',
      { ProjectedCSTypeGeoKey: 3031, GeographicTypeGeoKey: 4326 },
      'EPSG:3031',
    ],
    ['of a file that names none', {}, null],
    ['that is described by other keys', { ProjectedCSTypeGeoKey: 32767 }, null],
    ['that is undefined', { ProjectedCSTypeGeoKey: 0 }, null],
    ['that is damaged', { ProjectedCSTypeGeoKey: 'EPSG:32620' }, null],
  ]
  for (const [name, keys, crs] of rows) {
    it(name, () => assert.equal(readCrs({ ...nothing, keys }), crs))
  }

  it('of a projected file described by other keys is not that of its base', () => {
    const keys = { ProjectedCSTypeGeoKey: 32767, GeographicTypeGeoKey: 4269 }
    assert.equal(readCrs({ ...nothing, keys: { GTModelTypeGeoKey: 1, ...keys } }), null)
  })
})
