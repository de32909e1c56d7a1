// The 25 kinds of CRS that were placed wrong, refused or mixed up: each lies where PROJ has it, or is refused by name.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crsOfKeys } from '../../../lib/geo/crs/crs.ts'
import type { GeoKeys } from '../../../lib/geo/crs/geo-keys.ts'
import { footprintOf } from '../../../lib/geo/footprint.ts'
import type { Transform } from '../../../lib/model/grid.ts'
import { openCrs } from '../../../lib/steps/open-crs.ts'
import { openCrs as openKeys } from '../../harness/crs.ts'
import { judge, readCodes } from '../../harness/crs-codes.ts'
import { checkCrsFile, readCrsFiles } from '../../harness/crs-files.ts'
import { memoryCog, memoryLevel } from '../../harness/level.ts'

const rows = new Map(readCodes().map((row) => [row[0], row]))
const files = new Map(readCrsFiles().map((file) => [file.name, file]))

/** Codes whose places are PROJ's, none of them refused. */
const codes = (text: string) => async () => {
  for (const epsg of text.split(' ')) {
    const row = rows.get(`EPSG:${epsg}`)
    assert.ok(row !== undefined, epsg)
    const { verdict, why } = await judge(row)
    assert.ok(verdict === 'equal' || verdict === 'datum shift told', `EPSG:${epsg}: ${why}`)
  }
}

/** Files whose places are PROJ's. */
const written =
  (...names: readonly string[]) =>
  async () => {
    for (const name of names) {
      const file = files.get(name)
      assert.ok(file !== undefined, name)
      await checkCrsFile(file)
    }
  }

const refused = (message: RegExp, keys: GeoKeys) => () =>
  assert.rejects(crsOfKeys(keys), { code: 'raster_unusable', message })

const UTM33: Transform = [30, 0, 500_000, 0, -30, 5_540_000]
const band = (geoKeys: GeoKeys, transform: Transform = UTM33) => ({
  asset: { key: 'red', content: { cid: 'bafkqaaa', path: '' }, mirrors: [], band: null },
  cog: memoryCog([memoryLevel({ width: 100, height: 100, transform })], { geoKeys }),
})
const bands = (red: GeoKeys, nir: GeoKeys) => openCrs({ red: band(red), nir: band(nir), qa: null })

const map = (epsg: number, more: GeoKeys = {}): GeoKeys => ({
  GTModelTypeGeoKey: 1,
  ProjectedCSTypeGeoKey: epsg,
  ...more,
})
const degrees = (more: GeoKeys): GeoKeys => ({ GTModelTypeGeoKey: 2, ...more })
const utm = (zone: number): GeoKeys =>
  map(32767, {
    GeographicTypeGeoKey: 4326,
    ProjCoordTransGeoKey: 1,
    ProjNatOriginLongGeoKey: zone * 6 - 183,
    ProjScaleAtNatOriginGeoKey: 0.9996,
    ProjFalseEastingGeoKey: 500_000,
    GTCitationGeoKey: `Zone ${zone}`,
  })

/** A square of a CRS around a point of it, as wide as told; what ground it covers. */
async function groundOf(epsg: number, [x, y]: readonly [number, number], width: number) {
  const { projection } = await openKeys(map(epsg))
  const pixel = width / 100
  const transform: Transform = [pixel, 0, x - width / 2, 0, -pixel, y + width / 2]
  return footprintOf({ crs: `EPSG:${epsg}`, transform, shape: [100, 100], level: 0 }, projection)
}

