// Every file of a result over the API: the figure, the layer, the numbers, and the item that tells what each of them
// is.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { after, describe, it } from 'node:test'
import sharp from 'sharp'
import { readSamples } from '../../lib/cog/rows.ts'
import type { NdviReply } from '../../lib/http/reply.ts'
import { parseCid } from '../../lib/ipld/cid.ts'
import { isJsonObject, type JsonObject } from '../../lib/model/json.ts'
import { readNdviBody } from '../../lib/request/read.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { sceneItem } from '../harness/items.ts'
import { cogOf, readReferences } from '../harness/scenes.ts'
import { json, startSystem } from '../harness/system.ts'
import { assertStacItem } from '../unit/products/stac-rules.ts'

const signal = new AbortController().signal
const SCENE = 'l9-c2l2-manaus'
const blocks = new MemoryBlocks()
const item = await sceneItem(SCENE, blocks)
const gateway = await startGateway(blocks)
const local = await startSystem({ IPFS_GATEWAYS: gateway.url })
after(async () => {
  await local.close()
  await gateway.close()
})

const all = { item, outputs: ['figure', 'layer', 'cog', 'item'] }
const reply = await local.ndvi(all)

async function fileOf({ root, assets }: NdviReply, key: string): Promise<Uint8Array<ArrayBuffer>> {
  const { pathname } = new URL(assets[key]?.href ?? root.href)
  return new Uint8Array(await (await fetch(`${local.base}${pathname}`)).arrayBuffer())
}

async function itemOf({ root }: NdviReply): Promise<JsonObject> {
  return json<JsonObject>(await fetch(`${local.base}/ipfs/${root.cid}/item.json`))
}

function assetOf(described: JsonObject, key: string): JsonObject {
  const { assets } = described
  const asset = isJsonObject(assets) ? assets[key] : undefined
  assert.ok(isJsonObject(asset), key)
  return asset
}

