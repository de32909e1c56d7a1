// The CRS of a scene's bands, compared by what it means, and its place compared with that of the item.
// Long: every way in which two CRSs are one or differ, a row each.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GeoKeys } from '../../../lib/geo/crs/geo-keys.ts'
import { footprintOf } from '../../../lib/geo/footprint.ts'
import { loadProj } from '../../../lib/geo/proj.ts'
import type { Bbox, Transform } from '../../../lib/model/grid.ts'
import { checkPlace, openCrs } from '../../../lib/steps/open-crs.ts'
import { openProjection } from '../../harness/crs.ts'
import { memoryCog, memoryLevel } from '../../harness/level.ts'

const UTM33: Transform = [30, 0, 500_000, 0, -30, 5_540_000]
/** A place near the origin of most projections, and in UTM. */
const NEAR_ORIGIN: Transform = [30, 0, 400_000, 0, -30, 500_000]

/** EPSG:32633 as an item may write it in full. */
const proj = await loadProj()
const utm33 = { wkt2: proj.wkt('EPSG:32633', 'WKT2:2019'), projjson: proj.projjson('EPSG:32633') }

const band = (key: string, geoKeys: GeoKeys, transform = UTM33, given: string | null = null) => ({
  asset: { key, content: { cid: 'bafkqaaa', path: '' }, mirrors: [], band: null },
  cog: memoryCog([memoryLevel({ width: 100, height: 100, transform })], {
    geoKeys,
    crs: given,
  }),
})

const code = (epsg: number, more: GeoKeys = {}): GeoKeys => ({
  GTModelTypeGeoKey: 1,
  ProjectedCSTypeGeoKey: epsg,
  ...more,
})
const utmByKeys: GeoKeys = {
  GTModelTypeGeoKey: 1,
  ProjectedCSTypeGeoKey: 32767,
  GTCitationGeoKey: 'Local name',
  GeographicTypeGeoKey: 4326,
  ProjCoordTransGeoKey: 1,
  ProjNatOriginLatGeoKey: 0,
  ProjNatOriginLongGeoKey: 15,
  ProjScaleAtNatOriginGeoKey: 0.9996,
  ProjFalseEastingGeoKey: 500_000,
  ProjFalseNorthingGeoKey: 0,
  ProjLinearUnitsGeoKey: 9001,
}
const albers = (lat1: number, name: string): GeoKeys => ({
  GTModelTypeGeoKey: 1,
  ProjectedCSTypeGeoKey: 32767,
  GTCitationGeoKey: name,
  GeographicTypeGeoKey: 4326,
  ProjCoordTransGeoKey: 11,
  ProjStdParallel1GeoKey: lat1,
  ProjStdParallel2GeoKey: 55,
  ProjNatOriginLatGeoKey: 45,
  ProjNatOriginLongGeoKey: 15,
  ProjLinearUnitsGeoKey: 9001,
})

describe('one grid named in two ways is one:', () => {
  const pairs: readonly (readonly [name: string, red: GeoKeys, nir: GeoKeys])[] = [
    [
      'a code, and the same with a height',
      code(32633),
      code(32633, { VerticalCSTypeGeoKey: 5773 }),
    ],
    ['a code, and its own definition', code(32633), utmByKeys],
    [
      'a code, and the same with its base',
      code(32633),
      code(32633, { GeographicTypeGeoKey: 4326 }),
    ],
    ['two local names', albers(40, 'one'), albers(40, 'other')],
    [
      'Web Mercator, and Mercator on the ellipsoid under its name',
      code(3857),
      {
        ...utmByKeys,
        ProjCoordTransGeoKey: 7,
        PCSCitationGeoKey: 'WGS 84 / Pseudo-Mercator',
        ProjNatOriginLongGeoKey: 0,
        ProjScaleAtNatOriginGeoKey: 1,
        ProjFalseEastingGeoKey: 0,
      },
    ],
  ]
  for (const [name, red, nir] of pairs) {
    it(name, async () => {
      const place = (key: string, keys: GeoKeys) => band(key, keys, NEAR_ORIGIN)
      await openCrs({ red: place('red', red), nir: place('nir', nir), qa: place('qa', nir) })
    })
  }
})

