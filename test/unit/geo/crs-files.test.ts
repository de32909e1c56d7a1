// GeoTIFFs with a CRS of their own, as GDAL, USGS, ESRI and ERDAS write them, against GDAL and PROJ (fixtures/crs).

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { openCrs } from '../../harness/crs.ts'
import { cogOf } from '../../harness/scenes.ts'

interface CrsFile {
  readonly name: string
  readonly tiff: string
  readonly places: readonly (readonly [lon: number, lat: number, x: number, y: number])[]
}

const packed = readFileSync(new URL('../../fixtures/crs/files.json.gz', import.meta.url))
const { files }: { readonly files: readonly CrsFile[] } = JSON.parse(gunzipSync(packed).toString())

/** In the file's own unit: a millimetre of most. */
const NEAR = 1e-3
/** Degrees: ten centimetres, for some methods come back by a series. */
const BACK = 1e-6

describe(`each of ${files.length} files lies where PROJ places it, and comes back:`, () => {
  for (const { name, tiff, places } of files) {
    it(name, async () => {
      const { geoKeys } = await cogOf(new Uint8Array(Buffer.from(tiff, 'base64')))
      const { projection } = await openCrs(geoKeys)
      for (const [lon, lat, x, y] of places) {
        const [x2, y2] = projection.forward(lon, lat)
        assert.ok(Math.hypot(x2 - x, y2 - y) <= NEAR, `${x2}, ${y2} is not ${x}, ${y}`)
        const [lon2, lat2] = projection.inverse(x, y)
        assert.ok(
          Math.hypot(lon2 - lon, lat2 - lat) <= BACK,
          `${lon2}, ${lat2} is not ${lon}, ${lat}`,
        )
      }
    })
  }
})

it('they are of every method, and of every writer', () => {
  const starts = (prefix: string) => files.filter(({ name }) => name.startsWith(prefix)).length
  assert.ok(starts('GDAL: ') >= 280)
  assert.deepEqual(
    [starts('USGS: ') > 4, starts('ESRI: ') > 10, starts('ERDAS: ') > 2, starts('HLS: ') > 1],
    [true, true, true, true],
  )
})
