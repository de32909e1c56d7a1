// Zones of a series as they are sent: each fault is told at its own feature.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seriesSchema } from '../../../lib/request/series-schema.ts'

const search = { ids: ['A'] }
const triangle = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [1, 0],
      [0, 1],
      [0, 0],
    ],
  ],
}

function faultsOf(features: unknown): string[] {
  const read = seriesSchema.safeParse({ search, features })
  return read.success ? [] : read.error.issues.map(({ path }) => path.join('.'))
}

describe('features', () => {
  it('that are no areas are told one by one', () => {
    assert.deepEqual(faultsOf([{}, { '': [] }]), ['features.0', 'features.1'])
    assert.deepEqual(faultsOf([{}]), ['features.0'])
    const named = { type: 'Feature', id: 'a', properties: {}, geometry: triangle }
    assert.deepEqual(faultsOf([named, {}, named]), ['features.1', 'features.2'])
  })

  it('are zones by their names', () => {
    const named = { type: 'Feature', id: 'a', properties: {}, geometry: triangle }
    assert.deepEqual(faultsOf([named, triangle]), [])
    assert.deepEqual(faultsOf({ type: 'FeatureCollection', features: [named] }), [])
  })
})
