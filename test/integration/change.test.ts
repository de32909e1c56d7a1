// The change between two scenes over the API, held against rasterio and numpy, pixel by pixel.
// Long: many situations of one pair of scenes, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { JointReply } from '../../lib/http/joint-reply.ts'
import type { Problem } from '../../lib/http/problem.ts'
import type { VerifyReply } from '../../lib/http/reply.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startCopyHost } from '../harness/copy-host.ts'
import { startGateway } from '../harness/gateway.ts'
import { ipfsAsset, withAssets } from '../harness/items.ts'
import { startWorker } from '../harness/job-worker.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { PYTHON, skipWithout } from '../harness/requires.ts'
import { degreesOf, groundOf, makeSeason } from '../harness/season.ts'
import { serveStac } from '../harness/stac-server.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'
import { tiffOfCode } from '../harness/tiff-of-code.ts'
import { assertStacItem } from '../unit/products/stac-rules.ts'
import { at } from '../unit/stac/sample-items.ts'

const SIDE = 600
const PIXEL = 30
const folder = await mkdtemp(join(tmpdir(), 'change-'))
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
/** The scene below the later one lies two thirds of it further south. */
const plan = { side: SIDE, dates: ['2023-02-12', '2023-08-11'], joined: ['2023-08-11'] }
const { items, scenes } = await makeSeason(plan, blocks, folder)
const [winter, summer, south] = items
const api = await serveStac(() => items)
const env = { IPFS_GATEWAYS: gateway.url, STAC_API_URL: api, LOCAL: '1' }
const system = await startSystem(env)
const other = await startSystem({ ...env, MAX_PIXELS_SYNC: '100000' })
const worker = startWorker(other.services)
after(async () => {
  await worker.stop()
  await Promise.all([system.close(), other.close()])
  await gateway.close()
  await rm(folder, { recursive: true, force: true })
})

