// How tiles ask for the scene that a search found.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sceneAgain } from '../../../lib/steps/scene-again.ts'

const API = 'https://stac.example.com/v1'
const again = (href: string | null, api?: string, collection: string | null = 'any') =>
  sceneAgain(api === undefined ? {} : { api }, { id: 'one', collection, href }, API)

it('a scene whose address is of the API is asked for by it', () => {
  const href = 'https://stac.example.com/v1/collections/any/items/one'
  assert.deepEqual(again(href), { item: href })
  assert.deepEqual(again('https://other.example.com/one', 'https://other.example.com/stac/'), {
    item: 'https://other.example.com/one',
  })
})

it('one whose address is that behind a proxy, or of another server, or none, by its id', () => {
  const search = { collections: ['any'], ids: ['one'] }
  for (const href of [
    'http://stac.example.com/v1/collections/any/items/one',
    'http://stac.internal:8000/collections/any/items/one',
    'https://stac.example.com:8000/v1/collections/any/items/one',
    'items/one',
    null,
  ]) {
    assert.deepEqual(again(href), { search: JSON.stringify(search) }, String(href))
  }
  const api = 'https://other.example.com/stac'
  const own = JSON.stringify({ api, ids: ['one'] })
  assert.deepEqual(again('https://stac.example.com/v1/one', api, null), { search: own })
})
