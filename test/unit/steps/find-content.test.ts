// What is known of a scene's files: by its item, by the catalogue of CIDs, by the records of fingerprints.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withinInvocation } from '../../../lib/async/invocation.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import type { Json } from '../../../lib/model/json.ts'
import type { Documents } from '../../../lib/stac/documents.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { readScene } from '../../../lib/stac/scene.ts'
import { chooseRules } from '../../../lib/steps/choose-rules.ts'
import { findKnownContent } from '../../../lib/steps/find-content.ts'
import { ipfsAsset, withAssets } from '../../harness/items.ts'
import { printsOf } from '../events/notice-context.ts'

const signal = new AbortController().signal
const RED = 'https://files.example/red.tif'
const NIR = 'https://files.example/nir.tif'
const CID = 'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'
const item = {
  type: 'Feature',
  stac_version: '1.0.0',
  id: 'LC08_L1TP_227074_20190809_20200827_02_T1',
  geometry: null,
  properties: { datetime: '2019-08-09T00:00:00Z', 'landsat:correction': 'L1TP' },
  assets: { red: { href: RED }, nir08: { href: NIR } },
  links: [],
}
const scene = readScene(readItem(item, null))
const rules = chooseRules(scene, { scale: 'l1toa', mask: [] })

/** A catalogue of one item, which answers once `until` has come. */
function catalogueOf(found: object, until: Promise<unknown> = Promise.resolve()) {
  const answer = async () => {
    await until
    return { value: { type: 'FeatureCollection', features: [found] }, href: '' }
  }
  const documents: Documents = { json: answer, post: answer }
  return { documents, catalogUrl: 'https://cids.example/stac' }
}

describe('what is known of the files of a scene', () => {
  it('is looked up in the catalogue and among the records at once', {
    timeout: 5_000,
  }, async () => {
    const asked = Promise.withResolvers<void>()
    const prints = printsOf(RED, NIR)
    const fingerprints: typeof prints = {
      ...prints,
      byAddress(...args) {
        asked.resolve()
        return prints.byAddress(...args)
      },
    }
    const catalogue = catalogueOf(item, asked.promise)
    const services = { ...catalogue, fingerprints }
    const content = await findKnownContent(scene, rules, 'fingerprint', services, signal)
    const trusts = Object.values(content?.found ?? {}).map(({ trust }) => trust)
    assert.deepEqual(trusts, ['fingerprint', 'fingerprint'])
  })

  it('is the CID of the catalogue where there is a record, too', async () => {
    const named = withAssets(item, { nir08: ipfsAsset(CID) })
    const services = { ...catalogueOf(named), fingerprints: printsOf(RED, NIR) }
    const content = await findKnownContent(scene, rules, 'fingerprint', services, signal)
    assert.equal(content?.found['red']?.trust, 'fingerprint')
    assert.equal(content?.found['nir08']?.trust, 'cid')
    assert.equal(content?.scene.nir.content?.cid, CID)
  })

  it('is not what the catalogue names for another scene, or processing, of the same id', async () => {
    const bbox = [-11.5, 24.8, -11.4, 24.9]
    const properties = { ...item.properties, 'landsat:collection_number': '02' }
    const here = readScene(readItem({ ...item, bbox, properties }, null))
    const both = withAssets(item, { red: ipfsAsset(CID), nir08: ipfsAsset(CID) })
    const named = { ...both, bbox, properties }
    const at = (datetime: string | null) => ({ ...named, properties: { ...properties, datetime } })
    const processed = (name: string, value: Json) => ({
      ...named,
      properties: { ...properties, [`landsat:${name}`]: value },
    })
    const rows: readonly (readonly [object, boolean])[] = [
      [processed('correction', 'l1tp'), true],
      [processed('correction', 'L1GT'), false],
      [processed('collection_number', 2), true],
      [processed('collection_number', '01'), false],
      [named, true],
      [at('2019-08-09T00:14:00Z'), true],
      [at('2019-08-09'), true],
      [at(null), true],
      [{ ...named, bbox: [-12, 24, -11.4, 25] }, true],
      [{ ...named, bbox: null }, true],
      [at('2019-08-09T00:16:00Z'), false],
      [at('2019-08-08T23:44:00Z'), false],
      [at('2021-08-09'), false],
      [{ ...named, bbox: [-11.3, 24.8, -11.2, 24.9] }, false],
    ]
    for (const [found, isSame] of rows) {
      const services = { ...catalogueOf(found), fingerprints: printsOf() }
      const content = await findKnownContent(here, rules, 'fingerprint', services, signal)
      assert.equal(content !== null, isSame, JSON.stringify(found))
    }
  })

  it('does without a record that the store cannot tell where the catalogue names the content', async () => {
    const failure = new GreenprintError('store_failed', 'The record is damaged.')
    const fingerprints = {
      byAddress: () => Promise.reject(failure),
      byChecksum: () => Promise.reject(failure),
    }
    const named = { red: ipfsAsset(CID), nir08: ipfsAsset(CID) }
    const trace = { traceparent: null, xray: null }
    await withinInvocation({ requestId: null, trace }, async ({ sources }) => {
      const services = { ...catalogueOf(withAssets(item, named)), fingerprints }
      const content = await findKnownContent(scene, rules, 'fingerprint', services, signal)
      const trusts = Object.values(content?.found ?? {}).map(({ trust }) => trust)
      assert.deepEqual(trusts, ['cid', 'cid'])
      assert.deepEqual(sources.passedOver, [failure.message, failure.message])
      const half = { ...catalogueOf(withAssets(item, { red: named.red })), fingerprints }
      await assert.rejects(findKnownContent(scene, rules, 'fingerprint', half, signal), failure)
      // Where none but the catalogue counts, the store is not asked.
      const byName = await findKnownContent(scene, rules, 'cid', services, signal)
      assert.equal(byName?.scene.nir.content?.cid, CID)
    })
  })

  it('is not enough where one band is neither named nor fingerprinted, or only named will do', async () => {
    const services = { ...catalogueOf(item), fingerprints: printsOf(RED) }
    assert.equal(await findKnownContent(scene, rules, 'fingerprint', services, signal), null)
    const printed = { ...services, fingerprints: printsOf(RED, NIR) }
    assert.equal(await findKnownContent(scene, rules, 'cid', printed, signal), null)
  })
})
