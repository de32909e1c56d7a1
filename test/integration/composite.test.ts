// Composites over the API, held against rasterio and numpy, pixel by pixel: any order, any worker, ended in the middle.
// Long: many situations of one set of scenes, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { composeScenes } from '../../lib/composite.ts'
import { boxGeometry } from '../../lib/geo/antimeridian.ts'
import type { JobReply } from '../../lib/http/jobs.ts'
import type { JointReply } from '../../lib/http/joint-reply.ts'
import type { Problem } from '../../lib/http/problem.ts'
import { type CompositeOrder, compositeMethods } from '../../lib/model/composite.ts'
import { isJsonObject, type JsonObject } from '../../lib/model/json.ts'
import { unlimited } from '../../lib/model/run.ts'
import { keepItems } from '../../lib/steps/keep-inputs.ts'
import type { ObjectStore } from '../../lib/store/objects.ts'
import { verifyResult } from '../../lib/verify.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { ipfsAsset } from '../harness/items.ts'
import { startWorker } from '../harness/job-worker.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { PYTHON, skipWithout } from '../harness/requires.ts'
import { degreesOf, makeSeason, type SeasonScene } from '../harness/season.ts'
import { serveStac } from '../harness/stac-server.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'
import { type CodedRaster, tiffOfCode } from '../harness/tiff-of-code.ts'

const signal = AbortSignal.timeout(120_000)
const SIDE = 140
const dates = ['2023-05-02', '2023-05-20', '2023-06-07', '2023-06-25', '2023-08-12']
const joined = ['2023-06-07']
const plan = {
  side: SIDE,
  dates,
  joined,
  // Origins of Landsat differ by date.
  shifts: { '2023-05-20': [-3, 7], '2023-08-12': [5, -2] },
} as const

const folder = await mkdtemp(join(tmpdir(), 'composite-'))
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const season = await makeSeason(plan, blocks, folder)
let items: readonly JsonObject[] = season.items
const api = await serveStac(() => items)
const systems: TestSystem[] = []
after(async () => {
  await Promise.all(systems.map((system) => system.close()))
  await gateway.close()
  await rm(folder, { recursive: true, force: true })
})

async function start(env: Readonly<Record<string, string>> = {}): Promise<TestSystem> {
  const system = await startSystem({ IPFS_GATEWAYS: gateway.url, STAC_API_URL: api, ...env })
  systems.push(system)
  return system
}
const system = await start()

const asked = {
  search: { collections: ['landsat-c2l2-sr'], datetime: '2023' },
  max_size: 'full',
  outputs: ['figure', 'cog', 'item'],
} as const
const triangle = {
  type: 'Polygon',
  coordinates: [
    await degreesOf([
      [20, 15],
      [118, 40],
      [60, 150],
      [20, 15],
    ]),
  ],
}

