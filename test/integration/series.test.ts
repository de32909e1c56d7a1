// A series over the API: a year of scenes and fifty fields, each row held against rasterio and numpy.
// Long: many situations of one year of scenes, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { boxGeometry } from '../../lib/geo/antimeridian.ts'
import type { SeriesReply } from '../../lib/http/series-reply.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { recallSeries } from '../../lib/series.ts'
import { createSeriesRecords } from '../../lib/store/series-records.ts'
import { MemoryBlocks, noise } from '../harness/blocks.ts'
import { startCopyHost } from '../harness/copy-host.ts'
import { startGateway } from '../harness/gateway.ts'
import { importDirectory } from '../harness/import-dag.ts'
import { assetsOf, ipfsAsset } from '../harness/items.ts'
import { type JobWorker, startWorker } from '../harness/job-worker.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { PYTHON, skipWithout } from '../harness/requires.ts'
import {
  datesOfYear,
  makeSeason,
  type SeasonScene,
  seasonalNdvi,
  seasonZones,
} from '../harness/season.ts'
import { serveStac } from '../harness/stac-server.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'

const SIDE = 90
const dates = datesOfYear(2023)
const joined = dates.filter((_, at) => at % 5 === 1).slice(0, 4)

const folder = await mkdtemp(join(tmpdir(), 'season-'))
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const season = await makeSeason({ side: SIDE, dates, joined }, blocks, folder)
const features = await seasonZones(SIDE, 50)
let items: readonly JsonObject[] = season.items
/** A file that is not a raster. */
const NOTHING = (await blocks.add(noise(5_000))).toString()
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

const asked = {
  search: { collections: ['landsat-c2l2-sr'], datetime: '2023' },
  features,
} as const

/** The first months of it. */
const spring = { ...asked, search: { ...asked.search, datetime: '2023-01/2023-03' } }
const springDates = dates.filter((date) => date < '2023-04')

