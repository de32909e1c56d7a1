// The published item with addresses: what is added, and that the rest stays.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { decorateItem } from '../../../lib/stac/decorated-item.ts'

const folder = 'https://ndvi.example/ipfs/bafy'

it('a decorated item has a self link first, absolute addresses of its own files, and all else as it was', () => {
  const item = {
    id: 'x',
    properties: { a: 1 },
    links: [{ rel: 'derived_from', href: 'https://stac.example/items/x' }],
    assets: {
      figure: { href: './figure.png', alternate: { IPFS: { href: 'ipfs://bafk' } } },
      elsewhere: { href: 'https://other.example/a.png' },
    },
  }
  assert.deepEqual(decorateItem(item, folder, 'item.json'), {
    ...item,
    links: [
      { rel: 'self', href: `${folder}/item.json`, type: 'application/geo+json' },
      ...item.links,
    ],
    assets: {
      figure: { ...item.assets.figure, href: `${folder}/figure.png` },
      elsewhere: item.assets.elsewhere,
    },
  })
})

it('an item without links and assets is decorated too', () => {
  const decorated = decorateItem({ id: 'x' }, folder, 'item.json')
  assert.deepEqual(decorated['assets'], {})
  assert.equal(JSON.stringify(decorated).match(/item\.json/g)?.length, 1)
})