function post(body: object, { base }: TestSystem = system, query = ''): Promise<Response> {
  return fetch(`${base}/composite${query}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
}

async function compose(body: object, where = system): Promise<JointReply> {
  const response = await post(body, where)
  assert.equal(response.status, 200, await response.clone().text())
  return json<JointReply>(response)
}

async function refused(body: object, status: number, where = system): Promise<Problem> {
  const response = await post(body, where)
  assert.equal(response.status, status)
  return json<Problem>(response)
}

interface File {
  readonly transform: readonly number[]
  readonly dtype: string
  readonly nodata: string
  readonly sha256: string
  readonly expected: string
}

interface Reference {
  readonly transform: readonly number[]
  readonly shape: readonly number[]
  readonly total: number
  readonly valid: number
  readonly mean: number
  readonly stddev: number
  readonly minimum: number
  readonly maximum: number
  readonly percentiles: readonly number[]
  readonly pixels: string
  readonly counts: readonly number[]
  readonly file: File
  readonly dates: File | null
}

/** By date; two scenes of one day are one observation. */
function observationsOf(scenes: readonly SeasonScene[]): readonly (readonly SeasonScene[])[] {
  return [...Map.groupBy(scenes, ({ date }) => date).values()]
}

interface Wish {
  readonly reduce: string
  readonly geometry?: JsonObject
  readonly step?: number
}

async function reference(
  { reduce, geometry, step = 1 }: Wish,
  { root, assets }: JointReply,
): Promise<Reference> {
  const download = async (name: string): Promise<string> => {
    const path = join(folder, `${root.cid}-${name}`)
    const response = await fetch(`${system.base}/ipfs/${root.cid}/${name}`)
    await writeFile(path, new Uint8Array(await response.arrayBuffer()))
    return path
  }
  const input = JSON.stringify({
    observations: observationsOf(season.scenes),
    geometry: geometry ?? null,
    step,
    scale: [
      [0.0000275, -0.2],
      [0.0000275, -0.2],
    ],
    // Fill, dilated cloud, cirrus, cloud and its shadow.
    masked: { bits: 0b11111, values: [], saturated: [] },
    reduce,
    tif: await download('composite.tif'),
    dates: assets['dates'] === undefined ? null : await download('dates.tif'),
  })
  const script = fileURLToPath(new URL('../fixtures/composite_reference.py', import.meta.url))
  const python = spawn(PYTHON, ['-W', 'ignore', '-B', script])
  let [output, errors] = ['', '']
  python.stdout.setEncoding('utf8').on('data', (part: string) => (output += part))
  python.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part))
  python.stdin.end(input)
  const [status] = await once(python, 'close')
  assert.equal(status, 0, errors)
  return JSON.parse(output)
}

function requireEqual(reply: JointReply, expected: Reference): void {
  assert.deepEqual([...reply.grid.transform], expected.transform)
  assert.deepEqual([...reply.grid.shape], expected.shape)
  const told = reply.statistics['ndvi']
  assert.ok(told)
  assert.deepEqual(
    [told.total_count, told.valid_count, told.minimum, told.maximum],
    [expected.total, expected.valid, expected.minimum, expected.maximum],
  )
  for (const name of ['mean', 'stddev'] as const) {
    assert.ok(Math.abs(told[name]! - expected[name]) < 1e-12, `${name} ${told[name]}`)
  }
  for (const [at, value] of Object.values(told.percentiles).entries()) {
    assert.ok(Math.abs(value! - expected.percentiles[at]!) < 1e-12)
  }
  assert.equal(expected.file.sha256, expected.file.expected)
  assert.deepEqual([expected.file.dtype, expected.file.nodata], ['float32', 'nan'])
  assert.deepEqual(expected.file.transform, expected.transform)
  if (expected.dates === null) {
    const told = reply.sources?.map(({ date, pixels }) => [date, pixels])
    return assert.deepEqual(
      told,
      dates.map((date) => [date, undefined]),
    )
  }
  assert.equal(expected.dates.sha256, expected.dates.expected)
  assert.deepEqual([expected.dates.dtype, expected.dates.nodata], ['int32', '-2147483648.0'])
  assert.deepEqual(
    reply.sources?.map(({ date, pixels }) => [date, pixels]),
    dates.map((date, at) => [date, expected.counts[at]]),
  )
}

describe('POST /composite', () => {
  for (const reduce of compositeMethods) {
    it(`is numpy's ${reduce}, with the day of each pixel`, async (t) => {
      if (skipWithout(t, rasterioRequirement)) return
      // The other methods take the same rows.
      if (reduce === 'max_ndvi') {
        const whole = await compose({ ...asked, reduce })
        requireEqual(whole, await reference({ reduce }, whole))
      }
      const cut = await compose({ ...asked, reduce, geometry: triangle })
      requireEqual(cut, await reference({ reduce, geometry: triangle }, cut))
    })
  }

  it('takes every nth pixel of the common grid where the scenes have no common overview', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const wish = { reduce: 'max_ndvi', geometry: triangle, step: 3 }
    const reply = await compose({ ...asked, geometry: triangle, max_size: 50 })
    requireEqual(reply, await reference(wish, reply))
    assert.match(reply.warnings.join('\n'), /one pixel in 3 of level 0/)
  })
})

function dateOf({ properties }: JsonObject): string {
  const time = isJsonObject(properties) ? properties['datetime'] : null
  return typeof time === 'string' ? time.slice(0, 10) : ''
}

/** The same but for what depends on who read it, and when. */
function result({ root, assets, statistics, sources }: JointReply) {
  return { root: root.cid, assets: Object.keys(assets), statistics, sources }
}