async function post(
  { base }: TestSystem,
  body: object,
  status: number | null,
): Promise<SeriesReply> {
  const response = await fetch(`${base}/series`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  if (status !== null) assert.equal(response.status, status)
  assert.ok(response.ok)
  return json<SeriesReply>(response)
}

async function get({ base }: TestSystem, id: string, query = ''): Promise<Response> {
  const response = await fetch(`${base}/series/${id}${query}`)
  assert.equal(response.status, 200)
  return response
}

/** Until the series has ended. */
async function finished(system: TestSystem, id: string): Promise<SeriesReply> {
  for (;;) {
    const reply = await json<SeriesReply>(await get(system, id))
    if (reply.status === 'successful') return reply
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

interface ReferenceRow {
  readonly covered: number
  readonly total: number
  readonly valid: number
  readonly mean: number | null
  readonly stddev: number | null
  readonly minimum: number | null
  readonly maximum: number | null
  readonly percentiles: readonly (number | null)[]
}

/** Of each group and zone. */
async function reference(
  groups: readonly (readonly (readonly SeasonScene[])[])[],
  reduce = 'mean',
): Promise<readonly (readonly ReferenceRow[])[]> {
  const script = fileURLToPath(new URL('../fixtures/series_reference.py', import.meta.url))
  const input = JSON.stringify({
    groups,
    zones: features.map(({ geometry }) => geometry),
    scale: [
      [0.0000275, -0.2],
      [0.0000275, -0.2],
    ],
    // Fill, dilated cloud, cirrus, cloud and its shadow.
    masked: { bits: 0b11111, values: [], saturated: [] },
    reduce,
  })
  const python = spawn(PYTHON, ['-W', 'ignore', '-B', script])
  let [output, errors] = ['', '']
  python.stdout.setEncoding('utf8').on('data', (part: string) => (output += part))
  python.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part))
  python.stdin.end(input)
  const [status] = await once(python, 'close')
  assert.equal(status, 0, errors)
  return JSON.parse(output)
}

/** Every row of the reply, and no other, with the reference's numbers. */
function requireEqual(
  { rows }: SeriesReply,
  dated: readonly { readonly date: string; readonly rows: readonly ReferenceRow[] }[],
): void {
  const expected = dated.flatMap(({ date, rows }) =>
    rows.flatMap((row, at) =>
      row.covered === 0 ? [] : [{ ...row, date, zone: features[at]?.['id'] }],
    ),
  )
  assert.equal(rows.length, expected.length)
  const near = (a: number | null, b: number | null) =>
    a === b || Math.abs((a ?? Number.NaN) - (b ?? Number.NaN)) <= 1e-12 + 1e-9 * Math.abs(b ?? 0)
  for (const [at, row] of rows.entries()) {
    const other = expected[at]!
    const name = `${other.date} ${JSON.stringify(other.zone)}`
    assert.equal(`${row.date} ${JSON.stringify(row.zone)}`, name)
    assert.deepEqual([row.valid_count, row.total_count], [other.valid, other.total], name)
    const isTold = (100 * other.valid) / other.total >= 50
    const numbers = [
      row.mean,
      row.stddev,
      row.minimum,
      row.maximum,
      row.p2,
      row.p25,
      row.median,
      row.p75,
      row.p98,
    ]
    const wanted = [other.mean, other.stddev, other.minimum, other.maximum, ...other.percentiles]
    for (const [place, number] of numbers.entries()) {
      const right = isTold ? wanted[place]! : null
      assert.ok(near(number, right), `${name}: ${place}: ${number} is not ${right}`)
    }
  }
}

function byDate(scenes: readonly SeasonScene[]): readonly (readonly SeasonScene[])[] {
  return [...Map.groupBy(scenes, ({ date }) => date).values()]
}

describe('a year of fifty fields', () => {
  let system: TestSystem
  let worker: JobWorker
  let reply: SeriesReply
  before(async () => {
    system = await start()
    worker = startWorker(system.services)
    const { id } = await post(system, asked, 202)
    reply = await finished(system, id)
  })
  after(() => worker.stop())

  it('has each row as rasterio and numpy count it', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const observations = byDate(season.scenes)
    const answers = await reference(observations.map((scenes) => [scenes]))
    requireEqual(
      reply,
      observations.map((scenes, at) => ({ date: scenes[0]!.date, rows: answers[at]! })),
    )
    assert.equal(new Set(reply.rows.map(({ date }) => date)).size, dates.length)
    assert.ok(reply.rows.some(({ mean }) => mean === null))
    assert.ok(!reply.rows.some(({ date }) => date.startsWith('2023-07')))
  })

  it('follows the curve of the seasons', () => {
    const clear = reply.rows.filter(({ valid_percent }) => valid_percent > 90)
    assert.ok(clear.length > 500)
    for (const { date, median } of clear) {
      assert.ok(Math.abs((median ?? 9) - seasonalNdvi(date)) < 0.25, `${date}: ${median}`)
    }
  })

  it('counts the scenes of a day once, and lists them', () => {
    const both = reply.rows.filter(({ date }) => date === joined[0])
    assert.ok(both.every(({ scenes }) => scenes.length === 2))
    assert.deepEqual(reply.progress, { done: dates.length, failed: 0, total: dates.length })
  })

  it('is answered at once when it is asked again, as CSV of one zone too', async () => {
    const worked = worker.worked()
    const again = await post(system, asked, 200)
    assert.deepEqual(again, reply)
    assert.equal(worker.worked(), worked)
    const csv = await (await get(system, reply.id, '?f=csv&zone=field-7')).text()
    const [head = '', ...lines] = csv.split('\r\n')
    const rows = reply.rows.filter(({ zone }) => zone === 'field-7')
    assert.equal(lines.length, rows.length + 1)
    const at = head.split(',').indexOf('mean')
    assert.deepEqual(
      lines.slice(0, -1).map((line) => line.split(',')[at]),
      rows.map(({ mean }) => (mean === null ? '' : String(mean))),
    )
  })

  it('is drawn as a chart, of a few zones or of one', async () => {
    for (const query of ['?f=png', '?f=png&zone=field-17']) {
      const response = await get(system, reply.id, query)
      assert.equal(response.headers.get('content-type'), 'image/png')
      const bytes = Buffer.from(await response.arrayBuffer())
      const folder = process.env['GREENPRINT_CHARTS']
      if (folder !== undefined) await writeFile(join(folder, `${query.slice(3)}.png`), bytes)
      assert.equal(bytes.subarray(1, 4).toString(), 'PNG')
    }
    const svg = await (await get(system, reply.id, '?f=svg&zone=field-7')).text()
    const rows = reply.rows.filter(({ zone, mean }) => zone === 'field-7' && mean !== null)
    assert.equal([...svg.matchAll(/<circle /g)].length, rows.length)
  })

  it('is a directory of the same root whatever the order of the items and the zones of others', async () => {
    const here = await finished(system, (await post(system, spring, null)).id)
    assert.ok(here.root)
    const other = await start()
    items = season.items.toReversed()
    // Two workers, as two functions that run at once.
    const workers = [startWorker(other.services), startWorker(other.services)]
    const { id } = await post(other, spring, 202)
    const same = await finished(other, id)
    items = season.items
    await Promise.all(workers.map((each) => each.stop()))
    assert.equal(same.root?.cid, here.root.cid)
    assert.deepEqual(same.rows, here.rows)
    const alone = await post(system, { ...spring, features: features.slice(6, 7) }, null)
    const { rows } = await finished(system, alone.id)
    const bare = (all: SeriesReply['rows']) => all.map((row) => ({ ...row, root: null }))
    assert.deepEqual(bare(rows), bare(here.rows.filter(({ zone }) => zone === 'field-7')))
    const file = await fetch(`${system.base}/ipfs/${here.root.cid}/series.csv`)
    assert.equal(file.status, 200)
    assert.equal((await file.text()).split('\r\n').length, here.rows.length + 2)
  })

  it('is whole in its directory: where its zones lie, and what each row was counted from', async () => {
    const system = await start()
    const worker = startWorker(system.services)
    const { id } = await post(system, { ...spring, features: features.slice(0, 2) }, 202)
    const { root, rows } = await finished(system, id)
    await worker.stop()
    const read = async (name: string) =>
      (await fetch(`${system.base}/ipfs/${root?.cid}/${name}`)).text()
    const { request }: { request: { zones: string } } = JSON.parse(await read('series.json'))
    const areas = await read('areas.json')
    assert.equal(createHash('sha256').update(areas).digest('hex'), request.zones)
    const { zones }: { zones: { id: string; geometry: JsonObject }[] } = JSON.parse(areas)
    assert.deepEqual(
      zones.map((zone) => [zone.id, zone.geometry['type']]),
      features.slice(0, 2).map((feature) => [feature['id'], 'Polygon']),
    )
    const lines = (await read('observations.jsonl')).split('\n')
    assert.equal(lines.pop(), '')
    const roots: string[] = []
    for (const line of lines) {
      const files = new Map([['zones.json', new TextEncoder().encode(line)]])
      roots.push((await importDirectory(files, 'unixfs-v1-2025')).root.toString())
    }
    assert.deepEqual(roots, [...new Set(rows.map((row) => row.root))])
  })

  it('too long to be kept whole, is packed once, and again where its rows come of something else', async () => {
    const system = await start()
    const worker = startWorker(system.services)
    const { id } = await post(system, { ...spring, features: features.slice(0, 2) }, 202)
    const { root, rows } = await finished(system, id)
    await worker.stop()
    let packed = 0
    const { store, records } = system.services
    const series = createSeriesRecords(records, async () => true, 1)
    const services = {
      ...system.services,
      series: { ...series, finished: async () => null },
      store: {
        ...store,
        keep: (...given: Parameters<typeof store.keep>) => {
          packed++
          return store.keep(...given)
        },
      },
    }
    const { signal } = new AbortController()
    for (const times of [1, 1]) {
      const again = await recallSeries(id, services, signal)
      assert.deepEqual([again?.root, again?.rows.length], [root?.cid, rows.length])
      assert.equal(packed, times)
    }
    const record = await series.get(id, signal)
    assert.ok(record)
    const [first, ...others] = record.groups
    assert.ok(first)
    const problem = { code: 'asset_missing', detail: 'It has none.' }
    await series.put({ ...record, groups: [{ ...first, problem }, ...others] }, signal)
    const other = await recallSeries(id, services, signal)
    assert.equal(packed, 2)
    assert.notEqual(other?.root, root?.cid)
    assert.deepEqual(other?.rows[0]?.problem, problem)
  })

  for (const reduce of ['mean', 'median', 'max'] as const) {
    it(`has the ${reduce} of each pixel within a month, and a month without scenes as a gap`, async (t) => {
      if (skipWithout(t, rasterioRequirement)) return
      const body = { ...asked, aggregationInterval: { of: 'P1M' }, reduce }
      const { id } = await post(system, body, 202)
      const monthly = await finished(system, id)
      const months = [...Map.groupBy(season.scenes, ({ date }) => date.slice(0, 7))]
      const answers = await reference(
        months.map(([, scenes]) => byDate(scenes)),
        reduce,
      )
      const gap = monthly.rows.filter(({ date }) => date === '2023-07-01')
      assert.equal(gap.length, features.length)
      assert.ok(gap.every(({ mean, scenes }) => mean === null && scenes.length === 0))
      requireEqual(
        { ...monthly, rows: monthly.rows.filter(({ date }) => date !== '2023-07-01') },
        months.map(([month], at) => ({ date: `${month}-01`, rows: answers[at]! })),
      )
    })
  }
})

