// 1,000 random GeoTIFFs by GDAL: each read as rasterio reads it, or refused by name, none silently different.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  geotiffsRequirement,
  readRandomGeotiffs,
  tabulate,
  tabulateReasons,
} from '../harness/random-geotiffs.ts'
import { skipWithout } from '../harness/requires.ts'

const SEED = 20_261_126
const COUNT = 1000

it(`${COUNT} random GeoTIFFs are read as rasterio reads them, or refused by name`, async (t) => {
  if (skipWithout(t, geotiffsRequirement)) return
  const outcomes = await readRandomGeotiffs(SEED, COUNT)
  const keys = ['dtype', 'compress', 'planes', 'mask', 'alpha', 'place', 'endian', 'driver', 'edit']
  for (const key of keys) for (const row of tabulate(outcomes, key)) t.diagnostic(row)
  for (const row of tabulateReasons(outcomes)) t.diagnostic(row)
  const count = (fate: string) => outcomes.filter((one) => one.fate === fate).length
  t.diagnostic(`${count('equal')} equal, ${count('refused')} refused, ${COUNT} in all`)
  assert.ok(count('equal') > 0.6 * COUNT)
})
