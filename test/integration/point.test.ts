// One place of a scene over the API: its value, the numbers it is made of, and the blocks that prove them.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, describe, it } from 'node:test'
import type { Problem } from '../../lib/http/problem.ts'
import { parseCid } from '../../lib/ipld/cid.ts'
import type { PointResult } from '../../lib/model/point.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { ipfsAsset, sceneItem, withAssets } from '../harness/items.ts'
import { json, startSystem } from '../harness/system.ts'
import { tiffOfCode } from '../harness/tiff-of-code.ts'

const blocks = new MemoryBlocks()
const item = await sceneItem('l9-c2l2-manaus', blocks)
const masked = await sceneItem('l8-c2l2-southaustralia-098084', blocks)
const gateway = await startGateway(blocks)
const system = await startSystem({ IPFS_GATEWAYS: gateway.url })
after(async () => {
  await system.close()
  await gateway.close()
})

async function ask(fields: Readonly<Record<string, unknown>>, headers = {}): Promise<Response> {
  const texts = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  const query = new URLSearchParams(Object.fromEntries(texts))
  return fetch(`${system.base}/point?${query.toString()}`, { headers })
}

async function pointAt(fields: Readonly<Record<string, unknown>>): Promise<PointResult> {
  const response = await ask(fields)
  assert.equal(response.status, 200, response.status === 200 ? '' : await response.text())
  return json<PointResult>(response)
}

const refusal = async (fields: Readonly<Record<string, unknown>>) =>
  json<Problem>(await ask(fields))

describe('a point', () => {
  it('has the numbers that rasterio reads there, and the NDVI of them', async () => {
    const { value, reason, pixel, bands, scene, trust } = await pointAt({
      item,
      lon: -59.9,
      lat: -3.12,
    })
    // rasterio.open(…).sample at this place of the fixture.
    assert.deepEqual([bands['red']?.raw, bands['nir']?.raw], [7648, 7576])
    const [red, nir] = [7648 * 2.75e-5 - 0.2, 7576 * 2.75e-5 - 0.2]
    assert.deepEqual([bands['red']?.reflectance, bands['nir']?.reflectance], [red, nir])
    assert.equal(value, (nir - red) / (nir + red))
    assert.deepEqual([reason, scene, trust], [null, item['id'], 'cid'])
    // Within half a pixel of 30 m.
    assert.ok(Math.abs(pixel.lon + 59.9) < 0.000_14 && Math.abs(pixel.lat + 3.12) < 0.000_14)
  })

  it('names the blocks that hold it: the very bytes of the file', async () => {
    const { bands } = await pointAt({ item, lon: -59.9, lat: -3.12 })
    for (const name of ['red', 'nir'] as const) {
      const { leaves = [], cid } = bands[name] ?? {}
      assert.ok(leaves.length >= 1 && leaves.length <= 2, name)
      const file = name === 'red' ? 'red' : 'nir08'
      const path = new URL(`../fixtures/scenes/l9-c2l2-manaus/${file}.tif`, import.meta.url)
      const whole = await readFile(path)
      for (const leaf of leaves) {
        const bytes = blocks.get(parseCid(leaf))
        assert.ok(bytes !== null, `${leaf} of ${String(cid)}`)
        // A leaf of dag-pb has some bytes of its own around those of the file.
        assert.ok(whole.includes(Buffer.from(bytes.subarray(32, -32))), leaf)
      }
    }
  })

  it('says why it has no value', async () => {
    // The corner of this crop is fill; its clouds are known by the quality band.
    const all = { item: masked, mask: 'clouds' }
    const reasons = new Set<string | null>()
    for (let at = 0; at < 60; at++) {
      const lon = 136.3 + (at % 10) * 0.25
      const lat = -35.5 + Math.floor(at / 10) * 0.3
      const { value, reason, bands } = await pointAt({ ...all, lon, lat })
      reasons.add(reason)
      assert.equal(value === null, reason !== null)
      if (reason === 'mask') assert.ok(Number.isInteger(bands['qa']?.raw))
    }
    assert.ok(reasons.has('fill') && reasons.has(null) && reasons.has('mask'), [...reasons].join())
  })

  it('of a published result is the value in its GeoTIFF', async () => {
    const { root } = await system.ndvi({ item, outputs: ['cog'], max_size: 'full' })
    const place = { lon: -59.9, lat: -3.12 }
    const { value, bands, scene } = await pointAt({ root: root.cid, ...place })
    const direct = await pointAt({ item, ...place })
    assert.equal(value, Math.fround(direct.value ?? Number.NaN))
    assert.equal(scene, null)
    // Of 1 MiB each: a tile of 512 x 512 lies on one or two.
    assert.ok([1, 2].includes(bands['ndvi']?.leaves.length ?? 0))
    const foreign = { 'sec-fetch-site': 'cross-site' }
    assert.equal((await ask({ root: root.cid, ...place }, foreign)).status, 200)
    assert.equal((await ask({ item, ...place }, foreign)).status, 403)
  })

  it('on the last meridian of a raster around the globe is on its first', async () => {
    for (const west of [-180, 0]) {
      const bytes = tiffOfCode({
        code: 4326,
        isGeographic: true,
        transform: [10, 0, west, 0, -10, 90],
        rows: 18,
        cols: 36,
        value: (row, col) => 1000 + row * 36 + col,
      })
      const [red, nir] = [await blocks.add(bytes), await blocks.add(bytes, 'unixfs-v1-2025')]
      const globe = {
        type: 'Feature',
        id: `globe from ${west}`,
        properties: {},
        assets: { red: ipfsAsset(red.toString()), nir: ipfsAsset(nir.toString()) },
      }
      // Longitude, and the column that holds it.
      for (const [lon, first] of [
        [west, 0],
        [west + 360, 0],
        [west + 180, 18],
        [west + 359, 35],
      ] as const) {
        const { pixel } = await pointAt({ item: globe, lon, lat: 1 })
        assert.deepEqual([pixel.row, pixel.col], [8, first], `${lon} from ${west}`)
      }
    }
  })

  it('is refused outside of the scene, off the globe, and where nobody knows the CIDs', async () => {
    const outside = await refusal({ item, lon: 10, lat: 50 })
    assert.deepEqual([outside.status, outside.code], [422, 'outside_scene'])
    assert.match(outside.detail, /10, 50.*-60\.0091, -3\.2077/)
    assert.equal((await refusal({ item, lon: -59.9, lat: 91 })).code, 'invalid_request')
    assert.equal((await refusal({ item, lon: -59.9 })).code, 'invalid_request')
    assert.equal((await refusal({ item, lon: -59.9, lat: -3.12, bbox: '1,2,3,4' })).status, 400)
    const plain = withAssets(item, { red: { href: 'https://example.com/red.tif' } })
    const unknown = await refusal({ item: plain, lon: -59.9, lat: -3.12 })
    assert.deepEqual([unknown.status, unknown.code], [409, 'fingerprint_needed'])
  })
})
