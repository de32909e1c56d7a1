// CRSs of ESRI's words upon ETRS89, whose datum words cannot name as EPSG does: where pyproj 3.7 (PROJ 9.5) has them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crsOfDefinition } from '../../../lib/geo/crs/crs.ts'
import { openCrs } from '../../harness/crs.ts'

const words = (method: string, parameters: Readonly<Record<string, number>>) => {
  const told = Object.entries(parameters).map(([name, value]) => `PARAMETER["${name}",${value}]`)
  return `PROJCS["Custom",GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["${method}"],${told.join()},UNIT["Meter",1.0]]`
}
const mercator = words('Transverse_Mercator', {
  False_Easting: 500_000,
  False_Northing: 0,
  Central_Meridian: 10,
  Scale_Factor: 1,
  Latitude_Of_Origin: 0,
})

describe('ESRI’s words upon ETRS89', () => {
  it('lie where PROJ has them, without a warning, in an item and in a citation', async () => {
    const said = { GTModelTypeGeoKey: 1, PCSCitationGeoKey: `ESRI PE String = ${mercator}` }
    for (const crs of [
      await crsOfDefinition(mercator),
      await openCrs({ ...said, ProjectedCSTypeGeoKey: 32767 }),
    ]) {
      const [x, y] = crs.projection.forward(9.5, 50.25)
      assert.ok(Math.hypot(x - 464338.44045725284, y - 5568774.544963925) < 1e-3, `${x} ${y}`)
      assert.equal(crs.datumWarning([9.5, 50.25]), null)
      assert.deepEqual([crs.name, crs.code], ['Custom', null])
      assert.match(crs.describe()?.esri ?? '', /^PROJCS\["Custom",GEOGCS\["GCS_ETRS_1989"/)
    }
  })

  it('are refused in PROJ’s words where the base is not the one of that name', async () => {
    const other = mercator.replace('298.257222101', '299.5')
    await assert.rejects(crsOfDefinition(other), { code: 'raster_unusable', message: /PROJ says/ })
  })
})
