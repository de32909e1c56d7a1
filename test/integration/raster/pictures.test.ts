// Pictures of another CRS or size beside those that gdalwarp makes of the published GeoTIFF.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import type { JointReply } from '../../../lib/http/joint-reply.ts'
import type { NdviReply, VerifyReply } from '../../../lib/http/reply.ts'
import { indexPalette } from '../../../lib/image/indexed-palette.ts'
import { getRamp } from '../../../lib/image/ramps.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { startGateway } from '../../harness/gateway.ts'
import { ipfsAsset, sceneItem } from '../../harness/items.ts'
import { Rasterio } from '../../harness/rasterio.ts'
import { PYTHON, type Requirement, skipWithout } from '../../harness/requires.ts'
import { makeSeason } from '../../harness/season.ts'
import { serveStac } from '../../harness/stac-server.ts'
import { json, startSystem } from '../../harness/system.ts'

const gdal: Requirement = {
  commands: ['gdalwarp'],
  pythonModules: ['rasterio'],
  packages: 'gdal-bin python3-rasterio',
}
const script = fileURLToPath(new URL('../../fixtures/picture_reference.py', import.meta.url))

const folder = await mkdtemp(join(tmpdir(), 'greenprint-pictures-'))
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const dates = ['2023-05-02', '2023-06-07', '2023-08-12']
const shifts = { '2023-08-12': [4, -3] } as const
const season = await makeSeason({ side: 180, dates, joined: [], shifts }, blocks, folder)
const api = await serveStac(() => season.items)
const system = await startSystem({ IPFS_GATEWAYS: gateway.url, STAC_API_URL: api })
const manaus = await sceneItem('l9-c2l2-manaus', blocks)
after(async () => {
  await system.close()
  await gateway.close()
  await rm(folder, { recursive: true, force: true })
})

type Drawn = Pick<NdviReply, 'root' | 'assets' | 'layer' | 'grid'>

async function file({ root, assets }: Drawn, key: string): Promise<Uint8Array> {
  const { pathname } = new URL(assets[key]?.href ?? root.href)
  return new Uint8Array(await (await fetch(`${system.base}${pathname}`)).arrayBuffer())
}

/** Scenes in places where maps have an edge. */
async function synthetic(
  rasterio: Rasterio,
  name: string,
  epsg: number,
  transform: readonly number[],
): Promise<JsonObject> {
  const assets: Record<string, JsonObject> = {}
  for (const [seed, band] of ['red', 'nir'].entries()) {
    const path = join(folder, `${name}-${band}.tif`)
    const size = [220, 300] as const
    const made = { epsg, transform, size, overviews: [], nodata: -9999, block: 256 }
    await rasterio.make({ ...made, dtype: 'int16', path, seed: seed + 1 })
    assets[band] = ipfsAsset((await blocks.add(new Uint8Array(await readFile(path)))).toString())
  }
  const properties = { datetime: '2020-01-01T00:00:00Z' }
  const fixed = { type: 'Feature', stac_version: '1.0.0', geometry: null, links: [] }
  return { ...fixed, id: name, properties, assets }
}

const { colours, entries } = indexPalette(getRamp('rdylgn'))

/** Share of pixels that differ from GDAL's. */
async function compare(replies: readonly Drawn[], fields: readonly JsonObject[]) {
  const cases = await Promise.all(
    replies.map(async (reply, at) => {
      const [tif, out] = [join(folder, `${at}.tif`), join(folder, `${at}.bin`)]
      await writeFile(tif, await file(reply, 'cog'))
      const { layer, grid } = reply
      assert.ok(layer !== undefined)
      const crs = layer.crs === grid.crs ? null : layer.crs
      const resampling = fields[at]?.['resampling'] ?? 'nearest'
      return { tif, crs, bounds: layer.bounds, shape: layer.shape, resampling, out }
    }),
  )
  const running = promisify(execFile)(PYTHON, ['-W', 'ignore', '-B', script])
  running.child.stdin?.end(JSON.stringify({ cases }))
  const counts: number[] = JSON.parse((await running).stdout)
  const shares: number[] = []
  for (const [at, reply] of replies.entries()) {
    const { out, shape } = cases[at] ?? assert.fail()
    const { data, info } = await sharp(await file(reply, 'layer'))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    assert.deepEqual([info.height, info.width], shape)
    const expected = await readFile(out)
    const pixels = shape[0] * shape[1]
    let other = 0
    for (let i = 0; i < pixels; i++) {
      const pixel = data.subarray(i * 4, i * 4 + 4)
      const hasValue = expected[pixels + i] === 1
      if (hasValue !== (pixel[3] === 255)) other++
      else if (hasValue && !isNear(pixel, expected[i] ?? 0)) other++
    }
    assert.ok((counts[at] ?? 0) > 0.2 * pixels, `${counts[at]} of ${pixels} px have a value`)
    shares.push(other / pixels)
  }
  return shares
}