describe('the result of a composite', () => {
  it('is the same whatever the order of the items, whoever computes it, and is known again', async () => {
    const body = { ...asked, geometry: triangle, rescale: [0, 1] }
    const first = await compose(body)
    items = season.items.toReversed()
    const known = await compose(body)
    const other = await compose(body, await start({ MAX_PIXELS_SYNC: '100000000' }))
    items = season.items
    assert.deepEqual([first.cached, known.cached, other.cached], [false, true, false])
    assert.deepEqual(result(known), result(first))
    assert.deepEqual(result(other), result(first))
    assert.deepEqual([known.id, other.id], [first.id, first.id])
  })

  it('is the same as a job, from the items that were found when it was asked for', async () => {
    const body = { ...asked, reduce: 'median', geometry: triangle }
    const direct = await compose(body)
    const other = await start({ MAX_PIXELS_SYNC: '1000' })
    const worker = startWorker(other.services)
    try {
      // Larger than a request may be, so that it becomes a job by itself.
      const accepted = await post(body, other)
      assert.equal(accepted.status, 202)
      const { id } = await json<{ id: string }>(accepted)
      let job: JobReply<JointReply>
      do {
        await new Promise((resolve) => setTimeout(resolve, 50))
        job = await json(await fetch(`${other.base}/jobs/${id}`))
      } while (job.status === 'accepted' || job.status === 'running')
      assert.equal(job.status, 'successful', JSON.stringify(job.error))
      assert.ok(job.result)
      assert.deepEqual([job.result.id, result(job.result)], [direct.id, result(direct)])
      assert.deepEqual(job.result.left_out, [])
    } finally {
      await worker.stop()
    }
  })

  it('lists what was not used, and tells the trust of each scene', async () => {
    const apart = await makeSeason(
      { side: 60, dates: ['2023-07-10'], joined: [], shifts: { '2023-07-10': [0.5, 20] } },
      blocks,
      folder,
    )
    const [first] = season.scenes
    const older = { ...season.items[0], id: first!.id.replace('20240101', '20230601') }
    items = [...season.items, ...apart.items, older]
    const body = { ...asked, reduce: 'latest_valid' }
    const twice = async () => [await compose(body), await compose(body)] as const
    const [reply, again] = await twice().finally(() => {
      items = season.items
    })
    assert.deepEqual({ ...again, cached: false }, reply)
    assert.equal(again.cached, true)
    const [same, grid] = reply.left_out ?? []
    assert.equal(reply.left_out?.length, 2)
    assert.match(same?.reason ?? '', /is a newer processing of the same acquisition/)
    assert.equal(grid?.id, apart.items[0]?.['id'])
    assert.match(
      grid?.reason ?? '',
      /another grid \(EPSG:32633, pixels of 30 from 500600, 5399985\) than the 6 scenes/,
    )
    assert.deepEqual(
      Object.keys(reply.scenes).toSorted(),
      season.scenes.map(({ id }) => id).toSorted(),
    )
    for (const { proof } of Object.values(reply.scenes)) assert.equal(proof.trust, 'cid')
    assert.deepEqual(reply.sources?.find(({ date }) => date === '2023-06-07')?.scenes.length, 2)
  })

  it('is of the grid on which most ground was seen, whether that counts in metres or in degrees', async () => {
    const scene = async (id: string, raster: Omit<CodedRaster, 'value'>, date: string) => {
      const red = ipfsAsset(
        (await blocks.add(tiffOfCode({ ...raster, value: () => 100 }))).toString(),
      )
      const nir = ipfsAsset(
        (await blocks.add(tiffOfCode({ ...raster, value: () => 300 }))).toString(),
      )
      const properties = { datetime: `${date}T10:00:00Z`, platform: 'any' }
      const fields = { type: 'Feature', stac_version: '1.0.0', collection: 'mixed', links: [] }
      const geometry = boxGeometry([-2, 48, 1, 49])
      return { ...fields, id, geometry, properties, assets: { red, nir } }
    }
    const grid = { rows: 100, cols: 100 }
    const degrees = { ...grid, code: 4326, isGeographic: true }
    const wide = { ...degrees, transform: [0.003, 0, -0.15, 0, -0.003, 49] } as const
    // Across Greenwich a box lies at both ends of it.
    const globe = { ...degrees, cols: 200, transform: [1.8, 0, 0, 0, -1.8, 90] } as const
    const narrow = {
      ...grid,
      code: 32631,
      isGeographic: false,
      transform: [30, 0, 280_000, 0, -30, 5_420_000],
    } as const
    items = [
      await scene('wide', wide, '2023-05-01'),
      await scene('narrow', narrow, '2023-05-02'),
      await scene('globe', globe, '2023-05-03'),
    ]
    const body = {
      search: { collections: ['mixed'] },
      bbox: [-0.15, 48.7, 0.15, 49],
      outputs: ['item'],
    }
    const reply = await compose(body).finally(() => {
      items = season.items
    })
    assert.deepEqual([Object.keys(reply.scenes), reply.grid.shape], [['wide'], [100, 100]])
    assert.deepEqual(reply.left_out, [
      {
        id: 'narrow',
        reason:
          'it lies on another grid (EPSG:32631, pixels of 30 from 280000, 5420000) than the scene that is composed (EPSG:4326, pixels of 0.003 from -0.15, 49)',
      },
      {
        id: 'globe',
        reason:
          'it lies on another grid (EPSG:4326, pixels of 1.8 from 0, 90) than the scene that is composed (EPSG:4326, pixels of 0.003 from -0.15, 49)',
      },
    ])
    const alone = { search: { collections: ['mixed'], ids: ['globe'] }, bbox: body.bbox }
    items = [await scene('globe', globe, '2023-05-03')]
    const problem = await refused(alone, 400).finally(() => {
      items = season.items
    })
    assert.match(problem.detail, /meets the scene at both of its ends/)
  })

  it('is drawn on a map, and found in the catalogue', async () => {
    const { root } = await compose({ ...asked, geometry: triangle })
    const tiles = await fetch(`${system.base}/tilejson.json?root=${root.cid}`)
    assert.equal(tiles.status, 200, await tiles.clone().text())
    const found = await fetch(`${system.base}/stac/collections/composites/items`)
    const { features } = await json<{ features: JsonObject[] }>(found)
    assert.ok(features.length > 0)
    const figure = await post({ ...asked, geometry: triangle }, system, '?f=png')
    assert.equal(figure.headers.get('content-type'), 'image/png')
  })

  it('is refused in words that say what to do', async () => {
    const elsewhere = { ...asked, bbox: [20, 10, 21, 11] }
    assert.equal((await refused(elsewhere, 404)).code, 'scene_not_found')
    const none = await refused({ search: { ids: ['none'] } }, 404)
    assert.equal(none.code, 'scene_not_found')
    const { details } = await refused({ ...asked, reduce: 'mean' }, 400)
    assert.match(details?.join('') ?? '', /reduce/)
    const small = await start({ MAX_PIXELS: '5000' })
    assert.match((await refused(asked, 413, small)).detail, /"max_size": 88 or less/)
    await compose({ ...asked, max_size: 88 }, small)
  })
})