function post(body: object, { base }: TestSystem, query = '', headers = {}): Promise<Response> {
  return fetch(`${base}/change${query}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
}

async function change(body: object, where = system): Promise<JointReply> {
  const response = await post(body, where)
  assert.equal(response.status, 200, await response.clone().text())
  return json<JointReply>(response)
}

async function refused(body: object, status: number): Promise<Problem> {
  const response = await post(body, system)
  assert.equal(response.status, status)
  return json<Problem>(response)
}

const FAR_NORTH = [2000, 0, -1_000_000, 0, -2000, 4_000_000] as const
/** A satellite that scans along x first, of which ESRI's dialect has no word. */
const GOES = `PROJCRS["full disk",
  BASEGEOGCRS["on GRS 80",DATUM["on GRS 80",ELLIPSOID["GRS 1980",6378137,298.257222101]]],
  CONVERSION["fixed grid",METHOD["Geostationary Satellite (Sweep X)"],
    PARAMETER["Longitude of natural origin",-75,ANGLEUNIT["degree",0.0174532925199433]],
    PARAMETER["Satellite Height",35786023,LENGTHUNIT["metre",1]],
    PARAMETER["False easting",0,LENGTHUNIT["metre",1]],
    PARAMETER["False northing",0,LENGTHUNIT["metre",1]]],
  CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]`

const pair = { before: { item: winter }, after: { item: summer } }

interface Summary {
  readonly valid_count: number
  readonly mean: number
  readonly stddev: number
  readonly minimum: number
  readonly maximum: number
  readonly percentiles: readonly number[]
  readonly sha256: string
}

interface Reference {
  readonly transform: readonly number[]
  readonly shape: readonly number[]
  readonly total: number
  readonly valid: Readonly<Record<string, number>>
  readonly bands: Readonly<Record<string, Summary>>
  readonly file: {
    readonly transform: readonly number[]
    readonly descriptions: readonly string[]
    readonly bands: Readonly<Record<string, string>>
  }
}

/** @param pair numbers of the scenes */
async function reference(
  [earlier, later]: readonly [number, number],
  geometry: JsonObject | null,
  { assets, root, grid }: JointReply,
): Promise<Reference> {
  const tif = join(folder, `${root.cid}.tif`)
  const response = await fetch(`${system.base}/ipfs/${root.cid}/change.tif`)
  assert.equal(response.headers.get('content-type'), assets['cog']?.type)
  await writeFile(tif, new Uint8Array(await response.arrayBuffer()))
  const script = fileURLToPath(new URL('../fixtures/change_reference.py', import.meta.url))
  const input = JSON.stringify({
    before: scenes[earlier],
    after: scenes[later],
    geometry,
    level: grid.level,
    step: grid.transform[0] / (PIXEL * 2 ** grid.level),
    scale: [
      [0.0000275, -0.2],
      [0.0000275, -0.2],
    ],
    // Fill, dilated cloud, cirrus, cloud and its shadow.
    masked: { bits: 0b11111, values: [], saturated: [] },
    tif,
  })
  const printed = execFileSync(PYTHON, ['-W', 'ignore', '-B', script], { input, encoding: 'utf8' })
  return JSON.parse(printed)
}

function requireEqual(reply: JointReply, expected: Reference): void {
  assert.deepEqual([...reply.grid.transform], expected.transform)
  assert.deepEqual([...reply.grid.shape], expected.shape)
  assert.deepEqual(expected.file.transform, expected.transform)
  for (const [name, summary] of Object.entries(expected.bands)) {
    const told = reply.statistics[name]
    assert.ok(told !== undefined, name)
    assert.equal(expected.file.bands[name], summary.sha256, `${name}: pixel by pixel`)
    assert.equal(told.valid_count, summary.valid_count)
    assert.equal(told.total_count, expected.total)
    for (const number of ['mean', 'stddev', 'minimum', 'maximum'] as const) {
      assert.ok(Math.abs((told[number] ?? Number.NaN) - summary[number]) < 1e-12, number)
    }
    assert.deepEqual(Object.values(told.percentiles), summary.percentiles)
    const { counts, edges } = told.histogram
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      summary.valid_count,
    )
    assert.deepEqual([edges[0], edges.at(-1)], name === 'difference' ? [-2, 2] : [-1, 1])
  }
  for (const [role, valid] of Object.entries(expected.valid)) {
    assert.equal(reply.scenes[role]?.pixels?.valid_count, valid)
    assert.equal(reply.scenes[role]?.pixels?.total_count, expected.total)
  }
}

describe('a change', () => {
  it('is the difference of what rasterio reads of both scenes', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const reply = await change(pair)
    requireEqual(reply, await reference([0, 1], null, reply))
    assert.deepEqual(Object.keys(reply.assets).toSorted(), ['cog', 'figure', 'item', 'request'])
  })

  it('of scenes that lie apart is of the ground of both, within a polygon', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const corners = [
      [37, 430],
      [438, 444],
      [300, 580],
      [37, 430],
    ] as const
    const slanted = { type: 'Polygon', coordinates: [await degreesOf(corners)] }
    const asked = { before: { item: winter }, after: { item: south }, geometry: slanted }
    const reply = await change({ ...asked, max_size: 'full', outputs: ['cog', 'item'] })
    requireEqual(reply, await reference([0, 2], slanted, reply))
    const whole = await change({ ...asked, geometry: undefined, outputs: ['cog'] })
    requireEqual(whole, await reference([0, 2], null, whole))
    assert.deepEqual([...whole.grid.shape], [SIDE - Math.round((SIDE * 2) / 3), SIDE])
  })

  it('of few pixels takes every nth, or overviews where both have them of the same ground', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const few = await change({ ...pair, max_size: 250, outputs: ['cog'] })
    assert.deepEqual([few.grid.level, few.grid.transform[0]], [0, 3 * PIXEL])
    requireEqual(few, await reference([0, 1], null, few))
    const script = fileURLToPath(new URL('../fixtures/add_overviews.py', import.meta.url))
    const chosen = [scenes[0], scenes[2]].flatMap((scene) => (scene === undefined ? [] : [scene]))
    execFileSync(PYTHON, [script, ...chosen.flatMap(({ red, nir }) => [red, nir])])
    const [before, after] = await Promise.all([
      withFiles(winter, chosen[0]),
      withFiles(south, chosen[1]),
    ])
    const small = await change({ before, after, max_size: 300, outputs: ['cog'] })
    assert.deepEqual([small.grid.level, small.grid.transform[0]], [1, 2 * PIXEL])
    requireEqual(small, await reference([0, 2], null, small))
  })

  it('tells the trust of each scene, and is drawn as what it is', async () => {
    const copies = await startCopyHost()
    after(() => copies.close())
    const files = { red: scenes[0]?.red, nir08: scenes[0]?.nir, qa_pixel: scenes[0]?.qa }
    const assets: Record<string, JsonObject> = {}
    for (const [key, path] of Object.entries(files)) {
      copies.put(`${key}.tif`, new Uint8Array(await readFile(path ?? '')))
      assets[key] = { href: `${copies.url}/${key}.tif`, type: 'image/tiff; application=geotiff' }
    }
    const asked = { ...pair, before: { item: { ...winter, assets } } }
    const reply = await change({ ...asked, trust: 'transport', outputs: ['figure', 'cog', 'item'] })
    assert.deepEqual(
      [reply.proof.trust, reply.scenes['before']?.proof.trust, reply.scenes['after']?.proof.trust],
      ['transport', 'transport', 'cid'],
    )
    assert.ok(reply.warnings.every((text) => !text.startsWith('not verified')))
    assert.ok(reply.warnings.some((text) => text.startsWith('before: not verified: the red band')))
    const item = await json<JsonObject>(
      await fetch(`${system.base}/ipfs/${reply.root.cid}/item.json`),
    )
    assertStacItem(item)
    assert.equal(at(item, 'properties', 'greenprint:trust'), 'transport')
    const known = await change({ ...asked, trust: 'transport', outputs: ['figure', 'cog', 'item'] })
    assert.deepEqual([known.root, known.warnings], [reply.root, reply.warnings])
    const verified = await fetch(`${system.base}/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ cid: reply.root.cid }),
    })
    assert.equal(verified.status, 200, await verified.clone().text())
    const { reads } = await json<VerifyReply>(verified)
    assert.deepEqual(
      Object.entries(reads ?? {}).map(([name, { status }]) => [name, status]),
      ['red', 'nir', 'qa'].map((name) => [`before.${name}`, 'unknown']),
    )
    const style = 'colormap_name=rdbu&rescale=-0.5,0.5'
    const tile = await fetch(`${system.base}/tilejson.json?root=${reply.root.cid}&${style}`)
    assert.equal(tile.status, 200)
    const [lon, lat] = (await degreesOf([[500, 100]]))[0]!
    const point = await fetch(`${system.base}/point?root=${reply.root.cid}&lon=${lon}&lat=${lat}`)
    const { value, bands } = await json<{ value: number; bands: object }>(point)
    assert.deepEqual(Object.keys(bands), ['difference'])
    const { minimum, maximum } = reply.statistics['difference']!
    assert.ok(value >= (minimum ?? 9) - 1e-6 && value <= (maximum ?? -9) + 1e-6, String(value))
  })
})

