// GeoTIFFs with a CRS of their own, as GDAL, USGS, ESRI and ERDAS write them, against GDAL and PROJ (fixtures/crs).

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { openCrs } from './crs.ts'
import { cogOf } from './scenes.ts'

export interface CrsFile {
  readonly name: string
  readonly tiff: string
  readonly places: readonly (readonly [lon: number, lat: number, x: number, y: number])[]
}

export function readCrsFiles(): readonly CrsFile[] {
  const packed = readFileSync(new URL('../fixtures/crs/files.json.gz', import.meta.url))
  const { files }: { readonly files: readonly CrsFile[] } = JSON.parse(
    gunzipSync(packed).toString(),
  )
  return files
}

/** In the file's own unit: a millimetre of most. */
const NEAR = 1e-3
/** Degrees: ten centimetres, for some methods come back by a series. */
const BACK = 1e-6

/** Its places are where PROJ has them, and come back. */
export async function checkCrsFile({ tiff, places }: CrsFile): Promise<void> {
  const { geoKeys } = await cogOf(new Uint8Array(Buffer.from(tiff, 'base64')))
  const { projection } = await openCrs(geoKeys)
  for (const [lon, lat, x, y] of places) {
    const [x2, y2] = projection.forward(lon, lat)
    assert.ok(Math.hypot(x2 - x, y2 - y) <= NEAR, `${x2}, ${y2} is not ${x}, ${y}`)
    const [lon2, lat2] = projection.inverse(x, y)
    assert.ok(Math.hypot(lon2 - lon, lat2 - lat) <= BACK, `${lon2}, ${lat2} is not ${lon}, ${lat}`)
  }
}
