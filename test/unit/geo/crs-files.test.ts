// Every spelling of a CRS in a GeoTIFF, and a fifth of the methods by keys; test/fuzz has all of them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkCrsFile, readCrsFiles } from '../../harness/crs-files.ts'

const files = readCrsFiles()

describe('where PROJ places it lies, and comes back:', () => {
  for (const [at, file] of files.entries()) {
    if (file.name.startsWith('GDAL: ') && at % 5 > 0) continue
    it(file.name, () => checkCrsFile(file))
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
