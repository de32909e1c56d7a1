// Areas of many corners are compared with many grounds by a coarser outline.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { coarseOutline, groundOf, shareCovered } from '../../../lib/geo/coverage.ts'

function areaOf(corners: number) {
  const ring = Array.from({ length: corners }, (_, at) => {
    const angle = (2 * Math.PI * at) / corners
    const far = 1 + 0.3 * Math.sin(7 * angle) + 0.001 * Math.sin(97 * at)
    return [10 + far * Math.cos(angle), 50 + far * Math.sin(angle)]
  })
  const area = groundOf({ type: 'Polygon', coordinates: [[...ring, ring[0] ?? []]] })
  assert.ok(area)
  return area
}

it('an outline of many corners is followed within a 200th of its height', () => {
  const [area, ground] = [areaOf(9_000), areaOf(4)]
  const coarse = coarseOutline(area)
  assert.ok(coarse.flat(2).length < 500)
  assert.ok(Math.abs(shareCovered(coarse, ground) - shareCovered(area, ground)) < 0.005)
})

it('an outline of few corners is followed as it is', () => {
  const area = areaOf(100)
  assert.equal(coarseOutline(area), area)
})