/** The colour of an index or of its neighbour: GDAL's GeoTIFF is float32. */
function isNear(pixel: Uint8Array, index: number): boolean {
  return [index, index + 1, index - 1].some((at) => {
    const entry = entries[Math.min(255, Math.max(0, at))] ?? 0
    return [0, 1, 2].every((channel) => pixel[channel] === colours[entry * 3 + channel])
  })
}

describe('a layer of another CRS or size', () => {
  it('is that of gdalwarp -et 0, on the grid that the reply and the item tell', async (t) => {
    if (skipWithout(t, gdal)) return
    const map = { layer_crs: 'EPSG:3857' }
    const rasterio = new Rasterio()
    const taveuni = await synthetic(
      rasterio,
      'taveuni',
      32760,
      [120, 0, 798_000, 0, -120, 8_160_000],
    )
    const degrees = await synthetic(rasterio, 'degrees', 4326, [0.01, 0, 178.7, 0, -0.01, 20])
    const polar = await synthetic(rasterio, 'polar', 3413, [900, 0, -100_000, 0, -900, -420_000])
    await rasterio.close()
    const asked: JsonObject[] = [
      { item: manaus, ...map },
      { item: manaus, ...map, bbox: [-59.93, -3.16, -59.87, -3.1], max_size: 'full' },
      { item: manaus, ...map, resampling: 'bilinear', height: 120 },
      { item: manaus, width: 333, height: 444 },
      { item: manaus, height: 1100, resampling: 'bilinear' },
      { item: taveuni, ...map },
      { item: degrees, ...map, resampling: 'bilinear', width: 250 },
      { item: polar, ...map },
    ]
    const replies: NdviReply[] = []
    for (const body of asked) {
      replies.push(await system.ndvi({ ...body, outputs: ['layer', 'cog', 'item'] }))
    }
    const shares = await compare(replies, asked)
    for (const [at, share] of shares.entries()) {
      const most = asked[at]?.['resampling'] === undefined ? 2e-4 : 5e-3
      const told = `${(share * 100).toFixed(3)} % of ${JSON.stringify(asked[at]).slice(-80)}`
      assert.ok(share <= most, told)
    }
    const [reply = assert.fail()] = replies
    const item = await json<{ assets: Record<string, JsonObject>; properties: JsonObject }>(
      await fetch(`${system.base}/ipfs/${reply.root.cid}/item.json`),
    )
    const { layer: place, grid } = reply
    const { layer, cog } = item.assets
    assert.deepEqual(
      [
        layer?.['proj:code'],
        layer?.['proj:bbox'],
        layer?.['proj:shape'],
        layer?.['proj:transform'],
      ],
      ['EPSG:3857', place?.bounds, place?.shape, place?.transform],
    )
    assert.deepEqual([cog?.['proj:code'], cog?.['proj:shape']], [grid.crs, grid.shape])
    const verified = await fetch(`${system.base}/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ cid: reply.root.cid }),
    })
    assert.equal((await json<{ reproduced: boolean }>(verified)).reproduced, true)
    // Past the antimeridian it goes on.
    assert.ok((replies[5]?.layer?.bbox?.[2] ?? 0) > 180)
  })
})

async function post<Reply>(path: string, body: object): Promise<Reply> {
  const response = await fetch(`${system.base}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(response.status, 200, await response.clone().text())
  return json<Reply>(response)
}

it('a layer of several scenes is that of gdalwarp, too, and comes out again', async (t) => {
  if (skipWithout(t, gdal)) return
  const [before, after] = season.items
  const pair = { before: { item: before }, after: { item: after }, mask: [] }
  const search = { collections: ['landsat-c2l2-sr'], datetime: '2023' }
  const asked = [
    { path: '/change', ...pair, layer_crs: 'EPSG:3857' },
    { path: '/change', ...pair, layer_crs: 'EPSG:3857', resampling: 'bilinear', width: 300 },
    { path: '/composite', search, layer_crs: 'EPSG:3857', max_size: 100 },
    { path: '/composite', search, height: 77, resampling: 'bilinear', mask: [] },
  ] as const
  const replies: JointReply[] = []
  for (const { path, ...body } of asked) {
    const outputs = ['layer', 'cog', 'item']
    const style = { colormap_name: 'rdylgn', rescale: [-1, 1], outputs }
    replies.push(await post(path, { ...body, ...style }))
  }
  for (const [at, share] of (await compare(replies, asked)).entries())
    assert.ok(share <= ('resampling' in asked[at]! ? 5e-3 : 2e-4), `${at}: ${share}`)
  for (const { root, layer } of replies) {
    const item = await json<{ assets: Record<string, JsonObject> }>(
      await fetch(`${system.base}/ipfs/${root.cid}/item.json`),
    )
    const { 'proj:transform': transform, 'proj:shape': shape } = item.assets['layer'] ?? {}
    assert.deepEqual([transform, shape], [layer?.transform.slice(0, 6), layer?.shape])
    assert.equal((await post<VerifyReply>('/verify', { cid: root.cid })).reproduced, true)
  }
})
