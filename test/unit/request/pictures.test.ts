// What a request may ask of its pictures.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { readNdviBody } from '../../../lib/request/read.ts'
import { readChangeBody } from '../../../lib/request/read-change.ts'
import { readCompositeBody } from '../../../lib/request/read-composite.ts'

const item = 'https://example.com/item.json'
const read = (fields: object) => readNdviBody({ item, ...fields }).request

function faultOf(fields: object, reading: (fields: object) => unknown = read): string {
  try {
    reading(fields)
  } catch (error) {
    assert.ok(error instanceof GreenprintError)
    return error.details.join('; ')
  }
  return ''
}

describe('pictures of a request', () => {
  it('are those of the grid where nothing is said', () => {
    const names = Object.keys(read({}))
    for (const name of ['layer_crs', 'width', 'height', 'resampling'])
      assert.ok(!names.includes(name), name)
  })

  it('of a layer that is named by its CRS alone have that layer', () => {
    assert.deepEqual(read({ layer_crs: 'EPSG:3857' }).outputs, ['figure', 'cog', 'item', 'layer'])
    assert.match(faultOf({ layer_crs: 'EPSG:3857', outputs: ['cog'] }), /layer_crs: name `layer`/)
    assert.match(faultOf({ layer_crs: 'EPSG:32620' }), /layer_crs/)
  })

  it('have a size where there is a picture', () => {
    assert.equal(read({ width: 300, outputs: ['layer'] }).width, 300)
    assert.match(faultOf({ width: 300, outputs: ['cog', 'item'] }), /width and height are of/)
    assert.match(faultOf({ height: 300, outputs: [] }), /width and height are of/)
    for (const width of [0, 4097, 12.5, '300'])
      assert.match(faultOf({ width }), /width: must be a whole number/, String(width))
  })

  it('are resampled where they have pixels of their own', () => {
    assert.equal(read({ height: 10, resampling: 'bilinear' }).resampling, 'bilinear')
    assert.match(faultOf({ resampling: 'bilinear' }), /resampling: without layer_crs/)
    assert.match(faultOf({ width: 10, resampling: 'cubic' }), /resampling/)
  })
})

describe('pictures of a change and of a composite', () => {
  const scene = { item }
  const readings = [
    (fields: object) => readChangeBody({ before: scene, after: scene, ...fields }).request,
    (fields: object) => readCompositeBody({ search: { collections: ['a'] }, ...fields }).request,
  ]

  it('are asked for as those of a scene', () => {
    for (const reading of readings) {
      const { outputs, layer_crs } = reading({ layer_crs: 'EPSG:3857', max_size: 'full' })
      assert.deepEqual([outputs, layer_crs], [['figure', 'item', 'layer'], 'EPSG:3857'])
      assert.ok(!('width' in reading({})))
      assert.match(faultOf({ resampling: 'bilinear' }, reading), /resampling: without layer_crs/)
      assert.match(faultOf({ width: 9, outputs: ['item'] }, reading), /width and height are of/)
    }
  })
})