const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
  'polar stereographic of USGS, the parallel under the origin': written(
    'USGS: PS WGS84, Antarctica',
    'USGS: PS WGS84, Arctic',
    'USGS: PS with a scale beside the parallel',
  ),
  'polar stereographic with a scale at the pole': written(
    'polar stereographic, variant A',
    'polar stereographic, south, variant A',
  ),
  'grids that count to the south and west': codes('2046 2048 2055 22275 22293 29371 29385'),
  'Mercator with a standard parallel, by its code': codes('3994 3388 5641'),
  'Mercator with a standard parallel, by its keys': written('Mercator with a standard parallel'),
  'oblique Mercator, variant A, by its code': codes('3375 3376 26931 3078 6497'),
  'oblique Mercator by its keys': written(
    'oblique Mercator by its keys',
    'Swiss LV95 by its keys',
    "Swiss LV03 as Rosenmund's projection",
  ),
  'Indian yards': codes('24370 24371 24372 24373 24374 24382'),
  'Krovak to the south and west': codes('2065 5513 8352'),
  'American polyconic of Panama': codes('5472'),
  'Gusterberg and St. Stephen, with axes of their own': codes('8044 8045'),
  'Lambert azimuthal of the United States on a sphere': codes('9311 2163'),
  'EASE-Grid on its sphere': codes('3973 3974 3408 3410'),
  'a unit beside a code in metres': written(
    'a code in metres counted in US feet',
    'a code in metres counted in feet',
    'a code counted in kilometres',
  ),
  'a unit in the words beside a code in metres': written(
    'ERDAS: State Plane in feet beside a code in metres',
  ),
  'longitudes and latitudes by code, a projection in words': written(
    'ESRI: World Mollweide in words beside EPSG:4326',
    'ESRI: World Mollweide by its name',
  ),
  'longitudes and latitudes by code, a projection in a PE string': written(
    'ESRI: World Mollweide in a PE string, model of its own',
    'ESRI: Robinson in a PE string',
    'ESRI: Equal Earth in a PE string',
  ),
  'Web Mercator by its name alone': written(
    'Web Mercator by its words, on the ellipsoid',
    "Web Mercator in ESRI's words",
    'Web Mercator in words alone',
  ),
  'Mercator on a sphere': written('Mercator on a sphere', "Web Mercator in Google's words"),
  'metres under a code of degrees': async () => {
    const red = band(degrees({ GeographicTypeGeoKey: 4326 }))
    await assert.rejects(openCrs({ red, nir: red, qa: null }), {
      code: 'raster_unusable',
      message:
        /counts in degrees \(EPSG:4326\), but its bounds are \[500000, 5537000, 503000, 5540000\]/,
    })
  },
  'another body': async () => {
    const sized = (metres: number) =>
      degrees({
        GeographicTypeGeoKey: 32767,
        GeogSemiMajorAxisGeoKey: metres,
        GeogCitationGeoKey: 'D',
      })
    await refused(/\("D"\) lies on another body than Earth \(Mars\)/, sized(3_396_190))()
    await refused(/\("D"\) lies on another body than Earth \(Moon\)/, sized(1_737_400))()
    await refused(/\("D"\) has an ellipsoid with axes of -6378137 and/, sized(-6_378_137))()
  },
  'two definitions without a code': async () => {
    await bands(utm(33), utm(33))
    await assert.rejects(bands(utm(33), utm(34)), {
      code: 'grids_differ',
      message: /their CRSs are "Zone 33" and "Zone 34"; the same coordinates lie \d+ km apart/,
    })
  },
  'one grid under two names': async () => {
    await bands(map(32633), utm(33))
    await bands(map(32633), map(32633, { VerticalCSTypeGeoKey: 5773 }))
    await assert.rejects(bands(map(3410), map(6933)), {
      code: 'grids_differ',
      message: /EPSG:3410 and EPSG:6933; the same coordinates lie/,
    })
  },
  'corners beyond the globe': async () => {
    const north = await groundOf(3408, [0, 0], 18_074_000)
    assert.deepEqual([north.bbox[0], north.bbox[2], north.bbox[3]], [-180, 180, 90])
    // Its corners lie in the south, a little short of the far pole.
    assert.ok(north.bbox[1] > -75 && north.bbox[1] < -60, north.bbox.join())
    const europe = await groundOf(3035, [4_321_000, 3_210_000], 24_000_000)
    assert.ok(europe.bbox.every(Number.isFinite) && europe.bbox[3] === 90, europe.bbox.join())
  },
  'a definition that only words tell': async () => {
    const words = (said: string) => map(32767, { GTCitationGeoKey: said })
    await refused(
      /\("My own grid"\) has no code and no projection .* "My own grid"/,
      words('My own grid'),
    )()
    await refused(/has the projection method 2, which PROJ does not know/, {
      ...words('Modified Alaska'),
      ProjCoordTransGeoKey: 2,
    })()
  },
}

describe('right, or refused by name, is', () => {
  for (const [kind, check] of Object.entries(kinds)) {
    it(kind, async () => {
      await check()
    })
  }
})

it('every kind is here', () => assert.equal(Object.keys(kinds).length, 25))
