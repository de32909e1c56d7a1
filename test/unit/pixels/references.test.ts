// Our numbers against rasterio's and numpy's, for every scene and request that make_reference.py wrote down.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isJsonObject, type JsonObject } from '../../../lib/model/json.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { assetsOf, type SceneName, sceneItem, withAssets } from '../../harness/items.ts'
import { assertSameNumbers, computeNumbers } from '../../harness/numbers.ts'
import { type Reference, readReferences } from '../../harness/scenes.ts'

const references = await readReferences()
const byScene = Map.groupBy(references, ({ scene }) => scene)

/** What the scenes' items do not say: the numbers of make_reference.py for the mode "stac". */
const stated: Readonly<Record<string, JsonObject>> = {
  red: { scale: 1e-4, offset: -0.1 },
  nir: { scale: 1.25e-4, offset: 0.05 },
  nir08: { scale: 1.25e-4, offset: 0.05 },
}

function withScale(item: JsonObject): JsonObject {
  const scaled = Object.entries(assetsOf(item)).map(([key, asset]) => {
    const bands = stated[key] === undefined ? {} : { 'raster:bands': [stated[key]] }
    return [key, isJsonObject(asset) ? { ...asset, ...bands } : asset] as const
  })
  return withAssets(item, Object.fromEntries(scaled))
}

const autoRule: Readonly<Record<SceneName, string>> = {
  'l9-c2l2-manaus': 'l2sr',
  'l8-c2l2-brumadinho-before': 'l2sr',
  'l8-c2l2-southaustralia-098084': 'l2sr',
  'l8-l1-elkton-va': 'none',
  'l8-c2l1-corumba-before': 'l1toa',
  's2-l2a-29RKH': 's2',
}

for (const [scene, requests] of byScene) {
  describe(`NDVI of ${scene} equals rasterio's`, async () => {
    const blocks = new MemoryBlocks()
    const plain = await sceneItem(scene, blocks)
    for (const { asked, answer } of requests) {
      it(title(asked), async () => {
        const item = asked.scale === 'stac' ? withScale(plain) : plain
        const { name: _, ...request } = asked
        const { numbers, rules } = await computeNumbers(item, request, blocks)
        assert.equal(
          rules.radiometry.applied,
          asked.scale === 'auto' ? autoRule[scene] : asked.scale,
        )
        assertSameNumbers(numbers, answer)
      })
    }
  })
}

function title({ name, scale, max_size, mask }: Reference['asked']): string {
  const masked = mask === undefined ? '' : `, without ${mask.join(' ')}`
  return `${name}, scale ${scale}, at most ${max_size} px${masked}`
}

describe('the references', () => {
  it('cover every scene, level, mode and class of mask', () => {
    assert.deepEqual([...byScene.keys()].toSorted(), Object.keys(autoRule).toSorted())
    const seen = (pick: (reference: Reference) => unknown) => new Set(references.map(pick))
    assert.deepEqual(
      seen(({ answer }) => answer.level),
      new Set([0, 1, 2, 3]),
    )
    assert.ok(seen(({ answer }) => answer.step).size > 5)
    assert.equal(seen(({ asked }) => asked.scale).size, 5)
    assert.equal(seen(({ asked }) => asked.mask?.join(' ')).size, 1 + 6 + 2)
    const counts = ['valid', 'fill', 'mask', 'denominator', 'clipped'] as const
    for (const count of counts)
      assert.ok(
        references.some(({ answer }) => answer[count] > 0),
        count,
      )
  })

  it('are those that were measured when the rules were written', () => {
    const rows = [
      ['l9-c2l2-manaus', 398266, 2, 15, 0.2788928964999096, 0.5101368084775096],
      ['l8-c2l2-brumadinho-before', 119970, 30, 422, 0.7205692242783587, 0.18312877810674558],
      ['l8-c2l2-southaustralia-098084', 2354, 60, 74, 0.10904284524976678, 0.2326392472324347],
      ['l8-l1-elkton-va', 31434, 0, 0, 0.7128544998543463, 0.14882359476269427],
      ['l8-c2l1-corumba-before', 600967, 0, 0, 0.4674660749054644, 0.07971775872690798],
      ['s2-l2a-29RKH', 1205604, 0, 0, 0.06624805890511427, 0.01092335061978255],
    ] as const
    for (const [scene, ...numbers] of rows) {
      const mode = scene === 'l8-l1-elkton-va' ? 'l1toa' : 'auto'
      const isWhole = ({ asked }: Reference) =>
        asked.name === 'whole' && asked.max_size === 'full' && asked.mask === undefined
      const { valid, denominator, clipped, mean, stddev } =
        byScene.get(scene)?.find((one) => isWhole(one) && one.asked.scale === mode)?.answer ?? {}
      assert.deepEqual([valid, denominator, clipped, mean, stddev], numbers)
    }
  })
})