describe('a series that is killed in the middle', () => {
  it('goes on where it was, and counts nothing twice', async () => {
    const system = await start()
    const first = startWorker(system.services, 6)
    const { id, status } = await post(system, spring, 202)
    assert.equal(status, 'running')
    while (first.worked() < 6) await new Promise((resolve) => setTimeout(resolve, 20))
    await first.stop()
    const half = await json<SeriesReply>(await get(system, id))
    assert.deepEqual([half.progress.done, half.root], [6, null])
    assert.ok(half.rows.length > 0)
    const again = await post(system, spring, 202)
    assert.equal(again.id, id)
    const second = startWorker(system.services)
    const whole = await finished(system, id)
    await second.stop()
    assert.equal(whole.progress.done, springDates.length)
    const made = await readdir(join(system.dataDir, 'results'))
    assert.equal(made.length, springDates.length)
    // Asked twice, what had not begun was queued twice; it was begun once.
    for (const name of await readdir(join(system.dataDir, 'jobs'))) {
      const job = JSON.parse(await readFile(join(system.dataDir, 'jobs', name), 'utf8'))
      assert.deepEqual([job.status, job.attempts], ['successful', 1])
    }
  })
})

describe('a series that is to be published', () => {
  it('is, once its last scene has ended, and tells where', async () => {
    const system = await start({ PUBLISHERS: 'local' })
    const worker = startWorker(system.services)
    const body = { ...spring, features: features.slice(0, 1), interval: 'P1M' }
    const plain = await post(system, body, null)
    await post(system, { ...body, pin: true }, null)
    await post(system, body, null)
    const { root, publications } = await finished(system, plain.id)
    await worker.stop()
    assert.deepEqual(
      publications.map(({ service, status }) => [service, status]),
      [['local', 'held']],
    )
    const record = await fetch(`${system.base}/publications/${root?.cid}`)
    assert.equal(record.status, 200)
    const again = await post(system, { ...body, pin: true }, 200)
    assert.deepEqual(again.publications, publications)
    assert.deepEqual((await post(system, body, 200)).publications, publications)
  })
})

