// Where a TIFF lies: from its tags to a CRS and a transform of pixel corners, or a refusal in words.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCrs, readTransform } from '../../../lib/cog/georeference.ts'
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
      { transformation: [30, 0, 0, 500, 0, -20, 0, 700, 0, 0, 0, 0, 0, 0, 0, 1] },
      [30, 0, 500, 0, -20, 700],
    ],
    [
      'of a matrix without its last rows',
      { transformation: [30, 0, 0, 500, 0, -20, 0, 700] },
      [30, 0, 500, 0, -20, 700],
    ],
    [
      'of a matrix alone',
      {
        tiepoint: null,
        pixelScale: null,
        transformation: [1, 0, 0, 2, 0, -1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1],
      },
      [1, 0, 2, 0, -1, 3],
    ],
  ]
  for (const [name, tags, transform] of rows) {
    it(name, () => assert.deepEqual(readTransform({ ...landsat, ...tags }), transform))

    it(`${name}, where coordinates name centres, lies half a pixel up and left`, () => {
      const keys = { ...landsat.keys, GTRasterTypeGeoKey: 2 }
      const [a = 0, , c = 0, , e = 0, f = 0] = transform
      const shifted = [a, 0, c - a / 2, 0, e, f - e / 2]
      assert.deepEqual(readTransform({ ...landsat, ...tags, keys }), shifted)
    })
  }
})

describe('a grid is refused that', () => {
  const rows: readonly (readonly [name: string, tags: Partial<GeoTags>, words: RegExp])[] = [
    [
      'is rotated',
      { transformation: [30, 5, 0, 0, -5, -30, 0, 0] },
      /rotated or sheared; warp it north-up/,
    ],
    ['is sheared', { transformation: [30, 5, 0, 0, 0, -30, 0, 0] }, /rotated or sheared/],
    [
      'is rotated by a quarter',
      { transformation: [0, 30, 0, 0, 30, 0, 0, 0] },
      /rotated or sheared/,
    ],
    [
      'is south-up',
      { transformation: [30, 0, 0, 0, 0, 30, 0, 0] },
      /not north-up: its pixel size is 30 x 30/,
    ],
    [
      'is mirrored',
      { transformation: [-30, 0, 0, 0, 0, -30, 0, 0] },
      /not north-up: its pixel size is -30 x -30/,
    ],
    ['has pixels of no size', { pixelScale: [0, 0, 0] }, /not north-up/],
    ['has pixels of no number', { pixelScale: [Number.NaN, 30, 0] }, /not north-up/],
    ['has a tie point only', { pixelScale: null }, /no georeference/],
    ['has a pixel size only', { tiepoint: null }, /no georeference/],
    ['has half a tie point', { tiepoint: [0, 0, 0, 5] }, /no georeference/],
    [
      'has nothing',
      { tiepoint: null, pixelScale: null },
      /no georeference \(no tie point and pixel scale\)/,
    ],
  ]
  for (const [name, tags, words] of rows) {
    it(name, () => {
      const refusal = { code: 'raster_unusable', message: words }
      assert.throws(() => readTransform({ ...landsat, ...tags }), refusal)
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
