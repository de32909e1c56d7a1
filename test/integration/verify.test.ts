// POST /verify: a published result comes out again from its own item, by whoever made it and wherever the bytes lie;
// what was changed is named.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { readConfig } from '../../lib/config/config.ts'
import type { FingerprintReply } from '../../lib/http/fingerprint-reply.ts'
import type { JobReply } from '../../lib/http/jobs.ts'
import type { Problem } from '../../lib/http/problem.ts'
import type { VerifyReply } from '../../lib/http/reply.ts'
import type { SourcesReply } from '../../lib/http/results.ts'
import { workJob } from '../../lib/jobs/run-job.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { sampleItem, sampleRoot } from '../../lib/sample/sample.ts'
import { createWork } from '../../lib/worker.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { type CopyHost, startCopyHost } from '../harness/copy-host.ts'
import { startGateway, type TestGateway } from '../harness/gateway.ts'
import { importDirectory } from '../harness/import-dag.ts'
import { ipfsAsset, sceneItem, withAssets } from '../harness/items.ts'
import { sceneFile } from '../harness/scenes.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'
import { tiffOfCode } from '../harness/tiff-of-code.ts'

const blocks = new MemoryBlocks()
let gateway: TestGateway
let host: CopyHost
/** Makes results. */
let maker: TestSystem
/** Another deployment, which has only the gateway of the maker's results, and no bands. */
let stranger: TestSystem
before(async () => {
  gateway = await startGateway(blocks)
  host = await startCopyHost()
  maker = await startSystem({ IPFS_GATEWAYS: gateway.url })
  stranger = await startSystem({ IPFS_GATEWAYS: maker.base })
})
after(async () => {
  await stranger.close()
  await maker.close()
  await host.close()
  await gateway.close()
})