describe('a series', () => {
  it('tells a scene that could not be used and a zone without pixels, and counts the others', async () => {
    const system = await start()
    const broken = season.items[3] ?? {}
    const bad = { ...broken, assets: { ...assetsOf(broken), red: ipfsAsset(NOTHING) } }
    items = [...season.items.slice(0, 3), bad]
    const worker = startWorker(system.services)
    const away = {
      type: 'Feature',
      id: 'away',
      properties: {},
      geometry: boxGeometry([9, 1, 10, 2]),
    }
    const { id } = await post(system, { ...asked, features: [...features, away] }, 202)
    const reply = await finished(system, id)
    items = season.items
    await worker.stop()
    assert.equal(reply.progress.failed, 1)
    const [warning = ''] = reply.warnings
    assert.match(warning, /^no scene that was counted has a pixel with its centre in "away":/)
    const problems = reply.rows.filter(({ problem }) => problem !== undefined)
    assert.deepEqual(
      problems.map(({ zone, problem }) => [zone, problem?.code]),
      [[null, 'raster_unusable']],
    )
  })

  it('tells of its files what is known by its own items, whoever had them counted before', async () => {
    const host = await startCopyHost()
    const system = await start()
    const worker = startWorker(system.services)
    try {
      const [first = {}] = season.items
      const [scene] = season.scenes
      assert.ok(scene)
      const [named, plain]: Record<string, JsonObject>[] = [{}, {}]
      for (const [at, key] of ['red', 'nir08', 'qa_pixel'].entries()) {
        const bytes = new Uint8Array(await readFile([scene.red, scene.nir, scene.qa][at] ?? ''))
        host.put(`${key}.tif`, bytes)
        const cid = await blocks.add(bytes, 'unixfs-v1-2025')
        Object.assign(named ?? {}, { [key]: ipfsAsset(cid.toString()) })
        Object.assign(plain ?? {}, { [key]: { href: `${host.url}/${key}.tif` } })
      }
      const trustsOf = async (assets: JsonObject | undefined, min_valid: number) => {
        items = [{ ...first, assets: assets ?? {} }]
        const { id } = await post(system, { ...asked, min_valid }, null)
        const { rows } = await finished(system, id)
        assert.ok(rows.length > 1 && rows.every(({ mean }) => mean !== undefined))
        return [...new Set(rows.map(({ trust }) => trust))]
      }
      assert.deepEqual(await trustsOf(named, 1), ['cid'])
      // Not known when they are asked for, then known.
      assert.deepEqual(await trustsOf(plain, 1), ['fingerprint'])
      assert.deepEqual(await trustsOf(plain, 2), ['fingerprint'])
      assert.deepEqual(await trustsOf(named, 2), ['cid'])
    } finally {
      items = season.items
      await worker.stop()
      await host.close()
    }
  })

  const refusals = [
    ['without collections', { ...asked, search: {} }, 400, /collections is needed/],
    [
      'without an area',
      { search: asked.search },
      400,
      /exactly one of geometry, bbox and features/,
    ],
    [
      'with a zone named twice',
      { ...asked, features: [features[0], features[0]] },
      400,
      /id of its own/,
    ],
    ['with reduce alone', { ...asked, reduce: 'max' }, 400, /give interval too/],
    ['with an interval of hours', { ...asked, interval: 'PT6H' }, 400, /not a duration/],
    [
      'with 1,001 zones',
      { ...asked, features: Array.from({ length: 1001 }, () => features[0]) },
      413,
      /in 2 requests/,
    ],
    [
      'that finds nothing',
      { ...asked, search: { ...asked.search, datetime: '1999' } },
      404,
      /Widen/,
    ],
  ] as const
  for (const [what, body, status, words] of refusals) {
    it(`${what} is refused, and says why`, async () => {
      const [system = await start()] = systems
      const response = await fetch(`${system.base}/series`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      })
      assert.equal(response.status, status)
      assert.match((await json<{ detail: string }>(response)).detail, words)
    })
  }
})
