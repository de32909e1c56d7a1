// examples/recompute.py beside published items: what a stranger with rasterio computes from the item and the files is
// what was published, pixel for pixel; and what was changed is named.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '../../lib/model/json.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { type CopyHost, startCopyHost } from '../harness/copy-host.ts'
import { startGateway, type TestGateway } from '../harness/gateway.ts'
import { ipfsAsset, sceneItem } from '../harness/items.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { namedFiles, type Recomputation, Recomputing } from '../harness/recompute.ts'
import { skipWithout } from '../harness/requires.ts'
import { sceneFile } from '../harness/scenes.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'
import { tiffOfCode } from '../harness/tiff-of-code.ts'

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url))
const manaus = { red: 'scenes/l9-c2l2-manaus/red.tif', nir: 'scenes/l9-c2l2-manaus/nir08.tif' }
const sentinel = { red: 'scenes/s2-l2a-29RKH/red.tif', nir: 'scenes/s2-l2a-29RKH/nir08.tif' }
const australia = {
  red: 'scenes/l8-c2l2-southaustralia-098084/red.tif',
  nir: 'scenes/l8-c2l2-southaustralia-098084/nir08.tif',
  qa: 'scenes/l8-c2l2-southaustralia-098084/qa_pixel.tif',
}
type Files = Readonly<Record<string, string>>

const blocks = new MemoryBlocks()
const python = new Recomputing()
let gateway: TestGateway
let host: CopyHost
let system: TestSystem
let folder: string
before(async () => {
  gateway = await startGateway(blocks)
  host = await startCopyHost()
  system = await startSystem({ IPFS_GATEWAYS: gateway.url })
  folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
})
after(async () => {
  await python.close()
  await system.close()
  await host.close()
  await gateway.close()
  await rm(folder, { recursive: true })
})

async function publishedItem(request: object): Promise<JsonObject> {
  const { root } = await system.ndvi({ pin: false, ...request })
  return json<JsonObject>(await fetch(`${system.base}/ipfs/${root.cid}/item.json`))
}

async function recompute(item: JsonObject, files: Files): Promise<Recomputation> {
  const path = join(folder, 'item.json')
  await writeFile(path, JSON.stringify(item))
  const paths = Object.entries(files).map(
    ([name, file]) => [name, resolve(fixtures, file)] as const,
  )
  return python.run('recompute', [path, ...namedFiles(Object.fromEntries(paths))])
}

async function isReproduced(t: TestContext, request: object, files: Files): Promise<JsonObject> {
  if (skipWithout(t, rasterioRequirement)) return {}
  const item = await publishedItem(request)
  const { status, differs } = await recompute(item, files)
  assert.deepEqual([status, differs], [0, []])
  return item
}

/** An item of two fixture files that are red and near infrared of nothing known. */
async function itemOf(files: Files): Promise<JsonObject> {
  const assets: Record<string, JsonObject> = {}
  for (const [key, file] of Object.entries(files)) {
    const cid = await blocks.add(new Uint8Array(await readFile(resolve(fixtures, file))))
    assets[key] = ipfsAsset(cid.toString())
  }
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: 'made-up',
    geometry: null,
    properties: { datetime: '2020-01-01T00:00:00Z' },
    assets,
    links: [],
  }
}

const triangle = (west: number, south: number, size: number): JsonObject => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + size, south + size / 3],
      [west + size / 4, south + size],
      [west, south],
    ],
  ],
})

