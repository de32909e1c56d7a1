// What the files, the item and the product say together of a band's numbers, and what the reply lists as set aside.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { dialectItem } from '../../harness/dialects.ts'
import { assetsOf, ipfsAsset, sceneItem, withAssets } from '../../harness/items.ts'
import { type Asked, computeNumbers } from '../../harness/numbers.ts'
import { tiffOfCode } from '../../harness/tiff-of-code.ts'

const blocks = new MemoryBlocks()
const rulesOf = async (item: JsonObject, asked: Asked = {}) => {
  const { applied } = await computeNumbers(item, { max_size: 8, ...asked }, blocks)
  return { ...applied.pixels, listed: applied.mask }
}

describe('the fill of a band', () => {
  it('is what the file, the item and the product say, each once', async () => {
    const plain = await sceneItem('l9-c2l2-manaus', blocks)
    assert.deepEqual((await rulesOf(plain)).red.fill, [0])
    const red = { ...Object(assetsOf(plain)['red']), 'raster:bands': [{ nodata: 7 }] }
    const { red: stated, nir } = await rulesOf(withAssets(plain, { red }))
    assert.deepEqual([stated.fill, nir.fill], [[0, 7], [0]])
  })

  it('of HLS is -9999', async () => {
    assert.deepEqual((await rulesOf(await dialectItem('HLS S30', blocks))).nir.fill, [-9999])
  })
})

describe('the scale that a file names', () => {
  const scaled = async (metadata: string, scale: JsonObject | null) => {
    const bytes = tiffOfCode({
      code: 32631,
      isGeographic: false,
      transform: [10, 0, 500_000, 0, -10, 5_400_000],
      rows: 4,
      cols: 4,
      value: (row, col) => 3000 + row + col,
      metadata,
    })
    const [red, nir] = [await blocks.add(bytes), await blocks.add(bytes, 'unixfs-v1-2025')]
    const own = scale === null ? {} : { 'raster:bands': [scale] }
    const assets = {
      red: { ...ipfsAsset(red.toString()), ...own },
      nir: { ...ipfsAsset(nir.toString()), ...own },
    }
    const item = { type: 'Feature', id: 'scaled', properties: {}, assets }
    return (await computeNumbers(item, { max_size: 8 }, blocks)).applied.warnings
  }
  // As GDAL writes them: the first band of two, and of the file's other words some.
  const tags =
    '<Item name="OFFSET" sample="0" role="offset">-0.10000000000000001</Item>' +
    '<Item name="SCALE" sample="0" role="scale">0.0001</Item><Item name="SCALE">7</Item>' +
    '<Item name="SCALE" sample="1" role="scale">3</Item>'

  it('is told where another one is applied', async () => {
    const [first, second, ...more] = await scaled(tags, null)
    assert.match(
      first ?? '',
      /"red": its file names the scale 0\.0001 and offset -0\.1, and 1 and off/,
    )
    assert.deepEqual([second?.slice(0, 12), more], ['asset "nir":', []])
    assert.equal((await scaled(tags, { scale: 1e-4, offset: 0 })).length, 2)
  })

  it('is no news where it is the one that is applied, or none', async () => {
    assert.deepEqual(await scaled(tags, { scale: 1e-4, offset: -0.1 }), [])
    const none = '<Item name="SCALE" sample="0" role="scale">1</Item>'
    assert.deepEqual(await scaled(none, null), [])
    assert.deepEqual(await scaled('<Item name="AREA">x</Item>', null), [])
  })
})

describe('saturation', () => {
  it('is 65535 in bands of Landsat and Sentinel-2', async () => {
    for (const name of ['Landsat without bitfields', 'sentinel-2 baseline 05.09']) {
      const { red, nir, listed } = await rulesOf(await dialectItem(name, blocks))
      assert.deepEqual(
        [red.saturation, nir.saturation, listed],
        [65535, 65535, ['fill', 'saturation']],
      )
    }
  })

  it('is no number of a product that is not known, nor of HLS', async () => {
    for (const item of [
      await sceneItem('l8-l1-elkton-va', blocks),
      await dialectItem('HLS L30', blocks),
    ]) {
      const { red, nir, listed } = await rulesOf(item)
      assert.deepEqual([red.saturation, nir.saturation, listed], [null, null, ['fill']])
    }
  })
})

describe('the smallest sum that divides', async () => {
  const item = await sceneItem('l8-c2l2-brumadinho-before', blocks)

  it('is a millionth of reflectance', async () => {
    for (const scale of ['auto', 'l2sr', 'l1toa'] as const) {
      assert.equal((await rulesOf(item, { scale })).minimumDenominator, 1e-6)
    }
  })

  it('is anything above zero of raw numbers', async () => {
    assert.equal((await rulesOf(item, { scale: 'none' })).minimumDenominator, Number.MIN_VALUE)
  })
})

describe('the reply lists as set aside', () => {
  it('the classes that were found, after fill and saturation', async () => {
    const item = await dialectItem('sentinel-2 baseline 05.09', blocks)
    const { listed } = await rulesOf(item, { mask: ['dilated_cloud', 'cloud', 'water'] })
    assert.deepEqual(listed, ['fill', 'saturation', 'cloud', 'water'])
  })
})

describe('Collection 1', () => {
  it('cannot be masked, however it is asked', async () => {
    const item = await sceneItem('l8-l1-elkton-va', blocks)
    await assert.rejects(rulesOf(item, { mask: ['cloud'] }), {
      code: 'mask_unavailable',
      message: /of Landsat Collection 1, whose bits mean other things/,
    })
  })
})
