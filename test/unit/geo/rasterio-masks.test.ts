// Polygons of every kind on the pixels of a grid, beside rasterio. test/fuzz has more of them.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ownMask, polygonCases, rasterioMasks } from '../../harness/polygon-masks.ts'
import { rasterioRequirement } from '../../harness/rasterio.ts'
import { skipWithout } from '../../harness/requires.ts'

it('48 random polygons cover the pixels that rasterio gives them', async (context) => {
  if (skipWithout(context, rasterioRequirement)) return
  const cases = await polygonCases(48, 12)
  const expected = rasterioMasks(cases)
  assert.ok(expected.filter((mask) => /[1-9a-f]/.test(mask)).length > 40)
  for (const [at, each] of cases.entries()) {
    assert.equal(await ownMask(each), expected[at], `${at}: ${each.name}`)
  }
})
