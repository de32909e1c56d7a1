// How much of what was asked for lies on the scene.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reduceArea } from '../../../lib/geo/area.ts'
import type { NdviRequest } from '../../../lib/model/request.ts'
import { areaWarnings, askedArea } from '../../../lib/steps/asked-area.ts'
import { plainRequest } from '../../harness/requests.ts'

const box = (west: number, south: number, east: number, north: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
    ],
  ],
})
const scene = { bbox: [10, 50, 12, 52], geometry: box(10, 50, 12, 52) } as const
const asked = (area: Pick<NdviRequest, 'bbox' | 'geometry'>) =>
  askedArea({ ...plainRequest, ...area }, scene)

describe('an asked area', () => {
  it('is covered by its share', () => {
    assert.equal(asked({ bbox: [10.5, 50.5, 11, 51] }).coveredPercent, 100)
    assert.equal(asked({ bbox: [11, 50, 15, 51] }).coveredPercent, 25)
    assert.equal(asked({ geometry: reduceArea(box(11, 50, 15, 51)) }).coveredPercent, 25)
    assert.deepEqual(asked({}), { geometry: null, coveredPercent: 100 })
  })

  it('smaller than coordinates are told is taken for covered', () => {
    const { geometry, coveredPercent } = asked({ bbox: [11, 51, 11 + 1e-10, 51 + 1e-10] })
    assert.deepEqual([geometry, coveredPercent], [null, 100])
  })

  it('that lies mostly off the scene is told', () => {
    assert.deepEqual(areaWarnings(asked({ bbox: [10.5, 50.5, 11, 51] })), [])
    const [warning = ''] = areaWarnings(asked({ bbox: [11, 50, 15, 51] }))
    assert.match(warning, /^only 25 % of the area lies on the scene/)
  })
})
