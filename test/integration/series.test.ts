// A series over the API: a year of scenes and fifty fields, each row held against rasterio and numpy.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { SeriesReply } from '../../lib/http/series-reply.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { stacApi } from '../harness/catalogue-hosts.ts'
import { startGateway } from '../harness/gateway.ts'
import { type JobWorker, startWorker } from '../harness/job-worker.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { PYTHON, skipWithout } from '../harness/requires.ts'
import { datesOfYear, makeSeason, type SeasonScene, seasonZones } from '../harness/season.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'
import { serve } from '../unit/net/loopback.ts'

const SIDE = 90
const dates = datesOfYear(2023)
const joined = dates.filter((_, at) => at % 5 === 1).slice(0, 4)

const folder = await mkdtemp(join(tmpdir(), 'season-'))
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const season = await makeSeason({ side: SIDE, dates, joined }, blocks, folder)
const features = await seasonZones(SIDE, 50)
let items: readonly JsonObject[] = season.items
const answerStac = stacApi(() => items, '')
const api = await serve((request, response) => {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  void answerStac(request, response, url, String)
})
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

async function post({ base }: TestSystem, body: object, status: number): Promise<SeriesReply> {
  const response = await fetch(`${base}/series`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(response.status, status, response.status === status ? '' : await response.text())
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
function reference(
  groups: readonly (readonly (readonly SeasonScene[])[])[],
  reduce = 'mean',
): readonly (readonly ReferenceRow[])[] {
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
  const { stdout, stderr, status } = spawnSync(PYTHON, ['-W', 'ignore', '-B', script], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
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

  it('has each row as rasterio and numpy count it', (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const observations = byDate(season.scenes)
    const answers = reference(observations.map((scenes) => [scenes]))
    requireEqual(
      reply,
      observations.map((scenes, at) => ({ date: scenes[0]!.date, rows: answers[at]! })),
    )
    assert.equal(new Set(reply.rows.map(({ date }) => date)).size, dates.length)
    assert.ok(
      reply.rows.some(({ mean }) => mean === null) && reply.rows.some(({ mean }) => mean !== null),
    )
  })
})
