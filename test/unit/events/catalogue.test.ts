// Where the item of a product is looked up, over real HTTP: what is not there is told from what fails.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { findProduct, USGS_STAC } from '../../../lib/events/catalogue.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { createHttp } from '../../../lib/net/http.ts'
import type { Documents } from '../../../lib/stac/documents.ts'
import { createWebDocuments } from '../../../lib/stac/web-documents.ts'
import { serve } from '../net/loopback.ts'

const path = '/collections/landsat-c2l2-sr/items/x_SR'
const product = { id: 'x', collection: 'landsat-c2l2-sr', itemId: 'x_SR' } as const

/** A catalogue that answers with this status, and what it was asked. */
async function catalogue(status: number): Promise<{ root: string; asked: string[] }> {
  const asked: string[] = []
  const root = await serve((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(status, { 'content-type': 'application/geo+json' })
    response.end(JSON.stringify({ id: 'x_SR', from: root }))
  })
  return { root, asked }
}

/** The real reader of web documents, with the producer's catalogue moved to this machine. */
function reader(usgs: string): Documents {
  const network = new BlockRace([], systemClock)
  const web = createWebDocuments(
    createHttp({ allowedHosts: [], allowPrivate: true }),
    createBlocks({ own: [], network, cacheBytes: 0 }),
  )
  return {
    ...web,
    json: (url, headers, signal) => web.json(url.replace(USGS_STAC, usgs), headers, signal),
  }
}

async function look(catalogStatus: number | null, usgsStatus: number) {
  const first = catalogStatus === null ? null : await catalogue(catalogStatus)
  const usgs = await catalogue(usgsStatus)
  const { signal } = new AbortController()
  const found = findProduct(product, first?.root ?? null, reader(usgs.root), signal)
  return { found, first, usgs }
}

describe('the item of a product', () => {
  it('is taken from the catalogue, and nobody else is asked', async () => {
    const { found, first, usgs } = await look(200, 200)
    assert.deepEqual(await found, {
      value: { id: 'x_SR', from: first?.root },
      href: `${first?.root}${path}`,
    })
    assert.deepEqual(usgs.asked, [])
  })

  for (const status of [404, 410]) {
    it(`is taken from its producer where the catalogue answers ${status}`, async () => {
      const { found, first, usgs } = await look(status, 200)
      assert.equal((await found)?.href, `${usgs.root}${path}`)
      assert.deepEqual(first?.asked, [path, path.replace('_SR', '')])
      assert.deepEqual(usgs.asked, [path])
    })
  }

  it('is taken from its producer where there is no catalogue', async () => {
    const { found, usgs } = await look(null, 200)
    assert.equal((await found)?.href, `${usgs.root}${path}`)
  })

  it('is nowhere where nobody has it', async () => {
    const { found } = await look(404, 404)
    assert.equal(await found, null)
  })

  for (const status of [401, 500, 503]) {
    it(`is not believed to be absent where the catalogue answers ${status}`, async () => {
      const { found, usgs } = await look(status, 200)
      await assert.rejects(found, { name: 'GreenprintError', code: 'item_unreachable' })
      assert.deepEqual(usgs.asked, [])
    })
  }
})
