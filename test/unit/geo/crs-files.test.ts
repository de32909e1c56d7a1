// Every spelling of a CRS in a GeoTIFF, and a fifth of the methods by keys; test/fuzz has all of them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openCrs } from '../../harness/crs.ts'
import { checkCrsFile, readCrsFiles } from '../../harness/crs-files.ts'
import { cogOf } from '../../harness/scenes.ts'

const files = readCrsFiles()

describe('where PROJ places it lies, and comes back:', () => {
  for (const [at, file] of files.entries()) {
    if (file.name.startsWith('GDAL: ') && at % 5 > 0) continue
    it(file.name, () => checkCrsFile(file))
  }
})

/** Kinds by a citation, a code of ESRI, a method or a unit that GDAL does not read beside these keys. */
const uncommon =
  /PE string|Web Mercator|^ESRI: (a code|World|UTM)|State Plane of ESRI|apart|Rosenmund|WGS 84 in (arc|grads)/

it('those that GDAL reads otherwise are known, for they are published in other words', async () => {
  for (const { name, tiff } of files.filter((file) => !file.name.startsWith('GDAL: '))) {
    const { geoKeys } = await cogOf(new Uint8Array(Buffer.from(tiff, 'base64')))
    const { isCommon } = await openCrs(geoKeys)
    assert.equal(isCommon, !uncommon.test(name), name)
  }
})

it('files of every writer are among them', () => {
  const starts = (prefix: string) => files.filter(({ name }) => name.startsWith(prefix)).length
  assert.ok(starts('GDAL: ') >= 280)
  assert.deepEqual(
    [starts('USGS: ') > 4, starts('ESRI: ') > 10, starts('ERDAS: ') > 2, starts('HLS: ') > 1],
    [true, true, true, true],
  )
})
