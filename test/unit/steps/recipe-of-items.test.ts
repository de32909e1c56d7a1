// Every field of an item that decides a pixel or a place is in the id of its result, and in the published inputs.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import type { NdviRequest } from '../../../lib/model/request.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { readScene } from '../../../lib/stac/scene.ts'
import { chooseRules } from '../../../lib/steps/choose-rules.ts'
import { writeRecipe } from '../../../lib/steps/recipe.ts'
import { plainRequest } from '../../harness/requests.ts'
import { asset, CID_V1, item, NIR_CID, QA_CID, RED_CID } from '../stac/sample-items.ts'

const bitfields = (...offsets: number[]) => ({
  'classification:bitfields': ['fill', 'cloud'].map((name, at) => ({
    name,
    offset: offsets[at] ?? at,
    length: 1,
  })),
})

interface Parts {
  readonly properties?: JsonObject
  readonly red?: JsonObject
  readonly nir?: JsonObject
  readonly qa?: JsonObject
  readonly cids?: Readonly<Partial<Record<'red' | 'nir' | 'qa', string>>>
  readonly asked?: Partial<NdviRequest>
}

function recipeOf({ properties, red, nir, qa, cids, asked }: Parts) {
  const source = item({
    id: 'made-up',
    properties: { datetime: '2023-07-23T14:12:31Z', platform: 'landsat-9', ...properties },
    assets: {
      red: asset(cids?.red ?? RED_CID, {
        'raster:bands': [{ nodata: 0, scale: 1e-4, offset: 0 }],
        ...red,
      }),
      nir08: asset(cids?.nir ?? NIR_CID, {
        'raster:bands': [{ nodata: 0, scale: 1e-4, offset: 0 }],
        ...nir,
      }),
      qa_pixel: asset(cids?.qa ?? QA_CID, { ...bitfields(), ...qa }),
    },
  })
  const request: NdviRequest = { ...plainRequest, mask: ['cloud'], ...asked }
  const scene = readScene(readItem(source, null), request.assets)
  return writeRecipe(request, scene, chooseRules(scene, request), 'greenprint 0.2.0')
}

const raster = (fields: JsonObject) => ({
  'raster:bands': [{ nodata: 0, scale: 1e-4, offset: 0, ...fields }],
})
const several = { 'eo:bands': [{ name: 'a' }, { name: 'b' }] }
const changes: Readonly<Record<string, Parts>> = {
  'the content of red': { cids: { red: CID_V1 } },
  'the content of near infrared': { cids: { nir: CID_V1 } },
  'the content of the quality band': { cids: { qa: CID_V1 } },
  'nodata of red': { red: raster({ nodata: 7 }) },
  'nodata of near infrared': { nir: raster({ nodata: 'nan' }) },
  'nodata of the quality band': { qa: { 'raster:bands': [{ nodata: 255 }] } },
  'the scale': { red: raster({ scale: 2e-4 }) },
  'the offset': { nir: raster({ offset: -0.1 }) },
  'a unit of radiance': { red: raster({ unit: 'W/(m2 sr um)' }) },
  'proj:transform of the item': { properties: { 'proj:transform': [30, 0, 1, 0, -30, 2] } },
  'proj:transform of an asset': { nir: { 'proj:transform': [30, 0, 1, 0, -30, 2] } },
  'proj:shape': { properties: { 'proj:shape': [10, 20] } },
  'proj:code': { properties: { 'proj:code': 'EPSG:32620' } },
  'proj:wkt2': { properties: { 'proj:wkt2': 'PROJCRS["x"]' } },
  'proj:projjson': { properties: { 'proj:projjson': { type: 'ProjectedCRS' } } },
  'the bit of a class': { qa: bitfields(0, 5) },
  'the bit of fill': { qa: bitfields(9, 1) },
  'classes of the quality band': {
    qa: { 'classification:classes': [{ value: 2, name: 'cloud' }] },
  },
  'a band of a file': { red: several, asked: { assets: { red: 'red:1' } } },
  'another band of that file': { red: several, asked: { assets: { red: 'red:b' } } },
  'the sensor': { properties: { instruments: ['oli'] } },
  'the time': { properties: { datetime: '2023-07-24T14:12:31Z' } },
  'the ground sample distance': { properties: { gsd: 30 } },
}

describe('the id of a result changes with', () => {
  const plain = recipeOf({})
  const made = Object.entries(changes).map(([name, parts]) => [name, recipeOf(parts)] as const)
  for (const [name, recipe] of made) {
    it(name, () => {
      assert.notEqual(recipe.id, plain.id)
      assert.notDeepEqual(recipe.inputs, plain.inputs)
    })
  }

  it('each in its own way', () => {
    assert.equal(new Set([plain.id, ...made.map(([, { id }]) => id)]).size, made.length + 1)
  })

  it('none of the ways to write the same', () => {
    const same: Parts[] = [
      { asked: { assets: { red: 'red', nir: 'nir08', qa: 'qa_pixel' } } },
      { properties: { 'eo:cloud_cover': 5, created: '2026-01-01T00:00:00Z' } },
      { red: { 'raster:bands': [{ nodata: '0', scale: 1e-4 }] } },
    ]
    for (const parts of same) assert.equal(recipeOf(parts).id, plain.id)
    const epsg = recipeOf({ properties: { 'proj:epsg': 32620 } }).id
    assert.equal(recipeOf({ properties: { 'proj:code': 'EPSG:32620' } }).id, epsg)
  })
})
