// Where an item names IPNS, and what becomes of it.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ResolvedName } from '../../../lib/model/scene.ts'
import { resolveAddress, resolveItemNames } from '../../../lib/steps/resolve-names.ts'

const signal = new AbortController().signal
const asked: string[] = []
const resolve = async (name: string): Promise<ResolvedName> => {
  asked.push(name)
  return { name, value: `/ipfs/bafy-of-${name}/dir`, sequence: '1', validity: '', sources: [] }
}

describe('an address', () => {
  for (const [text, value] of [
    ['ipns://k51/item.json', 'ipfs://bafy-of-k51/dir/item.json'],
    ['/ipns/k51', 'ipfs://bafy-of-k51/dir'],
    ['dweb:/ipns/k51/red.tif', 'ipfs://bafy-of-k51/dir/red.tif'],
    ['web+ipns://k51/red.tif', 'ipfs://bafy-of-k51/dir/red.tif'],
    ['https://gateway.example/ipns/k51/a/b?c#d', 'ipfs://bafy-of-k51/dir/a/b'],
    ['https://k51.ipns.gateway.example/a/', 'ipfs://bafy-of-k51/dir/a'],
    ['ipfs://bafy/item.json', 'ipfs://bafy/item.json'],
    ['https://stac.example/item.json', 'https://stac.example/item.json'],
  ] as const) {
    it(`${text} is read at ${value}`, async () => {
      assert.equal((await resolveAddress(text, resolve, signal)).value, value)
    })
  }
})

describe('a record', () => {
  for (const [value, address] of [
    ['/ipfs/bafy/100%25', 'ipfs://bafy/100%2525/red.tif'],
    ['/ipfs/bafy/what?', 'ipfs://bafy/what%3F/red.tif'],
    ['/ipfs/bafy/tile#2/', 'ipfs://bafy/tile%232/red.tif'],
    ['/ipfs/bafy/', 'ipfs://bafy/red.tif'],
  ] as const) {
    it(`that says ${value} says the very path`, async () => {
      const told = async (name: string) => ({ ...(await resolve(name)), value })
      assert.equal((await resolveAddress('ipns://k51/red.tif', told, signal)).value, address)
    })
  }
})

describe('an item', () => {
  it('has each name resolved once, in its assets and their alternates, and nothing else changed', async () => {
    asked.length = 0
    const item = {
      id: 'ipns://k51/id',
      assets: {
        red: {
          href: 'https://a.example/red.tif',
          alternate: { IPFS: { href: 'ipns://k51/red.tif' } },
        },
        nir: { href: 'ipns://k51/nir.tif', roles: ['data'] },
      },
    }
    const { value, names } = await resolveItemNames(item, resolve, signal)
    assert.deepEqual(value, {
      id: 'ipns://k51/id',
      assets: {
        red: {
          href: 'https://a.example/red.tif',
          alternate: { IPFS: { href: 'ipfs://bafy-of-k51/dir/red.tif' } },
        },
        nir: { href: 'ipfs://bafy-of-k51/dir/nir.tif', roles: ['data'] },
      },
    })
    assert.deepEqual([asked, names.map(({ name }) => name)], [['k51'], ['k51']])
  })

  it('with more than four names is refused before any is asked for', async () => {
    asked.length = 0
    const assets = Object.fromEntries(
      Array.from({ length: 5 }, (_, at) => [`a${at}`, { href: `ipns://k5${at}` }]),
    )
    const refused = { code: 'asset_unusable', message: /name 5 different IPNS names/ }
    await assert.rejects(resolveItemNames({ assets }, resolve, signal), refused)
    assert.equal(asked.length, 0)
  })

  it('that is none stays as it is', async () => {
    for (const value of [null, 7, 'x', {}, { assets: 3 }])
      assert.deepEqual(await resolveItemNames(value, resolve, signal), { value, names: [] })
  })
})
