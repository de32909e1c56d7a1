// POST /verify of composites and changes: a stranger computes them again from their items, and sees what was changed.
// Long: many situations of one set of scenes, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { JointReply } from '../../lib/http/joint-reply.ts'
import type { Problem } from '../../lib/http/problem.ts'
import type { VerifyReply } from '../../lib/http/reply.ts'
import type { SourcesReply } from '../../lib/http/results.ts'
import type { Json, JsonObject } from '../../lib/model/json.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { assetsOf } from '../harness/items.ts'
import { degreesOf, makeSeason } from '../harness/season.ts'
import { serveStac } from '../harness/stac-server.ts'
import { json, startSystem } from '../harness/system.ts'
import { at } from '../unit/stac/sample-items.ts'

const folder = await mkdtemp(join(tmpdir(), 'verify-joint-'))
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const dates = ['2023-05-02', '2023-06-07', '2023-08-12']
const plan = {
  side: 60,
  dates,
  joined: ['2023-06-07'],
  shifts: { '2023-08-12': [4, -3] },
} as const
const season = await makeSeason(plan, blocks, folder)
/** Of another grid, and of other ground. */
const apart = await makeSeason(
  { side: 30, dates: ['2023-04-01'], joined: [], shifts: { '2023-04-01': [0.5, 9] } },
  blocks,
  folder,
)
const away = await makeSeason(
  { side: 30, dates: ['2023-09-01'], joined: [], shifts: { '2023-09-01': [400, 400] } },
  blocks,
  folder,
)
let items: readonly JsonObject[] = season.items
const api = await serveStac(() => items)
const maker = await startSystem({ IPFS_GATEWAYS: gateway.url, STAC_API_URL: api })
/** Knows nothing of what was made: it has the gateways alone. */
const stranger = await startSystem({ IPFS_GATEWAYS: `${maker.base},${gateway.url}` })
after(async () => {
  await Promise.all([maker.close(), stranger.close()])
  await gateway.close()
  await rm(folder, { recursive: true, force: true })
})