describe('examples/recompute.py', () => {
  it('gets the pixels and the numbers of the sample, of whichever outputs', async (t) => {
    for (const outputs of [['figure', 'item'], ['item']]) {
      await isReproduced(t, { item: await sampleItem(), outputs }, manaus)
    }
  })

  it('gets those of a scene that was fingerprinted', async (t) => {
    host.put('B04.tif', await sceneFile('s2-l2a-29RKH', 'red'))
    host.put('B08.tif', await sceneFile('s2-l2a-29RKH', 'nir08'))
    const item = {
      ...(await itemOf({})),
      id: 'S2A_29RKH_20200219_0_L2A',
      properties: { datetime: '2020-02-19T11:00:00Z', 's2:processing_baseline': '02.14' },
      assets: {
        red: { href: `${host.url}/B04.tif` },
        nir: { href: `${host.url}/B08.tif` },
      },
    }
    await isReproduced(t, { item, outputs: ['item'] }, sentinel)
  })

  it('gets those of a Sentinel-2 scene with an offset, at full resolution', async (t) => {
    const item = {
      ...(await sceneItem('s2-l2a-29RKH', blocks)),
      properties: { datetime: '2023-02-19T11:00:00Z', 's2:processing_baseline': '05.09' },
    }
    const request = { item, max_size: 'full', outputs: ['item'] }
    const published = await isReproduced(t, request, sentinel)
    if (published['properties'] === undefined) return
    assert.equal(Object(published['properties'])['greenprint:rules'].red.offset, -0.1)
  })

  it('gets those of rows from south to north, and of both sides of a map’s edge', async (t) => {
    const places = [
      { code: 32631, transform: [10, 0, 500_000, 0, 10, 5_400_000] },
      { code: 3857, transform: [30, 0, 20_037_508 - 900, 0, -30, 3_000_000] },
    ] as const
    const areas = [triangle(3.001, 48.752, 0.004), triangle(179.993, 25.99, 0.014)]
    for (const [at, place] of places.entries()) {
      const files: Record<string, string> = {}
      for (const [band, low] of [
        ['red', 500],
        ['nir', 1500],
      ] as const) {
        const value = (row: number, col: number) => low + ((row * 131 + col * 17) % 977)
        const grid = { ...place, isGeographic: false, rows: 60, cols: 60 }
        files[band] = join(folder, `${place.code}-${band}.tif`)
        await writeFile(files[band], tiffOfCode({ ...grid, value }))
      }
      const item = await itemOf(files)
      const request = { item, geometry: areas[at], scale: 'none', max_size: 'full' }
      await isReproduced(t, { ...request, outputs: ['item'] }, files)
    }
  })

  it('gets those inside a polygon with the clouds masked', async (t) => {
    const item = await sceneItem('l8-c2l2-southaustralia-098084', blocks)
    const whole = await system.ndvi({ item, outputs: ['item'], pin: false })
    const area = await json<JsonObject>(
      await fetch(`${system.base}/ipfs/${whole.root.cid}/item.json`),
    )
    const [west = 0, south = 0, east = 0, north = 0] = Object(area['bbox'])
    const size = Math.min(east - west, north - south)
    const geometry = triangle(west + size / 8, south + size / 8, (size * 3) / 4)
    const request = { item, geometry, mask: ['clouds', 'water'], outputs: ['item'] }
    const published = await isReproduced(t, request, australia)
    if (published['properties'] === undefined) return
    const { invalid } = Object(published['properties'])['greenprint:area'].statistics
    assert.ok(invalid.mask > 0 && invalid.fill > 0, JSON.stringify(invalid))
  })

  it('gets those of a box, of an overview, and of every nth pixel', async (t) => {
    const item = await sampleItem()
    const bbox = [-59.93, -3.16, -59.87, -3.1]
    await isReproduced(t, { item, bbox, outputs: ['item'] }, manaus)
    await isReproduced(t, { item, max_size: 300, outputs: ['item'] }, manaus)
    await isReproduced(t, { item, max_size: 41, outputs: ['item'], scale: 'none' }, manaus)
  })

  it('gets those of files with masks of their own, of floats, and of one band of several', async (t) => {
    const of = (name: string) => `tiffs/${name}.tif`
    const cases: readonly (readonly [red: string, nir: string, request?: object])[] = [
      ['overviews-and-mask', 'alpha-and-mask'],
      ['overviews-and-mask', 'alpha', { max_size: 30 }],
      ['float32-predictor3', 'float32-predictor2'],
      ['big-endian-float64', 'int16', { max_size: 17 }],
      ['band-2-of-3', 'band-3-of-3-separate', { assets: { red: 'red:2', nir: 'nir:3' } }],
    ]
    for (const [one, other, request = {}] of cases) {
      const files = { red: of(one), nir: of(other) }
      const item = await itemOf(files)
      await isReproduced(t, { item, outputs: ['item'], ...request }, files)
    }
  })

  it('names the number that was changed in an item', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const item = await publishedItem({ item: await sampleItem(), outputs: ['item'] })
    const changed = structuredClone(item)
    const { statistics } = Object(changed['properties'])['greenprint:area']
    statistics.mean += 1e-6
    statistics.invalid.denominator = 3
    const { status, differs } = await recompute(changed, manaus)
    assert.equal(status, 1)
    assert.deepEqual(
      differs.map((line) => line.split(' ')[0]),
      ['invalid.denominator', 'mean'],
    )
  })

  it('does not take one file for another', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const item = await publishedItem({ item: await sampleItem(), outputs: ['item'] })
    const { status, differs } = await recompute(item, { red: manaus.nir, nir: manaus.red })
    assert.equal(status, 1)
    assert.match(differs[0] ?? '', /bytes, not the 633843 of QmfZ2/)
    assert.ok(differs.some((line) => line.startsWith('the pixels have the SHA-256')))
  })

  it('says what it does not do, and who does', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const item = await publishedItem({ item: await sampleItem(), outputs: ['item'] })
    const properties = { ...Object(item['properties']), 'greenprint:kind': 'composite' }
    const { status, differs } = await recompute({ ...item, properties }, manaus)
    assert.equal(status, 2)
    assert.match(
      differs[0] ?? '',
      /^a composite is of several scenes: recompute_joint.py does it, as POST \/verify does$/,
    )
  })
})
