// Synthetic scenes of every dialect over the API: which rule fired, what was masked, and every pixel counted once.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, describe, it } from 'node:test'
import sharp from 'sharp'
import type { MaskClass } from '../../../lib/model/request.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { dialectItem, dialects } from '../../harness/dialects.ts'
import { startGateway } from '../../harness/gateway.ts'
import { sceneItem } from '../../harness/items.ts'
import { assertSameNumbers, computeNumbers, type Numbers } from '../../harness/numbers.ts'
import { startSystem } from '../../harness/system.ts'

interface Expected {
  readonly scene: string
  readonly mask: readonly MaskClass[]
  readonly answer: Numbers
}

const expected: readonly Expected[] = JSON.parse(
  await readFile(new URL('../../fixtures/synthetic/expected.json', import.meta.url), 'utf8'),
)
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const system = await startSystem({ IPFS_GATEWAYS: gateway.url })
after(async () => {
  await system.close()
  await gateway.close()
})

/** Classes that a product's quality band does not have. HLS and GA have no number for saturation either. */
const untold: Readonly<Record<string, readonly string[]>> = {
  s2: ['dilated_cloud'],
  stac: ['dilated_cloud'],
  ga: ['dilated_cloud', 'cirrus'],
}

describe('a synthetic scene', () => {
  for (const { scene, mask, answer } of expected) {
    const rule = dialects[scene]?.rule
    it(`of ${scene}, without ${mask.join(' ') || 'a mask'}, is read by rule ${rule}`, async () => {
      const item = await dialectItem(scene, blocks)
      const { numbers } = await computeNumbers(item, { mask }, blocks)
      assertSameNumbers(numbers, answer)

      const reply = await system.ndvi({ item, mask, max_size: 'full' })
      assert.equal(reply.radiometry.applied, rule)
      const { statistics } = reply
      const { fill, saturation, mask: masked, denominator } = answer
      assert.deepEqual(statistics.invalid, { fill, saturation, mask: masked, denominator })
      const set = fill + saturation + masked + denominator
      assert.deepEqual([statistics.total_count, statistics.valid_count], [24 * 24, 24 * 24 - set])
      const found = mask.filter((name) => !untold[rule ?? '']?.includes(name))
      const saturates = rule !== 'hls' && rule !== 'ga'
      assert.deepEqual(reply.mask, ['fill', ...(saturates ? ['saturation'] : []), ...found])
      const warned = reply.warnings.some((line) => line.includes('does not tell dilated_cloud'))
      assert.equal(warned, found.length < mask.length)
    })
  }
})

const HLS = 'HLS S30'
const COLLAR = [136.23218, -33.76495, 136.43047, -33.60237]
const far = {
  type: 'Polygon',
  coordinates: [
    [
      [10, 45],
      [11, 45],
      [11, 46],
      [10, 46],
      [10, 45],
    ],
  ],
}

describe('an area', () => {
  it('outside of the scene is refused with the scene’s bounds, as a box and as a polygon', async () => {
    const item = await dialectItem(HLS, blocks)
    for (const [name, area] of [
      ['bbox', { bbox: [10, 45, 11, 46] }],
      ['geometry', { geometry: far }],
      ['bbox', { bbox: [-62, -3.7, -61.9, -3.6] }],
    ] as const) {
      const problem = await system.refused({ item, ...area })
      assert.deepEqual([problem.status, problem.code], [422, 'outside_scene'])
      assert.match(problem.detail, new RegExp(`The ${name}.* does not touch the scene`))
      assert.match(
        problem.detail,
        /covers \[-62\.0996, -3\.6249, -62\.0931, -3\.6184\] \(west, south, east, north\)/,
      )
    }
  })

  it('that holds no pixel’s centre is answered: numbers null, counts 0, and a warning', async () => {
    const item = await dialectItem(HLS, blocks)
    const [lon, lat] = [-62.0961, -3.6213]
    const ring = [
      [lon, lat],
      [lon + 1e-6, lat],
      [lon, lat + 1e-6],
      [lon, lat],
    ]
    const reply = await system.ndvi({ item, geometry: { type: 'Polygon', coordinates: [ring] } })
    const { statistics, warnings, grid } = reply
    assert.deepEqual(grid.shape, [1, 1])
    assert.deepEqual(
      [statistics.total_count, statistics.valid_count, statistics.valid_percent],
      [0, 0, 0],
    )
    assert.deepEqual(
      [statistics.mean, statistics.stddev, statistics.percentiles['50']],
      [null, null, null],
    )
    assert.ok(warnings.some((line) => line.includes('contains no pixel centre')))
  })
})

it('red and near infrared that are one band of one file, by two names, are refused', async () => {
  const item = await sceneItem('l9-c2l2-manaus', blocks)
  // That `red` has one band alone is what its file tells.
  for (const assets of [
    { red: 'red', nir: 'red:1' },
    { red: 'red:1', nir: 'red' },
  ]) {
    const problem = await system.refused({ item, assets })
    assert.deepEqual([problem.status, problem.code], [422, 'asset_unusable'])
    assert.match(problem.detail, /name the same band of the same content/)
  }
})

describe('a scene without a valid pixel', () => {
  it('is an answer: numbers null, counts, a figure that says so, an item', async () => {
    const item = await sceneItem('l8-c2l2-southaustralia-098084', blocks)
    // The corner of the collar around the scene.
    const reply = await system.ndvi({ item, bbox: COLLAR })
    const { statistics } = reply
    const pixels = statistics.total_count
    assert.ok(pixels >= 16)
    assert.equal(statistics.valid_count, 0)
    assert.deepEqual(statistics.invalid, { fill: pixels, saturation: 0, mask: 0, denominator: 0 })
    assert.deepEqual(
      [statistics.mean, statistics.minimum, statistics.maximum, statistics.percentiles['50']],
      [null, null, null, null],
    )
    assert.deepEqual(statistics.histogram.counts, Array(40).fill(0))
    const { figure, item: published } = reply.assets
    assert.ok(figure && published)
    const described = await fetch(`${system.base}/ipfs/${published.cid}`)
    assert.doesNotMatch(await described.text(), /NaN|Infinity/)
    const image = await fetch(`${system.base}/ipfs/${figure.cid}`)
    const { data, info } = await sharp(await image.arrayBuffer())
      .raw()
      .toBuffer({ resolveWithObject: true })
    // #bdbdbd: the picture and its swatch, and no colour of the map in between.
    const middle =
      (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * info.channels
    assert.deepEqual([...data.subarray(middle, middle + 3)], [0xbd, 0xbd, 0xbd])
  })
})
