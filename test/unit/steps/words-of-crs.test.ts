// What a published GeoTIFF says of its CRS: the source's keys, a code, ESRI's words, or nothing before another place.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crsOfDefinition } from '../../../lib/geo/crs/crs.ts'
import type { Transform } from '../../../lib/model/grid.ts'
import { wholeGrid } from '../../../lib/steps/whole-grid.ts'
import { wordsOfCrs } from '../../../lib/steps/words-of-crs.ts'
import { memoryCog, memoryLevel } from '../../harness/level.ts'

const KM2: Transform = [2000, 0, 100_000, 0, -2000, 3_000_000]
/** As weather satellites see the Earth: GOES scans along x first, Meteosat along y. */
const satellite = (sweep: 'X' | 'Y') => `PROJCRS["full disk",
  BASEGEOGCRS["on GRS 80",DATUM["on GRS 80",ELLIPSOID["GRS 1980",6378137,298.257222101]]],
  CONVERSION["fixed grid",METHOD["Geostationary Satellite (Sweep ${sweep})"],
    PARAMETER["Longitude of natural origin",-75,ANGLEUNIT["degree",0.0174532925199433]],
    PARAMETER["Satellite Height",35786023,LENGTHUNIT["metre",1]],
    PARAMETER["False easting",0,LENGTHUNIT["metre",1]],
    PARAMETER["False northing",0,LENGTHUNIT["metre",1]]],
  CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]`

async function wordsOf(definition: string, isGiven = true) {
  const crs = await crsOfDefinition(definition)
  const cog = memoryCog([memoryLevel({ width: 60, height: 50, transform: KM2 })])
  const asset = { key: 'red', content: null, mirrors: [], band: null }
  return wordsOfCrs({ asset, cog }, { crs, isGiven, warnings: [] }, wholeGrid(cog, crs))
}

describe('the words for a CRS in a GeoTIFF', () => {
  it('are its code, or those of ESRI', async () => {
    assert.deepEqual((await wordsOf('EPSG:32631')).geoKeys.keys, {
      GTModelTypeGeoKey: 1,
      ProjectedCSTypeGeoKey: 32631,
    })
    assert.match(
      (await wordsOf('ESRI:54030')).geoKeys.raw.ascii,
      /^ESRI PE String = PROJCS\["World_Rob/,
    )
    assert.match((await wordsOf(satellite('Y'))).geoKeys.raw.ascii, /Geostationary_Satellite/)
  })

  it('are none where ESRI’s would put the pixels elsewhere', async () => {
    const { geoKeys, unsaid } = await wordsOf(satellite('X'))
    assert.equal(geoKeys.raw.ascii, 'full disk|')
    assert.match(unsaid ?? '', /no words for the CRS "full disk": the published one only names it/)
  })

  it('are the source’s own where everyone reads them alike', async () => {
    assert.deepEqual((await wordsOf('EPSG:32631', false)).geoKeys.keys, {})
  })
})
