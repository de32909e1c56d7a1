// What decides a result's id: every field that decides the output, and nothing else.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RadiometryRule } from '../../../lib/model/radiometry.ts'
import type { NdviRequest } from '../../../lib/model/request.ts'
import type { ItemGeoreference, Scene } from '../../../lib/model/scene.ts'
import type { Rules } from '../../../lib/steps/choose-rules.ts'
import { writeRecipe } from '../../../lib/steps/recipe.ts'
import { plainRequest } from '../../harness/requests.ts'

const RED = 'QmTgttqUf7PvZgdSoe71j3njeEKk1hC3h22n2sQmety3To'
const NIR = 'QmZkWaKSuVhFKtAwNbxSogcT6hXHMksXjhgqLu6AXHSUKq'
const OTHER = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'

const request: NdviRequest = {
  item: 'https://stac.example/items/1',
  ...plainRequest,
}

const scene: Scene = {
  id: 'LC09_L2SP_231062_20230723_20230802_02_T1',
  collection: 'landsat-c2l2-sr',
  datetime: '2023-07-23T14:12:31.279905Z',
  platform: 'LANDSAT_9',
  href: null,
  canonical: 'https://landsatlook.usgs.gov/stac-server/items/1',
  bbox: [-60, -4, -59, -3],
  geometry: { type: 'Polygon', coordinates: [] },
  product: { family: 'landsat', fill: 0, saturates: true },
  productNames: ['LC09_L2SP_231062_20230723_20230802_02_T1'],
  mentionedNames: [],
  gsd: 30,
  red: { key: 'red', band: null, content: { cid: RED, path: '' }, mirrors: [], nodata: 0 },
  nir: { key: 'nir08', band: null, content: { cid: NIR, path: 'B5.TIF' }, mirrors: [] },
  qa: null,
  properties: {
    datetime: '2023-07-23T14:12:31.279905Z',
    platform: 'LANDSAT_9',
    instruments: ['OLI'],
  },
  warnings: [],
}

const radiometry: RadiometryRule = {
  applied: 'l2sr',
  when: 'integers',
  red: { scale: 0.0000275, offset: -0.2 },
  nir: { scale: 0.0000275, offset: -0.2 },
  reason: 'The product is Landsat Collection 2 Level-2.',
}

const rules: Rules = { radiometry, masking: null, warnings: [] }

interface Changes {
  readonly request?: Partial<NdviRequest>
  readonly scene?: Partial<Scene>
  readonly radiometry?: Partial<RadiometryRule>
  readonly software?: string
}

function recipe(changes: Changes = {}) {
  return writeRecipe(
    { ...request, ...changes.request },
    { ...scene, ...changes.scene },
    { ...rules, radiometry: { ...radiometry, ...changes.radiometry } },
    changes.software ?? 'greenprint 0.1.0',
  )
}

const plain = recipe()
const placed = (georeference: Partial<ItemGeoreference>): Changes => ({
  scene: {
    red: {
      ...scene.red,
      georeference: { crs: null, transform: null, shape: null, ...georeference },
    },
  },
})
const properties = (more: object) => ({ scene: { properties: { ...scene.properties, ...more } } })

const deciding: readonly (readonly [name: string, Changes])[] = [
  ['the area', { request: { bbox: [-60, -3.5, -59.5, -3] } }],
  ['the scale that was asked for', { request: { scale: 'l2sr' } }],
  ['the mask', { request: { mask: ['cloud'] } }],
  ['the size', { request: { max_size: 512 } }],
  ['full size', { request: { max_size: 'full' } }],
  ['the colours', { request: { colormap_name: 'viridis' } }],
  ['the range of colours', { request: { rescale: [0, 1] } }],
  ['the outputs', { request: { outputs: ['figure'] } }],
  [
    'the red band',
    { scene: { red: { ...scene.red, content: { cid: OTHER, path: '' }, mirrors: [] } } },
  ],
  [
    'the near-infrared band',
    { scene: { nir: { ...scene.nir, content: { cid: OTHER, path: 'B5.TIF' }, mirrors: [] } } },
  ],
  [
    'the path of a band',
    { scene: { nir: { ...scene.nir, content: { cid: NIR, path: 'B8.TIF' }, mirrors: [] } } },
  ],
  ['the key of a band', { scene: { red: { ...scene.red, key: 'B4' } } }],
  ['the nodata of a band', { scene: { red: { ...scene.red, nodata: -9999 } } }],
  ['a nodata that is no number', { scene: { red: { ...scene.red, nodata: Number.NaN } } }],
  ['a nodata where there was none', { scene: { nir: { ...scene.nir, nodata: 0 } } }],
  ['bands the other way round', { scene: { red: scene.nir, nir: scene.red } }],
  ['the band of a file', { scene: { red: { ...scene.red, band: 1 } } }],
  ['another band of that file', { scene: { red: { ...scene.red, band: 2 } } }],
  ['the CRS that the item gives', placed({ crs: 'EPSG:32620' })],
  ['its transform', placed({ transform: [30, 0, 1, 0, -30, 2] })],
  ['its shape', placed({ shape: [2, 3] })],
  ['the ground sample distance', { scene: { gsd: 10 } }],
  ['the numbers that the scale is for', { radiometry: { when: 'always' } }],
  ['the id of the scene', { scene: { id: 'other' } }],
  ['the time of the scene', properties({ datetime: '2023-07-23T14:12:31Z' })],
  ['the platform', properties({ platform: 'LANDSAT_8' })],
  ['the instruments', properties({ instruments: ['OLI', 'TIRS'] })],
  ['the constellation', properties({ constellation: 'landsat' })],
  [
    'a time from and to',
    properties({
      datetime: null,
      start_datetime: '2023-07-01T00:00:00Z',
      end_datetime: '2023-07-02T00:00:00Z',
    }),
  ],
  ['the collection', { scene: { collection: null } }],
  ['the link that the result derives from', { scene: { canonical: null } }],
  ['the family of the product', { scene: { product: { ...scene.product, family: 'hls' } } }],
  ['the fill of the product', { scene: { product: { ...scene.product, fill: null } } }],
  ['the saturation of the product', { scene: { product: { ...scene.product, saturates: false } } }],
  ['the scale of red', { radiometry: { red: { scale: 1, offset: -0.2 } } }],
  ['the offset of near infrared', { radiometry: { nir: { scale: 0.0000275, offset: 0 } } }],
  ['the rule that gave the scale', { radiometry: { applied: 'stac' } }],
  ['the reason for it, which is published', { radiometry: { reason: 'The item says so.' } }],
  ['the software', { software: 'greenprint 0.1.1' }],
]