describe('a composite whose worker ends in the middle', () => {
  it('goes on behind the rows that were kept, to the same root, and leaves none of them', async () => {
    const tall = await makeSeason({ side: 700, dates: dates.slice(1, 3), joined }, blocks, folder)
    const sources = [...Map.groupBy(tall.items, dateOf).values()]
    const { services } = await start()
    const order: CompositeOrder = {
      kind: 'composite',
      request: {
        items: await keepItems(sources, services, signal),
        reduce: 'max_ndvi',
        scale: 'auto',
        mask: null,
        max_size: 'full',
        colormap_name: 'rdylgn',
        rescale: [-1, 1],
        outputs: ['cog', 'item'],
      },
      pin: false,
    }
    const run = { ...unlimited, fresh: true, tell: () => undefined }
    const straight = await composeScenes(order, services, run, signal)
    const writes: string[] = []
    const ended = new AbortController()
    const objects: ObjectStore = {
      ...services.objects,
      put: async (key, ...rest) => {
        writes.push(key)
        const written = await services.objects.put(key, ...rest)
        if (writes.length === 1) ended.abort(new Error('the time is up'))
        return written
      },
    }
    const mortal = { ...services, longWork: 0, objects }
    await assert.rejects(composeScenes(order, mortal, run, ended.signal), /the time is up/)
    const again = await composeScenes(order, mortal, run, signal)
    assert.equal(again.root, straight.root)
    const rows = writes.map((key) => Number(key.split('/').at(-1)))
    assert.ok(rows.length >= 3)
    assert.deepEqual(
      rows,
      [...new Set(rows)].toSorted((one, other) => one - other),
    )
    // A verification that is as long keeps rows of its own, and none of them stays either.
    const own = writes.splice(0)
    const request = { cid: again.root }
    const verified = await verifyResult(
      { kind: 'verify', request, pin: false },
      mortal,
      run,
      signal,
    )
    assert.equal(verified.reproduced, true)
    const kept = writes.filter((key) => key.startsWith('composites/'))
    assert.equal(kept.length, own.length)
    assert.ok(kept.every((key) => !own.includes(key)))
    assert.deepEqual(await services.objects.list('composites', null, 10, signal), [])
  })
})
