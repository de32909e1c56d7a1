// A search without collections asks for scenes that can be read, at the API that is known to have them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withDefaultCollections } from '../../../lib/stac/default-collections.ts'

const earthSearch = 'https://earth-search.aws.element84.com/v1'
const other = 'https://stac.example/v1'

describe('a search without collections', () => {
  for (const [name, search, api, collections] of [
    ['at Earth Search', {}, earthSearch, ['sentinel-2-c1-l2a']],
    ['elsewhere', {}, other, undefined],
    ['for ids', { ids: ['a'] }, earthSearch, undefined],
    ['that has them', { collections: ['b'] }, earthSearch, ['b']],
  ] as const) {
    it(name, () => {
      assert.deepEqual(withDefaultCollections(search, new URL(api)).collections, collections)
    })
  }
})