const idle: readonly (readonly [name: string, Changes])[] = [
  ['the address of the item', { request: { item: 'ipfs://other' } }],
  ['the item itself', { request: { item: { type: 'Feature' } } }],
  ['where the item was read', { scene: { href: 'https://elsewhere.example/1' } }],
  ['the order of the outputs', { request: { outputs: ['item', 'figure'] } }],
  ['an output named twice', { request: { outputs: ['figure', 'item', 'figure'] } }],
  ['the box of the scene, which the bands have better', { scene: { bbox: null } }],
  ['the outline of the scene, which the bands have better', { scene: { geometry: null } }],
  ['other properties', properties({ 'eo:cloud_cover': 5, created: '2026-01-01T00:00:00Z' })],
  ['a checksum', { scene: { red: { ...scene.red, checksum: '1220' } } }],
  ['what the item says of the unit', { scene: { red: { ...scene.red, unit: '1' } } }],
  ['a quality band that is not read', { scene: { qaUnavailable: 'none' } }],
  ['warnings', { scene: { warnings: ['odd'] } }],
]

describe('the id changes with', () => {
  for (const [name, changes] of deciding) {
    it(name, () => assert.notEqual(recipe(changes).id, plain.id))
  }

  it('each of these in its own way', () => {
    const ids = deciding.map(([, changes]) => recipe(changes).id)
    assert.equal(new Set([...ids, plain.id]).size, deciding.length + 1)
  })
})

describe('the id does not change with', () => {
  for (const [name, changes] of idle) {
    it(name, () => assert.equal(recipe(changes).id, plain.id))
  }

  it('a search in place of the item', () => {
    const { item: _item, ...rest } = request
    const sought = writeRecipe(
      { ...rest, search: { ids: ['1'] } },
      scene,
      rules,
      'greenprint 0.1.0',
    )
    assert.equal(sought.id, plain.id)
  })

  it('the order and the number of times in which classes of the mask are named', () => {
    const one = recipe({ request: { mask: ['snow', 'cloud'] } })
    const other = recipe({ request: { mask: ['cloud', 'snow', 'cloud'] } })
    assert.equal(one.id, other.id)
    assert.deepEqual(other.request['mask'], ['cloud', 'snow'])
  })
})

describe('the recipe', () => {
  it('of one request is the same for ever', () => {
    assert.equal(plain.id, 'f6af9f5312f8516f310a5f39455bc9409abf9c3bb451a576e3583600d841b82f')
    assert.equal(plain.itemId, 'LC09_L2SP_231062_20230723_20230802_02_T1_ndvi_591773a5')
  })

  it('names the request without what does not change a pixel', () => {
    assert.deepEqual(plain.request, {
      scale: 'auto',
      mask: [],
      max_size: 1024,
      colormap_name: 'rdylgn',
      rescale: [-1, 1],
      outputs: ['figure', 'item'],
    })
    assert.deepEqual(recipe({ request: { bbox: [1, 2, 3, 4] } }).request['bbox'], [1, 2, 3, 4])
  })

  it('names what recomputation needs of each band', () => {
    assert.deepEqual(plain.inputs, {
      scene: {
        id: scene.id,
        gsd: 30,
        datetime: scene.datetime,
        platform: 'LANDSAT_9',
        instruments: ['OLI'],
      },
      radiometry,
      red: { asset: 'red', band: null, cid: RED, path: '', nodata: 0 },
      nir: { asset: 'nir08', band: null, cid: NIR, path: 'B5.TIF', nodata: null },
      product: { family: 'landsat', fill: 0, saturates: true },
    })
  })

  it('writes a nodata that is no number as STAC does', () => {
    const { inputs } = recipe({ scene: { red: { ...scene.red, nodata: Number.NaN } } })
    assert.equal(inputs.red['nodata'], 'nan')
  })

  it('gives the published item the id of its scene and of request and bands alone', () => {
    assert.match(plain.itemId, /^LC09_L2SP_231062_20230723_20230802_02_T1_ndvi_[0-9a-f]{8}$/)
    assert.equal(recipe({ software: 'other' }).itemId, plain.itemId)
    assert.notEqual(recipe({ request: { max_size: 5 } }).itemId, plain.itemId)
    assert.notEqual(recipe({ scene: { red: scene.nir } }).itemId, plain.itemId)
  })
})