function post(path: string, body: object, { base } = maker): Promise<Response> {
  return fetch(`${base}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
}

async function answer<Reply>(path: string, body: object, where = maker): Promise<Reply> {
  const response = await post(path, body, where)
  assert.equal(response.status, 200, await response.clone().text())
  return json<Reply>(response)
}

const compose = (body: object) => answer<JointReply>('/composite', { ...asked, ...body })
const verify = (body: object) => answer<VerifyReply>('/verify', body, stranger)
const itemOf = async ({ root }: JointReply) =>
  json<JsonObject>(await fetch(`${maker.base}/ipfs/${root.cid}/item.json`))

const asked = {
  search: { collections: ['landsat-c2l2-sr'], datetime: '2023' },
  max_size: 'full',
  outputs: ['cog', 'item'],
} as const
const corners = [
  [8, 5],
  [50, 20],
  [30, 55],
  [8, 5],
] as const
const triangle = { type: 'Polygon', coordinates: [await degreesOf(corners)] }

function qaOf(item: JsonObject = {}): Json {
  return assetsOf(item)['qa_pixel'] ?? null
}

function bandsOf(scenes: readonly { readonly id: string }[]): string[] {
  return scenes.flatMap(({ id }) => ['nir', 'qa', 'red'].map((band) => `${id}.${band}`)).toSorted()
}

describe('a published composite', () => {
  it('comes out again, by each way of composing it', async () => {
    const wishes = [
      { reduce: 'max_ndvi', geometry: triangle, outputs: ['figure', 'layer', 'cog', 'item'] },
      { reduce: 'median', mask: ['cloud'], rescale: [0, 1] },
      { reduce: 'latest_valid', max_size: 25, mask: [] },
    ]
    for (const wish of wishes) {
      const reply = await compose(wish)
      const again = await verify({ cid: reply.root.cid })
      assert.deepEqual([again.reproduced, again.differs], [true, []])
      assert.equal(again.root.cid, reply.root.cid)
    }
    const { proof } = await verify({ cid: (await compose(wishes[0] ?? {})).root.cid })
    assert.deepEqual(Object.keys(proof.bands).toSorted(), bandsOf(season.scenes))
    assert.equal(proof.trust, 'cid')
  })

  it('is the same whatever was found and left out beside its scenes', async () => {
    const wish = { geometry: triangle, reduce: 'latest_valid' }
    const alone = await compose(wish)
    // A quality band of other ground: nobody looks at it, for its scene is not used.
    const [other = {}] = apart.items
    const mistaken = { ...other, assets: { ...assetsOf(other), qa_pixel: qaOf(away.items[0]) } }
    items = [mistaken, ...season.items, ...away.items]
    const more = await compose(wish).finally(() => (items = season.items))
    assert.equal(more.left_out?.length, 1)
    assert.notEqual(more.id, alone.id)
    assert.equal(more.root.cid, alone.root.cid)
    // Also where nothing but the scenes themselves says what the area is.
    items = [...season.items, ...apart.items]
    const whole = await compose({ reduce: 'median' }).finally(() => (items = season.items))
    assert.equal((await verify({ cid: whole.root.cid })).reproduced, true)
  })

  it('is computed from what its maker says that its files can be read by', async () => {
    const { root } = await compose({ geometry: triangle })
    const sources = await json<SourcesReply>(
      await fetch(`${maker.base}/results/${root.cid}/sources.json`),
    )
    assert.deepEqual(Object.keys(sources.verify.copies).toSorted(), bandsOf(season.scenes))
    assert.equal((await verify(sources.verify)).reproduced, true)
    const copies = { 'before.red': ['https://data.example/red.tif'] }
    const response = await post('/verify', { cid: root.cid, copies }, stranger)
    assert.equal(response.status, 400)
    assert.match((await json<Problem>(response)).detail, /no band "before\.red".*LC09_\w+\.red/)
  })
})

describe('a composite that was changed', () => {
  const [first, second] = season.scenes

  /** The same item with something else in its properties. */
  async function tampered(change: (properties: JsonObject) => JsonObject): Promise<JsonObject> {
    const item = await itemOf(await compose({ reduce: 'max_ndvi', geometry: triangle }))
    const properties = Object(item['properties'])
    return { ...item, properties: { ...properties, ...change(properties) } }
  }

  const places = async (item: JsonObject) => {
    const { reproduced, differs } = await verify({ item })
    assert.equal(reproduced, false)
    return differs.map(({ at: place }) => place)
  }

  it('in a number is told with the number', async () => {
    const item = await tampered((properties) => ({
      'greenprint:area': { ...Object(properties['greenprint:area']), covered_percent: 12 },
    }))
    assert.deepEqual(await places(item), ['/properties/greenprint:area/covered_percent'])
  })

  it('in the file of a scene has other pixels', async () => {
    const item = await tampered((properties) => {
      const inputs = Object(properties['greenprint:inputs'])
      const red = { ...inputs[second!.id].red, cid: inputs[first!.id].red.cid }
      return {
        'greenprint:inputs': { ...inputs, [second!.id]: { ...inputs[second!.id], red } },
      }
    })
    const found = await places(item)
    assert.ok(found.includes('/assets/cog/file:checksum'), String(found))
  })

  it('in its list of scenes, or in their order, is told to be so', async () => {
    const without = (value: unknown) => ({ ...Object(value), [first!.id]: undefined })
    const fewer = await tampered((properties) => ({
      'greenprint:inputs': without(properties['greenprint:inputs']),
    }))
    const found = await places(fewer)
    assert.ok(found.includes('/properties/greenprint:sources/0/date'), String(found))
    assert.ok(found.includes('/id'))
    const unlisted = await tampered((properties) => {
      const sources = properties['greenprint:sources']
      return { 'greenprint:sources': Array.isArray(sources) ? sources.slice(1) : [] }
    })
    const missed = await places(unlisted)
    assert.ok(missed.every((place) => place.startsWith('/properties/greenprint:sources/')))
    const turned = await tampered((properties) => {
      const sources = properties['greenprint:sources']
      return { 'greenprint:sources': Array.isArray(sources) ? sources.toReversed() : [] }
    })
    assert.ok((await places(turned)).includes('/properties/greenprint:sources/0/date'))
  })

  it('by a scene that cannot be composed with the others is told which', async () => {
    const [other = {}] = apart.items
    const id = String(apart.scenes[0]?.id)
    const cidOf = (key: string) => ({ cid: at(assetsOf(other), key, 'href') })
    const item = await tampered((properties) => {
      const inputs = Object(properties['greenprint:inputs'])
      const { scene, red, nir, qa, ...like } = inputs[first!.id]
      const added = {
        ...like,
        scene: { ...scene, id },
        red: { ...red, ...cidOf('red') },
        nir: { ...nir, ...cidOf('nir08') },
        qa: { ...qa, ...cidOf('qa_pixel') },
      }
      return { 'greenprint:inputs': { ...inputs, [id]: added } }
    })
    const { reproduced, differs, warnings } = await verify({ item })
    assert.equal(reproduced, false)
    assert.deepEqual(
      differs.map((difference) => [difference.at, difference.recomputed]),
      [[`/properties/greenprint:inputs/${id}`, null]],
    )
    assert.match(
      warnings.join(),
      new RegExp(`${id}, which the item names, is left out: .*another grid`),
    )
  })

  it('into what is no result is refused', async () => {
    const kind = await tampered(() => ({ 'greenprint:kind': 'mosaic' }))
    const none = await tampered(() => ({ 'greenprint:inputs': {} }))
    const ageless = await tampered((properties) => {
      const inputs = Object(properties['greenprint:inputs'])
      const scene = { ...inputs[first!.id].scene, datetime: 'once' }
      return { 'greenprint:inputs': { ...inputs, [first!.id]: { ...inputs[first!.id], scene } } }
    })
    for (const [item, why] of [
      [kind, /greenprint:kind, "mosaic"/],
      [none, /name no scene/],
      [ageless, /does not say when it was taken/],
    ] as const) {
      const response = await post('/verify', { item }, stranger)
      const { code, detail } = await json<Problem>(response)
      assert.equal(code, 'item_invalid')
      assert.match(detail, why)
    }
  })
})

it('a change comes out again though its earlier scene has no address of its own', async () => {
  const [earlier, later] = season.items
  const self = { rel: 'self', href: `https://catalogue.example/items/${season.scenes[1]?.id}` }
  const reply = await answer<JointReply>('/change', {
    before: { item: earlier },
    after: { item: { ...later, links: [self] } },
    outputs: ['cog', 'item'],
  })
  assert.equal(at(await itemOf(reply), 'links', '0', 'href'), self.href)
  assert.equal((await verify({ cid: reply.root.cid })).reproduced, true)
})