/** The item with files that have changed since. */
async function withFiles(
  item: JsonObject | undefined,
  files: { readonly red: string; readonly nir: string } | undefined,
): Promise<{ readonly item: JsonObject }> {
  if (item === undefined || files === undefined) throw new Error('there is no such scene')
  const assets: JsonObject = {
    red: ipfsAsset((await blocks.add(new Uint8Array(await readFile(files.red)))).toString()),
    nir08: ipfsAsset((await blocks.add(new Uint8Array(await readFile(files.nir)))).toString()),
  }
  return { item: withAssets(item, assets) }
}

describe('a change that is asked for in other ways', () => {
  it('has the same root: found by searches, by a job, with other blocks first, anew', async () => {
    const { root, id } = await change(pair)
    const known = await change(pair)
    assert.deepEqual([known.root, known.cached], [root, true])
    const sought = await change({
      search: { collections: ['landsat-c2l2-sr'] },
      before: { search: { datetime: '2023-02' } },
      after: { search: { datetime: '2023-08', ids: [summer?.['id']] } },
    })
    assert.deepEqual([sought.root, sought.id], [root, id])
    const accepted = await post(pair, other, '', { prefer: 'respond-async' })
    assert.equal(accepted.status, 202)
    const job = await ended(other, (await json<{ id: string }>(accepted)).id)
    assert.deepEqual([job.id, job.root.cid], [id, root.cid])
    const anew = await post(pair, system, '', { 'cache-control': 'no-cache' })
    assert.deepEqual((await json<JointReply>(anew)).root, root)
  })

  it('is a job where it is too large for a reply, and its figure where that is asked for', async () => {
    const large = await post({ ...pair, outputs: ['figure'] }, other)
    assert.equal(large.status, 202)
    const picture = await post({ ...pair, outputs: ['cog'] }, system, '?f=png')
    assert.equal(picture.headers.get('content-type'), 'image/png')
    assert.equal(picture.status, 200)
  })

  it('is told to who may have nothing computed where it is known, and both items are sent', async () => {
    const TOKEN = 'a-token-of-some-length'
    const deployed = { AWS_LAMBDA_FUNCTION_NAME: 'x', COMPUTE: 'token', API_TOKENS: `a:${TOKEN}` }
    const token = await startSystem({ ...deployed, IPFS_GATEWAYS: '', PUBLISHERS: '' })
    const item = await sampleItem()
    const pair = { before: { item }, after: { item }, outputs: ['item'] }
    try {
      const refusal = await post(pair, token)
      assert.equal(refusal.status, 401)
      const headers = { authorization: `Bearer ${TOKEN}` }
      const made = await post({ ...pair, pin: false }, token, '', headers)
      assert.equal(made.status, 200, await made.clone().text())
      const known = await post(pair, token)
      assert.equal(known.status, 200, await known.clone().text())
      assert.deepEqual((await json<JointReply>(known)).root, (await json<JointReply>(made)).root)
      assert.equal((await post({ ...pair, pin: true }, token)).status, 401)
    } finally {
      await token.close()
    }
  })

  it('tells whoever sees its job what is not right with its pixels', async () => {
    const API_TOKENS = 'ann:a-token-of-some-length ben:another-of-some-length'
    const server = await startSystem({ GREENPRINT_SERVER: 'true', API_TOKENS, IPFS_GATEWAYS: '' })
    const worker = startWorker(server.services)
    const ann = { authorization: 'Bearer a-token-of-some-length' }
    const ben = { authorization: 'Bearer another-of-some-length' }
    const item = await sampleItem()
    const asked = { before: { item }, after: { item }, outputs: ['item'], max_size: 7, pin: false }
    try {
      const accepted = await post(asked, server, '', { ...ann, prefer: 'respond-async' })
      assert.equal(accepted.status, 202)
      const { id } = await json<{ id: string }>(accepted)
      const [own, other] = [await ended(server, id, ann), await ended(server, id, ben)]
      assert.match(own.warnings[0] ?? '', /has no quality band/)
      // Those of the other's item are not this one's.
      assert.deepEqual(other.warnings, own.warnings.slice(1))
      assert.match(other.warnings.join('\n'), /one pixel in 31/)
    } finally {
      await worker.stop()
      await server.close()
    }
  })

  it('that is known and cannot be published says so', async () => {
    const asked = { ...pair, colormap_name: 'brbg' }
    await change({ ...asked, pin: false })
    const { publishers } = system.services
    const publish = () => Promise.reject(new Error('gone'))
    const gone = { name: 'kubo', makesReachable: true, publish } as const
    try {
      Object.assign(system.services, { publishers: [gone] })
      const reply = await change({ ...asked, pin: true })
      assert.equal(reply.cached, true)
      assert.match(reply.warnings.at(-1) ?? '', /^published to 0 of the 1 services wanted/)
    } finally {
      Object.assign(system.services, { publishers })
    }
  })

  it('tells how well its places are known, and a GeoTIFF that only names its CRS', async () => {
    /** Of 32767 the file says nothing. */
    const sceneIn = async (code: number, day: string, properties: JsonObject = {}) => {
      const place = { code, isGeographic: false, transform: FAR_NORTH, rows: 8, cols: 8 }
      const band = async (value: number) =>
        ipfsAsset((await blocks.add(tiffOfCode({ ...place, value: () => value }))).toString())
      const assets = { red: await band(1000), nir: await band(3000) }
      const time = { datetime: `${day}T00:00:00Z` }
      return { id: `of-${code}-${day}`, assets, properties: { ...time, ...properties } }
    }
    const changeIn = async (code: number, properties: JsonObject = {}) => {
      const [before, later] = [
        await sceneIn(code, '2023-02-12', properties),
        await sceneIn(code, '2023-08-11', properties),
      ]
      const files = { scale: 'none', mask: [], outputs: ['cog'] }
      const { warnings } = await change({
        before: { item: before },
        after: { item: later },
        ...files,
      })
      return warnings.join('; ')
    }
    assert.match(await changeIn(23032), /EPSG:23032: places are good to \d+ m, by the datum shift/)
    assert.match(
      await changeIn(32767, { 'proj:wkt2': GOES }),
      /no words for the CRS "full disk": the published one only names it/,
    )
  })

  it('the other way round is told to be so', async () => {
    const { warnings, statistics } = await change({ before: pair.after, after: pair.before })
    assert.ok(
      warnings.some((warning) => /taken later/.test(warning)),
      warnings.join('; '),
    )
    const straight = (await change(pair)).statistics['difference']
    assert.equal(statistics['difference']?.maximum, -(straight?.minimum ?? Number.NaN))
  })

  it('of a scene and itself is told to be so, and of items that share an id is not', async () => {
    const isTold = async (before: JsonObject | undefined) => {
      const { warnings } = await change({ ...pair, before: { item: before } })
      return warnings.some((warning) => /are one scene/.test(warning))
    }
    assert.ok(await isTold(summer))
    assert.ok(!(await isTold({ ...winter, id: summer?.['id'] ?? '' })))
  })
})

