// 300 random polygons and multipolygons on the pixels of a grid: holes, overlaps, slivers, the antimeridian, a pole.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ownMask, polygonCases, rasterioMasks } from '../harness/polygon-masks.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { skipWithout } from '../harness/requires.ts'

it('cover the pixels that rasterio gives them', async (context) => {
  if (skipWithout(context, rasterioRequirement)) return
  const cases = await polygonCases(300, 2026)
  const expected = rasterioMasks(cases)
  const differing: string[] = []
  for (const [at, each] of cases.entries()) {
    if ((await ownMask(each)) !== expected[at]) differing.push(`${at}: ${each.name}`)
  }
  assert.deepEqual(differing, [])
})
