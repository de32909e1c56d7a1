// Published items of 220 made-up sources, valid for pystac and stac-validator; and what others make of their files.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Json, JsonObject } from '../../lib/model/json.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { peersPython, skipWithoutPython } from '../harness/peers.ts'
import { type Random, randomFrom } from '../harness/random.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { PYTHON, skipWithout } from '../harness/requires.ts'
import { json, startSystem } from '../harness/system.ts'

/** Not blocking: the system under test is in this process. */
const execute = promisify(execFile)

const system = await startSystem({ IPFS_GATEWAYS: 'http://127.0.0.1:9' })
after(() => system.close())
const sample = await sampleItem()
const [WEST, SOUTH, EAST, NORTH] = [-60.0087, -3.2069, -59.7797, -3.0809]

const values = {
  datetime: [
    '2021-06-01T10:00:00Z',
    '2021-06-01T10:00:00.123456Z',
    '2021-06-01T10:00:00+00:00',
    '2021-06-01T10:00:00-03:30',
    '2021-06-01T10:00:00',
    '2021-06-01 10:00:00Z',
    '2021-06-01t10:00z',
    '20210601T100000Z',
    '2021-06-01',
    '2021-06',
    'yesterday',
    '2021-02-30',
    '',
    null,
    20210601,
    { value: '2021-06-01' },
  ],
  start_datetime: ['2021-06-01T00:00:00Z', '2021-06-01', 'x', null],
  end_datetime: ['2021-06-30T23:59:59Z', '2021-06', 7],
  platform: ['landsat-9', 'LANDSAT_9', '', 9, null, ['a'], { name: 'a' }],
  constellation: ['landsat', 5, '', null],
  instruments: [['oli', 'tirs'], 'OLI', [], [7], ['oli', null], null, { a: 1 }],
  gsd: [30, 10.5, 0, -1, '30', null],
  'eo:cloud_cover': [0, 50, -1, 'none'],
  'proj:epsg': [32620, null],
} as const satisfies Record<string, readonly Json[]>

const links: readonly (readonly JsonObject[])[] = [
  [],
  [{ rel: 'self', href: 'https://stac.example/items/a b?x=1', type: 'application/geo+json' }],
  [{ rel: 'self', href: 'https://user:secret@stac.example/i.json?token=abc&sig=xyz' }],
  [
    { rel: 'self', href: './item.json' },
    { rel: 'canonical', href: 'ipfs://bafybeihash/item.json' },
  ],
]

/** A source that somebody might have written: every field there or not, right or wrong. */
function madeUp(random: Random, at: number): JsonObject {
  const told = Object.entries(values)
    .filter(() => random.chance(0.7))
    .map(([name, choices]) => [name, random.pick<Json>([...choices])] as const)
  const ids = [
    `made-up-${at}`,
    `LC09_L2SP_231062_20230723_20230802_02_T1`,
    `${at} ü/%?"`,
    `S2B_20MRB_20230219_0_L2A`,
  ]
  return {
    ...sample,
    id: random.pick(ids),
    properties: Object.fromEntries(told),
    links: random.pick(links),
    collection: random.pick(['landsat-c2l2-sr', 'x', '']),
  }
}

function madeUpRequest(random: Random): JsonObject {
  const [lon, lat] = [random.between(WEST, EAST - 0.02), random.between(SOUTH, NORTH - 0.02)]
  const [right, top] = [lon + random.between(0.002, 0.02), lat + random.between(0.002, 0.02)]
  const triangle = [
    [lon, lat],
    [right, lat],
    [right, top],
    [lon, lat],
  ]
  const area = random.pick<JsonObject>([
    { bbox: [lon, lat, right, top] },
    { geometry: { type: 'Polygon', coordinates: [triangle] } },
    { geometry: { type: 'MultiPolygon', coordinates: [[triangle], [triangle.toReversed()]] } },
    { max_size: random.whole(5, 60) },
  ])
  const outputs = random.pick([['item'], ['item', 'cog'], ['item', 'layer'], ['item', 'figure']])
  return { ...area, outputs, scale: random.pick(['auto', 'none', 'l2sr']) }
}

const itemOf = async (root: string) =>
  json<JsonObject>(await fetch(`${system.base}/ipfs/${root}/item.json`))