async function ended({ base }: TestSystem, id: string, headers = {}): Promise<JointReply> {
  for (;;) {
    const job = await json<{ status: string; result?: JointReply }>(
      await fetch(`${base}/jobs/${id}`, { headers }),
    )
    if (job.result !== undefined) return job.result
    assert.notEqual(job.status, 'failed', JSON.stringify(job))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('a published change', () => {
  const verify = async (body: object): Promise<VerifyReply> => {
    const response = await fetch(`${system.base}/verify`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
    assert.equal(response.status, 200, await response.clone().text())
    return json<VerifyReply>(response)
  }

  it('comes out again, and is told where it does not', async () => {
    const outputs = ['figure', 'layer', 'cog', 'item']
    const reply = await change({ ...pair, mask: ['cloud'], outputs })
    const again = await verify({ cid: reply.root.cid })
    assert.deepEqual([again.reproduced, again.differs], [true, []])
    assert.equal(again.root.cid, reply.root.cid)
    assert.deepEqual(Object.keys(again.proof.bands).toSorted(), [
      'after.nir',
      'after.qa',
      'after.red',
      'before.nir',
      'before.qa',
      'before.red',
    ])
    const url = `${system.base}/ipfs/${reply.root.cid}/item.json`
    const item = await json<JsonObject>(await fetch(url))
    const area = { ...Object(at(item, 'properties', 'greenprint:area')), covered_percent: 12 }
    const properties = { ...Object(item['properties']), 'greenprint:area': area }
    const { reproduced, differs } = await verify({ item: { ...item, properties } })
    assert.equal(reproduced, false)
    assert.deepEqual(
      differs.map((difference) => [difference.at, difference.published, difference.recomputed]),
      [['/properties/greenprint:area/covered_percent', 12, 100]],
    )
    const usual = await change({ ...pair, geometry: await groundOf(20, 30, 99, 177) })
    assert.equal((await verify({ cid: usual.root.cid })).reproduced, true)
  })
})

describe('a change of what cannot be compared', () => {
  it('is refused with the reason', async () => {
    const [strange] = (
      await makeSeason({ ...plan, dates: ['2023-08-17'], joined: [] }, blocks, folder, 31)
    ).items
    const apart = await refused({ before: { item: winter }, after: { item: strange } }, 422)
    assert.equal(apart.code, 'grids_differ')
    assert.match(apart.detail, /EPSG:32633, pixels of 31 x 31/)
    const away = await refused({ ...pair, bbox: [0, 0, 1, 1] }, 422)
    assert.equal(away.code, 'outside_scene')
    const both = await refused({ ...pair, before: { item: winter, search: {} } }, 400)
    assert.match(both.detail, /before: give exactly one of item and search/)
    const skewed = await refused({ ...pair, rescale: [-1, 0.5] }, 400)
    assert.match(skewed.detail, /rescale: must be as far below 0/)
  })
})
