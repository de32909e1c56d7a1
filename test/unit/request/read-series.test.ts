// Zones of a series as they are sent: each fault is told at its own feature.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { readSeriesBody } from '../../../lib/request/read-series.ts'

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

async function faultsOf(features: unknown): Promise<readonly string[]> {
  try {
    await readSeriesBody({ search, features }, AbortSignal.timeout(10_000))
    return []
  } catch (error) {
    assert.ok(error instanceof GreenprintError)
    assert.equal(error.code, 'invalid_request')
    return error.details.map((line) => line.replace(/:.*/s, ''))
  }
}

describe('features', () => {
  it('that are no areas are told one by one', async () => {
    assert.deepEqual(await faultsOf([{}, { '': [] }]), ['features.0', 'features.1'])
    assert.deepEqual(await faultsOf([{}]), ['features.0'])
    const named = { type: 'Feature', id: 'a', properties: {}, geometry: triangle }
    assert.deepEqual(await faultsOf([named, {}, named]), ['features.1', 'features.2'])
  })

  it('have names that are no longer than ids of items', async () => {
    const named = { type: 'Feature', id: 'a'.repeat(257), properties: {}, geometry: triangle }
    assert.deepEqual(await faultsOf([named]), ['features.0'])
    assert.deepEqual(await faultsOf([{ ...named, id: 'a'.repeat(256) }]), [])
  })

  it('are zones by their names', async () => {
    const named = { type: 'Feature', id: 'a', properties: {}, geometry: triangle }
    assert.deepEqual(await faultsOf([named, triangle]), [])
    assert.deepEqual(await faultsOf({ type: 'FeatureCollection', features: [named] }), [])
  })
})
