// Hits of a search that name IPNS: resolved where the request says so, one after the other, and never else.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import { readNdviBody } from '../../../lib/request/read.ts'
import { findScene } from '../../../lib/steps/find-scene.ts'
import { asset, item, NIR_CID, RED_CID } from '../stac/sample-items.ts'
import { page, ScriptedApi } from '../stac/scripted-api.ts'

const signal = new AbortController().signal
const FOLDER = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'

/** The better its number, the smaller. */
const hit = (number: number, assets: JsonObject) =>
  item({
    id: `hit-${number}`,
    properties: { datetime: '2020-06-01T10:00:00Z', 'eo:cloud_cover': number },
    assets,
  })
const named = (name: string) => ({
  red: { href: `ipns://${name}/red.tif` },
  nir08: { href: `ipns://${name}/nir.tif` },
})
const plain = { red: asset(RED_CID), nir08: asset(NIR_CID) }

async function find(hits: readonly JsonObject[], names: boolean) {
  const asked: string[] = []
  const services = {
    documents: new ScriptedApi([page(hits)]),
    stacApiUrl: 'https://stac.example',
    catalogUrl: null,
    resolveName: async (name: string) => {
      asked.push(name)
      if (name.startsWith('lost')) {
        const message = `No gateway has a valid record of the IPNS name ${name}.`
        throw new GreenprintError('content_unavailable', message)
      }
      return { name, value: `/ipfs/${FOLDER}`, sequence: '7', validity: '', sources: [] }
    },
  }
  const asking = { search: { collections: ['scenes'] }, names }
  const { request } = readNdviBody(asking)
  return { asked, found: findScene({ request }, services, signal) }
}

describe('a hit of a search that names IPNS', () => {
  it('is resolved with `names`, and what it stood for is told', async () => {
    const { asked, found } = await find([hit(1, named('k51')), hit(2, plain)], true)
    const { scene, names, source, chosen } = await found
    assert.equal(source.id, 'hit-1')
    assert.deepEqual(scene.red.content, { cid: FOLDER, path: 'red.tif' })
    assert.deepEqual(
      [asked, names.map(({ name, sequence }) => [name, sequence])],
      [['k51'], [['k51', '7']]],
    )
    assert.doesNotMatch(JSON.stringify(source), /ipns/)
    assert.match(chosen, /^Best of the 2 items/)
  })

  it('is passed over without `names`, and no gateway is asked', async () => {
    const { asked, found } = await find([hit(1, named('k51')), hit(2, plain)], false)
    const { source, names, chosen } = await found
    assert.deepEqual([source.id, asked, names], ['hit-2', [], []])
    assert.match(chosen, /passed over.*is an IPNS name.*"names": true/)
  })

  it('is passed over where its name cannot be resolved, and so is the fifth', async () => {
    const lost = [1, 2, 3, 4, 5].map((number) => hit(number, named(`lost${number}`)))
    const { asked, found } = await find([...lost, hit(6, plain)], true)
    const { source, names, chosen } = await found
    assert.deepEqual([source.id, names], ['hit-6', []])
    assert.deepEqual(asked, ['lost1', 'lost2', 'lost3', 'lost4'])
    assert.match(chosen, /5 better items were passed over: No gateway has a valid record/)
  })

  it('costs nothing where a better one names none', async () => {
    const { asked, found } = await find([hit(1, plain), hit(2, named('k51'))], true)
    assert.equal((await found).source.id, 'hit-1')
    assert.deepEqual(asked, [])
  })
})
