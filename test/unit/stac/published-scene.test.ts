// A scene of a published item, read again for its verification.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { appliedRules } from '../../../lib/model/radiometry.ts'
import { productFamilies } from '../../../lib/model/scene.ts'
import { readPublishedScene } from '../../../lib/stac/published-scene.ts'

const CID = 'bafkreidfqooowuqurjn4fltvwka7s2gtaabgq2c4y3hndsrrmwpmp3wsa4'
const linear = { scale: 0.0001, offset: -0.1 }

function told({ family = 'landsat', applied = 'l2sr', cid = CID } = {}) {
  return {
    inputs: {
      scene: { id: 'scene' },
      product: { family, fill: -9, saturates: false },
      radiometry: { applied, when: 'integers', red: linear, nir: linear, reason: 'as told' },
      red: { asset: 'B04', cid },
      nir: { asset: 'B08', cid },
    },
    where: 'greenprint:inputs',
    mask: [],
    canonical: null,
  }
}

describe('a published scene', () => {
  for (const family of productFamilies) {
    it(`of the family ${family} is of that family`, () => {
      const { product } = readPublishedScene(told({ family })).scene
      assert.deepEqual(product, { family, fill: -9, saturates: false })
    })
  }

  it('of a family that a later version knows is of none', () => {
    assert.equal(readPublishedScene(told({ family: 'venus' })).scene.product.family, 'unknown')
  })

  for (const applied of appliedRules) {
    it(`scaled by the rule ${applied} is scaled by it again`, () => {
      const { radiometry } = readPublishedScene(told({ applied }))
      const scales = { red: linear, nir: linear, reason: 'as told' }
      assert.deepEqual(radiometry, { applied, when: 'integers', ...scales })
    })
  }

  it('scaled by a rule that is not known is refused', () => {
    const refusal = { code: 'item_invalid', message: /applied is no rule that is known here/ }
    assert.throws(() => readPublishedScene(told({ applied: 'magic' })), refusal)
  })

  it('whose band has no CID is refused', () => {
    assert.throws(() => readPublishedScene(told({ cid: 'red.tif' })), { code: 'asset_unusable' })
  })
})
