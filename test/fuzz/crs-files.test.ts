// 300 CRSs of every method by GeoKeys, of random parameters, bases and units, as GDAL writes and reads them.

import { describe, it } from 'node:test'
import { checkCrsFile, readCrsFiles } from '../harness/crs-files.ts'

describe('where PROJ places it lies, and comes back:', () => {
  for (const file of readCrsFiles()) it(file.name, () => checkCrsFile(file))
})