describe('two grids are told apart:', () => {
  const pairs: readonly (readonly [name: string, red: GeoKeys, nir: GeoKeys, words: RegExp])[] = [
    [
      'two zones',
      code(32633),
      code(32634),
      /their CRSs are EPSG:32633 and EPSG:32634; the same coordinates lie 66\d km apart\. Choose assets in one CRS/,
    ],
    [
      'two definitions without a code',
      albers(40, 'one'),
      albers(41, 'other'),
      /their CRSs are "one" and "other"; the same coordinates lie \d+ m apart/,
    ],
    ['two equal-area grids of NSIDC', code(3410), code(6933), /EPSG:3410 and EPSG:6933/],
    ['two datums', code(32633), code(23033), /lie [\d.]+ m apart/],
  ]
  for (const [name, red, nir, message] of pairs) {
    it(name, async () => {
      const [red0, nir0] = [band('red', red, NEAR_ORIGIN), band('nir', nir, NEAR_ORIGIN)]
      await assert.rejects(openCrs({ red: red0, nir: nir0, qa: null }), {
        code: 'grids_differ',
        message,
      })
      await assert.rejects(openCrs({ red: red0, nir: red0, qa: nir0 }), {
        code: 'mask_unavailable',
        message,
      })
    })
  }
})

describe('a band without a usable CRS is refused:', () => {
  const degrees: GeoKeys = { GTModelTypeGeoKey: 2, GeographicTypeGeoKey: 4326 }
  const rows: readonly (readonly [string, GeoKeys, Transform, RegExp])[] = [
    ['none', {}, UTM33, /Asset "red" \(.*\): The TIFF names no CRS that can be read/],
    [
      'metres under a code of degrees',
      degrees,
      UTM33,
      /counts in degrees \(EPSG:4326\), but its bounds are/,
    ],
    ['degrees beyond the pole', degrees, [1, 0, 0, 0, -1, 120], /counts in degrees/],
    [
      'words that nobody knows',
      { GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 32767, PCSCitationGeoKey: 'My grid' },
      UTM33,
      /Asset "red" \(.*\): The CRS that the GeoKeys describe \("My grid"\) has no code/,
    ],
    [
      'another body',
      { GTModelTypeGeoKey: 2, GeographicTypeGeoKey: 32767, GeogSemiMajorAxisGeoKey: 3396190 },
      UTM33,
      /lies on another body than Earth \(Mars\)/,
    ],
    [
      'an ellipsoid of no size',
      { GTModelTypeGeoKey: 2, GeographicTypeGeoKey: 32767, GeogSemiMajorAxisGeoKey: -6378137 },
      UTM33,
      /has an ellipsoid with axes of -6378137 and -6378137 m/,
    ],
    ['a height', { GTModelTypeGeoKey: 3, GeographicTypeGeoKey: 4978 }, UTM33, /is geocentric/],
    [
      'a scale in parts per million, as EPSG 13.102 has it',
      code(6997),
      UTM33,
      /The CRS EPSG:6997 \("NAD83\(2011\) \/ San Francisco CS13 \(ftUS\)"\) has a scale factor of 0.000001000007/,
    ],
    [
      'a code of nobody',
      code(29999),
      UTM33,
      /The CRS EPSG:29999 is not known here: PROJ says "crs not found"/,
    ],
  ]
  for (const [name, keys, transform, message] of rows) {
    it(name, async () => {
      const red = band('red', keys, transform)
      await assert.rejects(openCrs({ red, nir: red, qa: null }), {
        code: 'raster_unusable',
        message,
      })
    })
  }

  it('but a globe that hangs over its edges by half a pixel is not', async () => {
    const keys = { GTModelTypeGeoKey: 2, GeographicTypeGeoKey: 4326 }
    const red = band('red', keys, [3.6, 0, -181.8, 0, -1.8, 90.9])
    assert.equal((await openCrs({ red, nir: red, qa: null })).crs.degrees, 1)
  })

  it('nor are degrees that bring a datum shift along', async () => {
    const keys = {
      GTModelTypeGeoKey: 2,
      GeographicTypeGeoKey: 32767,
      GeogEllipsoidGeoKey: 7004,
      GeogTOWGS84GeoKey: [582, 105, 414, 1.04, 0.35, -3.08, 8.3],
    }
    const red = band('red', keys, [0.001, 0, 9, 0, -0.001, 50])
    assert.equal((await openCrs({ red, nir: red, qa: null })).crs.degrees, 1)
  })
})