function post(body: object, system = maker, headers = {}): Promise<Response> {
  return fetch(`${system.base}/verify`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
}

async function verify(body: object, system = maker): Promise<VerifyReply> {
  const response = await post(body, system)
  assert.equal(response.status, 200, response.status === 200 ? '' : await response.text())
  return json<VerifyReply>(response)
}

async function refused(body: object, system = maker): Promise<Problem> {
  const response = await post(body, system)
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  return json<Problem>(response)
}

async function itemOf(root: string): Promise<JsonObject> {
  return json<JsonObject>(await fetch(`${maker.base}/ipfs/${root}/item.json`))
}

/** The sample's result, made here. */
const sampleResult = async (request = {}) => maker.ndvi({ item: await sampleItem(), ...request })
/** Enough where the numbers do not matter. */
const small = { max_size: 100, outputs: ['item', 'cog'] }

describe('a result of this version', () => {
  it('is reproduced from its root, its item’s CID, its item, and its address', async () => {
    const whole = await sampleResult()
    assert.equal(whole.root.cid, await sampleRoot())
    assert.equal((await verify({ cid: whole.root.cid })).root.cid, whole.root.cid)
    const { root, assets } = await sampleResult(small)
    const bodies = [
      { cid: root.cid },
      { cid: root.ipfs },
      { cid: assets['item']?.cid },
      { cid: `${root.ipfs}/item.json` },
      { item: await itemOf(root.cid) },
      { item: `${maker.base}/ipfs/${root.cid}/item.json` },
    ]
    for (const body of bodies) {
      const { reproduced, differs, root: made, warnings } = await verify(body)
      assert.deepEqual([reproduced, differs, warnings], [true, [], []], JSON.stringify(body))
      assert.equal(made.cid, root.cid)
    }
  })

  it('is reproduced with every output, a polygon, a mask and every scale', async () => {
    const australia = await sceneItem('l8-c2l2-southaustralia-098084', blocks)
    const sentinel = {
      ...(await sceneItem('s2-l2a-29RKH', blocks)),
      properties: {
        datetime: '2023-02-19T23:30:00-04:00',
        's2:processing_baseline': '05.09',
        instruments: 'MSI',
        platform: 'sentinel-2a',
      },
    }
    const whole = await maker.ndvi({ item: australia, outputs: ['item'] })
    const [west = 0, south = 0, east = 0, north = 0] = Object(
      (await itemOf(whole.root.cid))['bbox'],
    )
    const ring = [
      [west + (east - west) / 5, south + (north - south) / 5],
      [west + ((east - west) * 4) / 5, south + (north - south) / 3],
      [west + (east - west) / 2, south + ((north - south) * 4) / 5],
      [west + (east - west) / 5, south + (north - south) / 5],
    ]
    const geometry = { type: 'Polygon', coordinates: [ring] }
    const outputs = ['figure', 'layer', 'cog', 'item']
    for (const request of [
      { item: australia, geometry, mask: ['clouds', 'snow'], outputs },
      { item: sentinel, outputs, max_size: 500, colormap_name: 'viridis', rescale: [0, 0.5] },
      { item: australia, bbox: [west, south, (west + east) / 2, north], scale: 'none', outputs },
      { item: await sceneItem('l8-l1-elkton-va', blocks), scale: 'l1toa', outputs: ['item'] },
    ]) {
      const { root } = await maker.ndvi(request)
      const { reproduced, differs } = await verify({ cid: root.cid })
      assert.deepEqual([reproduced, differs], [true, []])
    }
  })

  it('is reproduced where the nodata of the quality band is a number that means something, or none', async () => {
    const raster = { code: 32633, isGeographic: false, rows: 20, cols: 20 }
    const transform = [30, 0, 500_000, 0, -30, 5_400_000] as const
    const add = async (value: (row: number, col: number) => number, nodata?: number) => {
      const told = nodata === undefined ? {} : { nodata }
      const bytes = tiffOfCode({ ...raster, ...told, transform, value })
      return ipfsAsset((await blocks.add(bytes)).toString())
    }
    const item = withAssets(await sceneItem('l9-c2l2-manaus', blocks), {
      red: await add((row) => 8000 + row),
      nir08: await add((_row, col) => 20_000 + col),
    })
    const classes = [
      { value: 0, name: 'clear' },
      { value: 1, name: 'cloud' },
    ]
    for (const [nodata, valid] of [
      [0, 200],
      [1, 200],
      [2, 100],
    ] as const) {
      const qa = await add((row, col) => (row < 10 ? 1 : col < 10 ? 2 : 0), nodata)
      const masked = withAssets(item, { mask: { ...qa, 'classification:classes': classes } })
      const asked = { assets: { qa: 'mask' }, mask: ['cloud'], outputs: ['item', 'cog'] }
      const { root, statistics } = await maker.ndvi({ item: masked, ...asked })
      assert.equal(statistics.valid_count, valid)
      const { reproduced, differs } = await verify({ cid: root.cid })
      assert.deepEqual([reproduced, differs], [true, []], `nodata ${nodata}`)
    }
  })

  it('is verified as a job, too, and anew each time', async () => {
    const { root } = await sampleResult(small)
    const queued = await startSystem({ IPFS_GATEWAYS: maker.base })
    try {
      const response = await post({ cid: root.cid }, queued, { prefer: 'respond-async' })
      assert.equal(response.status, 202, await response.clone().text())
      const { id } = await json<JobReply>(response)
      const work = createWork(queued.services, readConfig({}))
      const { signal } = new AbortController()
      for (const receives of [1, 2]) {
        const verdict = await workJob({ id, receives, hold: async () => undefined }, work, {
          work: signal,
          end: signal,
        })
        assert.equal(verdict.outcome, receives === 1 ? 'done' : 'known')
      }
      const job = await json<JobReply<VerifyReply>>(await fetch(`${queued.base}/jobs/${id}`))
      assert.equal(job.status, 'successful')
      assert.equal(job.result?.reproduced, true)
      const again = await post({ cid: root.cid }, queued, { prefer: 'respond-async' })
      assert.equal((await json<JobReply>(again)).status, 'accepted')
    } finally {
      await queued.close()
    }
  })
})

describe('a result of another deployment', () => {
  it('is reproduced from a copy of each file and their outboards alone', async () => {
    const SCENE = 's2-l2a-29RKH'
    const [red, nir] = [await sceneFile(SCENE, 'red'), await sceneFile(SCENE, 'nir08')]
    for (const [name, bytes] of [
      ['B04.tif', red],
      ['B08.tif', nir],
    ] as const)
      host.put(name, bytes)
    const file = (name: string, bytes: Uint8Array): JsonObject => ({
      href: `${host.url}/${name}`,
      'file:checksum': `1220${createHash('sha256').update(bytes).digest('hex')}`,
    })
    const item = {
      type: 'Feature',
      stac_version: '1.0.0',
      id: 'S2A_29RKH_20200219_0_L2A',
      geometry: null,
      properties: { datetime: '2020-02-19T11:00:00Z', 's2:processing_baseline': '02.14' },
      assets: { red: file('B04.tif', red), nir: file('B08.tif', nir) },
      links: [],
    }
    const printed = await fetch(`${maker.base}/fingerprint`, {
      method: 'POST',
      body: JSON.stringify({ item }),
      headers: { 'content-type': 'application/json' },
    })
    const { fingerprints } = await json<FingerprintReply>(printed)
    const { root } = await maker.ndvi({ item, max_size: 'full', outputs: ['item'] })

    const here = await verify({ cid: root.cid })
    assert.deepEqual([here.reproduced, here.differs], [true, []])
    assert.equal(here.proof.trust, 'cid')

    // Beside the CIDs in the published item this is all that the other deployment has.
    const published = await itemOf(root.cid)
    const alone = await startSystem({ IPFS_GATEWAYS: 'http://127.0.0.1:9' })
    try {
      const sources = await json<SourcesReply>(
        await fetch(`${maker.base}/results/${root.cid}/sources.json`),
      )
      assert.equal(sources.bands['red']?.cid, fingerprints['red']?.cid)
      const { copies, outboards: told } = sources.verify
      assert.deepEqual(copies, { red: [`${host.url}/B04.tif`], nir: [`${host.url}/B08.tif`] })
      const outboards = told.map((href) => `${maker.base}${new URL(href).pathname}`)
      assert.equal(outboards.length, 2)
      const asked = { item: published, copies, outboards }
      const there = await verify(asked, alone)
      assert.deepEqual([there.reproduced, there.differs], [true, []])
      assert.equal(there.root.cid, root.cid)
      const served = Object.keys(there.proof.bands['red']?.sources ?? {})
      assert.ok(served.includes('outboard') && served.includes(host.url), String(served))

      // One byte in the third leaf of the red band.
      const spoiled = red.slice()
      const at = 2 * 1024 * 1024 + 77
      assert.ok(at < red.length, String(red.length))
      spoiled[at] = (spoiled[at] ?? 0) ^ 1
      host.put('B04.tif', spoiled)
      const fresh = await startSystem({ IPFS_GATEWAYS: 'http://127.0.0.1:9' })
      const {
        code,
        detail,
        details = [],
      } = await refused(asked, fresh).finally(() => fresh.close())
      assert.equal(code, 'content_unavailable', detail)
      const line = details.find((each) => each.includes('known leaf encoding'))
      assert.match(line ?? '', /its bytes 2097152 to \d+ fit the CID in no known leaf encoding/)
    } finally {
      await alone.close()
    }
  })

  it('is reproduced by what its gateway serves', async () => {
    const { root } = await maker.ndvi({ item: await sceneItem('l9-c2l2-manaus', blocks) })
    const both = await startSystem({ IPFS_GATEWAYS: `${maker.base},${gateway.url}` })
    try {
      assert.equal((await verify({ cid: root.cid }, both)).reproduced, true)
    } finally {
      await both.close()
    }
  })
})

describe('a result that was changed', () => {
  it('is not reproduced, and the number is named', async () => {
    const { root } = await sampleResult()
    const item = await itemOf(root.cid)
    const changed = structuredClone(item)
    Object(changed['properties'])['greenprint:area'].statistics.mean = 0.9
    Object(changed['assets']).cog['file:size'] += 1
    const { reproduced, differs, published } = await verify({ item: changed })
    assert.equal(reproduced, false)
    assert.deepEqual(
      differs.map(({ file, at, published: told }) => [file, at, told]),
      [
        ['item.json', '/assets/cog/file:size', 1_580_251],
        ['item.json', '/properties/greenprint:area/statistics/mean', 0.9],
      ],
    )
    assert.equal(differs[1]?.recomputed, 0.2788928964999095)
    assert.match(published.software, /^greenprint /)
  })

  it('is not reproduced where one of its files is another', async () => {
    const { root } = await sampleResult()
    const files = new Map<string, Uint8Array<ArrayBuffer>>()
    for (const name of ['figure.png', 'item.json', 'ndvi.tif', 'request.json']) {
      const file = await fetch(`${maker.base}/ipfs/${root.cid}/${name}`)
      files.set(name, new Uint8Array(await file.arrayBuffer()))
    }
    files.set('figure.png', await sceneFile('l8-l1-elkton-va', 'qa_pixel'))
    const forged = await importDirectory(files, 'unixfs-v1-2025')
    for (const { cid, bytes } of forged.blocks) {
      await maker.services.store.put(cid, bytes, new AbortController().signal)
    }
    const { reproduced, differs, assets } = await verify({ cid: forged.root.toString() })
    assert.equal(reproduced, false)
    assert.deepEqual(
      differs.map(({ file, at, recomputed }) => [file, at, recomputed]),
      [['figure.png', '', assets['figure']?.cid]],
    )
  })

  it('says which version made it', async () => {
    const { root } = await sampleResult(small)
    const item = structuredClone(await itemOf(root.cid))
    Object(item['properties'])['processing:software'] = { greenprint: '0.2.9' }
    const { reproduced, warnings, published } = await verify({ item })
    assert.equal(reproduced, true)
    assert.equal(published.software, 'greenprint 0.2.9')
    assert.match(
      warnings[0] ?? '',
      /made by greenprint 0\.2\.9, and is computed again by greenprint/,
    )
  })
})

describe('what cannot be verified', () => {
  it('is refused with the reason', async () => {
    const { root } = await sampleResult(small)
    const item = await itemOf(root.cid)
    const properties = Object(item['properties'])
    const without = (name: string) => ({
      ...item,
      properties: { ...properties, [name]: undefined },
    })
    const bad = (name: string, value: unknown) => ({
      ...item,
      properties: { ...properties, [name]: value },
    })
    const inputs = properties['greenprint:inputs']
    const outboards = [`${maker.base}/health`]
    const cases: readonly (readonly [body: object, code: string, detail: RegExp])[] = [
      [{}, 'invalid_request', /exactly one of cid and item/],
      [{ cid: root.cid, item }, 'invalid_request', /exactly one of cid and item/],
      [{ cid: 'bafynothing' }, 'invalid_request', /cid/],
      [{ cid: root.cid, copies: { red: ['ftp://a/b'] } }, 'invalid_request', /https: or s3:/],
      [{ cid: root.cid, copies: { blue: [] } }, 'invalid_request', /blue/],
      [{ item: await sampleItem() }, 'item_invalid', /no greenprint:inputs/],
      [{ item: without('greenprint:request') }, 'item_invalid', /no greenprint:request/],
      [
        { item: bad('greenprint:request', { mask: 7 }) },
        'item_invalid',
        /greenprint:request: mask/,
      ],
      [{ item: bad('greenprint:trust', 'transport') }, 'item_invalid', /not verified/],
      [
        { item: bad('greenprint:inputs', { ...inputs, red: { ...inputs.red, cid: 7 } }) },
        'item_invalid',
        /inputs\.red\.cid is no text/,
      ],
      [{ cid: root.cid, outboards }, 'content_unusable', /not a CAR/],
    ]
    for (const [body, code, detail] of cases) {
      const problem = await refused(body)
      assert.equal(problem.code, code, problem.detail)
      assert.match(problem.detail ?? '', detail)
    }
  })
})