async function itemOfChange(): Promise<JsonObject> {
  const outputs = ['item', 'cog', 'layer', 'figure']
  const body = { before: { item: sample }, after: { item: sample }, outputs, pin: false }
  const response = await fetch(`${system.base}/change`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  return itemOf((await json<{ root: { cid: string } }>(response)).root.cid)
}

describe('published items', () => {
  it('of 220 made-up sources are valid for pystac and stac-validator, or refused', async (context) => {
    if (skipWithoutPython(context)) return
    const random = randomFrom(57)
    const items: JsonObject[] = []
    const refused: string[] = []
    for (let at = 0; at < 220; at++) {
      const body = { item: madeUp(random, at), ...madeUpRequest(random), pin: false }
      const response = await system.post(body)
      const reply = await json<{ root?: { cid: string }; code?: string; detail?: string }>(response)
      const { root, code = '', detail } = reply
      if (root === undefined) {
        assert.ok(
          response.status === 422 && code === 'item_invalid',
          `${response.status} ${detail}`,
        )
        refused.push(code)
      } else {
        const folder = await fetch(`${system.base}/ipfs/${root.cid}/item.json`)
        // Without any time no item is made of it.
        if (folder.status === 200) items.push(await json<JsonObject>(folder))
      }
    }
    assert.ok(items.length > 150, `${items.length} items, ${refused.length} refused`)
    const written = JSON.stringify(items)
    for (const secret of ['secret', 'token=abc', 'sig=xyz']) assert.ok(!written.includes(secret))
    items.push(await itemOfChange())
    const script = fileURLToPath(new URL('validate_items.py', import.meta.url))
    const running = execute(peersPython(), ['-W', 'ignore', script], { maxBuffer: 2 ** 26 })
    // The last one is broken on purpose: the validators do look.
    const [first = {}] = items
    const broken = {
      ...first,
      properties: { ...Object(first['properties']), datetime: '2021-06-01' },
    }
    running.child.stdin?.end([...items, broken].map((item) => JSON.stringify(item)).join('\n'))
    const lines = (await running).stdout.trim().split('\n')
    const ofBroken = lines.pop() ?? ''
    assert.match(ofBroken, /pystac: .*stac-validator: /)
    const faults = lines.flatMap((line, at) =>
      JSON.parse(line).map(
        (fault: unknown) => `${JSON.stringify(items[at]?.['id'])}: ${String(fault)}`,
      ),
    )
    assert.equal(lines.length, items.length)
    assert.deepEqual(faults, [])
  })
})

describe('the files of a published item', () => {
  it('are what its expression gives to gdal_calc.py, and GDAL shows the band and its statistics', async (context) => {
    if (skipWithout(context, { ...rasterioRequirement, commands: ['gdal_calc.py', 'gdalinfo'] }))
      return
    const reply = await system.ndvi({ item: sample, max_size: 'full', outputs: ['cog', 'item'] })
    const item = await itemOf(reply.root.cid)
    const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
    try {
      const cog = await fetch(`${system.base}/ipfs/${reply.root.cid}/ndvi.tif`)
      await writeFile(join(folder, 'ndvi.tif'), new Uint8Array(await cog.arrayBuffer()))
      const bands = new URL('../fixtures/scenes/l9-c2l2-manaus/', import.meta.url)
      const { 'processing:expression': expression } = Object(item['properties'])
      const [red, nir] = ['red.tif', 'nir08.tif'].map((name) => fileURLToPath(new URL(name, bands)))
      const calc = ['-A', red ?? '', '-B', nir ?? '', `--calc=${expression.expression}`]
      const outfile = join(folder, 'calc.tif')
      const options = ['--type=Float32', '--hideNoData', `--outfile=${outfile}`]
      await execute('gdal_calc.py', [...calc, ...options])
      const compare = `
import json, sys, numpy, rasterio
with rasterio.open(sys.argv[1]) as ours, rasterio.open(sys.argv[2]) as theirs:
    a, b = ours.read(1), theirs.read(1)
    print(json.dumps([bool(numpy.array_equal(a, b, equal_nan=True)), int(numpy.isfinite(a).sum()),
                      ours.descriptions[0], ours.units[0], ours.tags(1)]))`
      const files = [join(folder, 'ndvi.tif'), outfile]
      const { stdout } = await execute(PYTHON, ['-W', 'ignore', '-c', compare, ...files])
      const [isEqual, valid, description, unit, tags] = JSON.parse(stdout)
      assert.deepEqual([isEqual, valid, description, unit], [true, 398_266, 'NDVI', '1'])
      assert.equal(Number(tags.STATISTICS_MEAN), reply.statistics.mean)
      const { assets } = Object(item)
      assert.equal(Number(tags.STATISTICS_MINIMUM), assets.cog.bands[0].statistics.minimum)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('are found by odc-stac under the name of the band', async (context) => {
    if (skipWithoutPython(context)) return
    const { root, statistics } = await system.ndvi({
      item: sample,
      max_size: 'full',
      outputs: ['cog', 'item'],
    })
    const load = `
import sys, pystac, odc.stac
item = pystac.Item.from_file(sys.argv[1])
item.make_asset_hrefs_absolute()
data = odc.stac.load([item], bands=["ndvi"])
print(float(data.ndvi.astype("float64").mean()), f'EPSG:{data.ndvi.odc.geobox.crs.epsg}')`
    const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
    try {
      for (const name of ['item.json', 'ndvi.tif']) {
        const file = await fetch(`${system.base}/ipfs/${root.cid}/${name}`)
        await writeFile(join(folder, name), new Uint8Array(await file.arrayBuffer()))
      }
      const args = ['-W', 'ignore', '-c', load, join(folder, 'item.json')]
      const { stdout } = await execute(peersPython(), args)
      const [mean, crs] = stdout.trim().split(' ')
      assert.ok(Math.abs(Number(mean) - (statistics.mean ?? 0)) < 1e-7)
      assert.equal(crs, 'EPSG:32620')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
