// What a job of the page is called, by the request that started it.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wordsOf } from '../../../web/jobs.ts'

const cases: readonly (readonly [path: string, body: unknown, words: string])[] = [
  ['/ndvi', { item: { id: 'LC09_T1' } }, 'NDVI of LC09_T1'],
  ['/ndvi', { item: 'https://api.example/items/LC09_T1?f=json' }, 'NDVI of LC09_T1'],
  ['/ndvi', { search: { api: 'https://api.example', ids: ['S2A_29RKH'] } }, 'NDVI of S2A_29RKH'],
  ['/ndvi', { search: {} }, 'NDVI of a scene'],
  ['/fingerprint', { item: { id: 7 } }, 'Fingerprint of a scene'],
  ['/verify', { cid: 'bafybeif' }, 'Recomputation of bafybeif'],
]

describe('the words of a job', () => {
  for (const [path, body, words] of cases) it(words, () => assert.equal(wordsOf(path, body), words))
})