describe('all outputs of a scene', () => {
  it('are assets by what they are, each with its own CID', async () => {
    assert.deepEqual(Object.keys(reply.assets).toSorted(), [
      'cog',
      'figure',
      'item',
      'layer',
      'request',
    ])
    for (const [key, { cid, size, type }] of Object.entries(reply.assets)) {
      const file = await fileOf(reply, key)
      assert.equal(file.length, size)
      assert.match(type, /^(image|application)\//)
      if (size > 1024 * 1024) continue
      const digest = createHash('sha256').update(file).digest()
      assert.ok(digest.equals(parseCid(cid).multihash.digest), key)
    }
  })

  it('are the same when they are made again', async () => {
    const again = await local.ndvi(all, { 'cache-control': 'no-cache' })
    assert.equal(again.cached, false)
    assert.deepEqual([again.root, again.assets], [reply.root, reply.assets])
  })

  it('have a GeoTIFF whose pixels are rasterio’s', async () => {
    const references = await readReferences()
    const reference = references.find(
      ({ scene, asked }) => scene === SCENE && asked.name === 'whole' && asked.scale === 'l2sr',
    )
    const cog = await cogOf(await fileOf(reply, 'cog'))
    const [full] = cog.levels
    const [rows, cols] = [full.height, full.width].map((length) =>
      Int32Array.from({ length }, (_, at) => at),
    )
    const pixels = await readSamples(full, rows!, cols!, signal)
    assert.equal(createHash('sha256').update(pixels).digest('hex'), reference?.answer.sha256)
    assert.deepEqual([cog.crs, full.transform], [reply.grid.crs, reply.grid.transform])
    assert.deepEqual([full.height, full.width], reply.grid.shape)
  })

  it('have a layer of the whole grid, transparent where there is no value', async () => {
    const png = await fileOf(reply, 'layer')
    const { data, info } = await sharp(png)
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    assert.deepEqual([info.height, info.width], reply.grid.shape)
    const transparent = data.filter((byte, at) => at % 4 === 3 && byte === 0).length
    const { total_count, valid_count } = reply.statistics
    assert.equal(transparent, total_count - valid_count)
  })

  it('are told in an item that keeps the rules of STAC', async () => {
    const described = await itemOf(reply)
    assertStacItem(described)
    const { properties } = described
    assert.ok(isJsonObject(properties))
    assert.deepEqual(properties['renders'], {
      ndvi: { title: 'NDVI', assets: ['cog'], rescale: [[-1, 1]], colormap_name: 'rdylgn' },
    })
    for (const key of ['figure', 'layer', 'cog']) {
      const asset = assetOf(described, key)
      const file = await fileOf(reply, key)
      const digest = createHash('sha256').update(file).digest('hex')
      assert.equal(asset['file:checksum'], `1220${digest}`)
      assert.equal(asset['file:size'], file.length)
      assert.equal(asset.type, reply.assets[key]?.type)
      assert.deepEqual(asset.alternate, {
        IPFS: { href: reply.assets[key]?.ipfs, 'alternate:name': 'IPFS' },
      })
      assert.equal(asset.bands !== undefined, key === 'cog')
    }
  })
})

it('the layer alone carries the statistics, and cannot be rendered', async () => {
  const described = await itemOf(await local.ndvi({ item, outputs: ['layer', 'item'] }))
  assertStacItem(described)
  assert.ok(Array.isArray(assetOf(described, 'layer').bands))
  assert.ok(isJsonObject(described.properties))
  assert.equal(described.properties['renders'], undefined)
})

it('an area without any valid pixel has every output, and all of them say so', async () => {
  // Smaller than a pixel, and away from the middle of one.
  const ring = [
    [-59.9, -3.1],
    [-59.89999, -3.1],
    [-59.9, -3.09999],
    [-59.9, -3.1],
  ]
  const nothing = await local.ndvi({ ...all, geometry: { type: 'Polygon', coordinates: [ring] } })
  assert.equal(nothing.statistics.valid_count, 0)
  assert.equal(nothing.statistics.mean, null)
  const [full, ...overviews] = (await cogOf(await fileOf(nothing, 'cog'))).levels
  assert.deepEqual([[full.height, full.width], overviews], [nothing.grid.shape, []])
  const every = (length: number) => Int32Array.from({ length }, (_, at) => at)
  const pixels = await readSamples(full, every(full.height), every(full.width), signal)
  assert.ok(pixels.every(Number.isNaN))
  const { isOpaque, channels } = await sharp(await fileOf(nothing, 'layer')).stats()
  assert.deepEqual([isOpaque, channels.at(-1)?.max], [false, 0])
  assertStacItem(await itemOf(nothing))
})

describe('no outputs', () => {
  it('are the numbers alone: those of the same request with outputs, of which nothing is kept', async () => {
    const system = await startSystem({ IPFS_GATEWAYS: gateway.url })
    try {
      const { base, dataDir, ndvi, refused } = system
      const filesOf = async () =>
        (await readdir(dataDir, { recursive: true })).filter((name) =>
          /results|bafybei|bafkrei/.test(name),
        )
      const request = { item, bbox: [-59.93, -3.16, -59.87, -3.1] }
      const numbers: object = await ndvi({ ...request, outputs: [] })
      assert.deepEqual(await filesOf(), [])
      assert.ok(!('root' in numbers) && !('assets' in numbers) && !('publications' in numbers))
      const { statistics, grid, area, mask } = await ndvi({ ...request, outputs: ['figure'] })
      const {
        statistics: alone,
        grid: same,
        area: where,
        mask: set,
      } = Object.assign({ statistics: null, grid: null, area: null, mask: null }, numbers)
      assert.deepEqual([alone, same, where, set], [statistics, grid, area, mask])
      const query = new URLSearchParams({ item: JSON.stringify(item), outputs: '' })
      assert.equal((await fetch(`${base}/ndvi?${query.toString()}`)).status, 200)
      // They are no job, and nothing that could be published.
      const asJob = await system.post({ ...request, outputs: [] }, { prefer: 'respond-async' })
      assert.equal(asJob.status, 200)
      const pinned = await refused({ ...request, outputs: [], pin: true })
      assert.equal(pinned.code, 'invalid_request')
      assert.throws(() => readNdviBody({ item, outputs: [] }), /name an output/)
    } finally {
      await system.close()
    }
  })
})