describe('a raster', () => {
  const grid = { crs: null, transform: UTM33, shape: [100, 100] as const, level: 0 }
  const place = async () => footprintOf(grid, await openProjection(code(32633)))
  const square = ([west, south, east, north]: Bbox) => ({
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  })
  const here: Bbox = [14.9, 49.9, 15.1, 50.1]
  const there: Bbox = [-75, -10, -74, -9]

  it('that lies where its item says is not spoken of', async () => {
    assert.equal(checkPlace({ bbox: here, geometry: square(here) }, await place()), null)
    assert.equal(checkPlace({ bbox: null, geometry: square(here) }, await place()), null)
    assert.equal(checkPlace({ bbox: here, geometry: null }, await place()), null)
    assert.equal(checkPlace({ bbox: null, geometry: null }, await place()), null)
  })

  it('that lies elsewhere is refused', async () => {
    const raster = await place()
    const refusal = {
      code: 'raster_unusable',
      message:
        /^The raster covers \[15.*\], away from its item's bbox \[-75, -10, -74, -9\]: its CRS or its transform is wrong/,
    }
    assert.throws(() => checkPlace({ bbox: there, geometry: square(there) }, raster), refusal)
    assert.throws(() => checkPlace({ bbox: there, geometry: null }, raster), refusal)
    const mirrored: Bbox = [14.9, -50.1, 15.1, -49.9]
    assert.throws(() => checkPlace({ bbox: mirrored, geometry: square(mirrored) }, raster), {
      code: 'raster_unusable',
      message: /away from its item's bbox \[14\.9, -50\.1, 15\.1, -49\.9\]/,
    })
  })

  it('whose item contradicts itself is told', async () => {
    const doubtful: readonly (readonly [Bbox, ReturnType<typeof square> | null])[] = [
      [there, square([100, 10, 101, 11])],
      [[0, 0, 0, 0], null],
      [[500_000, 5_500_000, 503_000, 5_540_000], null],
    ]
    for (const [bbox, geometry] of doubtful) {
      assert.match(
        checkPlace({ bbox, geometry }, await place()) ?? '',
        /^the raster covers .* away from its item's bbox .*, which cannot be right$/,
      )
    }
  })
})

describe('a file that names no CRS lies in that of its item,', () => {
  const definitions: readonly (readonly [form: string, definition: string])[] = [
    ['a code', 'EPSG:32633'],
    ['WKT2', String(utm33.wkt2)],
    ['PROJJSON', String(utm33.projjson)],
  ]
  for (const [form, definition] of definitions) {
    it(`given as ${form}, which is told`, async () => {
      const red = band('red', {}, UTM33, definition)
      const { crs, isGiven, warnings } = await openCrs({ red, nir: red, qa: null })
      assert.equal(isGiven, true)
      assert.match(
        warnings.join(),
        /^the files name no CRS: that of the item is used \(EPSG:32633\)/,
      )
      const [x, y] = crs.projection.forward(15, 50)
      assert.ok(Math.hypot(x - 500_000, y - 5_538_630.702867) < 1e-3)
    })
  }

  it('given by OGC in longitude before latitude', async () => {
    const red = band('red', {}, [0.001, 0, 15, 0, -0.001, 50], 'OGC:CRS84')
    const { crs } = await openCrs({ red, nir: red, qa: null })
    const [x, y] = crs.projection.forward(15, 50)
    assert.equal(crs.code, 'EPSG:4326')
    assert.ok(Math.hypot(x - 15, y - 50) < 1e-9)
  })

  it('unless the item knows none either, or none that PROJ knows', async () => {
    const red = band('red', {}, UTM33, 'EPSG:29999')
    await assert.rejects(openCrs({ red, nir: red, qa: null }), {
      code: 'raster_unusable',
      message: /The CRS EPSG:29999 is not known here/,
    })
  })
})
