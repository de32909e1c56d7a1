// A sample of the random GeoTIFFs that test/fuzz reads by the thousand.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { geotiffsRequirement, readRandomGeotiffs } from '../../harness/random-geotiffs.ts'
import { skipWithout } from '../../harness/requires.ts'

it('60 random GeoTIFFs are read as rasterio reads them, or refused by name', async (t) => {
  if (skipWithout(t, geotiffsRequirement)) return
  const outcomes = await readRandomGeotiffs(7, 60)
  assert.ok(outcomes.filter(({ fate }) => fate === 'equal').length > 30)
})
