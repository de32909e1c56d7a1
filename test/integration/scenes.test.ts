// GET and POST /scenes: what a search finds, in the order that /ndvi chooses by, and where each band can be read from.
// Long: one set of hosts with a catalogue of each kind of scene; a test a promise.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Problem } from '../../lib/http/problem.ts'
import type { ScenesReply } from '../../lib/http/scenes.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { fileHost, loginHost, loginPage, stacApi } from '../harness/catalogue-hosts.ts'
import { type EmulatedHosts, startEmulatedHosts } from '../harness/emulated-hosts.ts'
import { importFile } from '../harness/import-dag.ts'
import { ipfsAsset } from '../harness/items.ts'
import { sceneFile } from '../harness/scenes.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'

const API = 'https://stac.example/v1'
const FILES = 'https://files.example/bucket'
const red = await sceneFile('s2-l2a-29RKH', 'red')
const nir = await sceneFile('s2-l2a-29RKH', 'nir08')
const { root } = await importFile(red, 'unixfs-v1-2025')

/** An area that most scenes fill, one by half. */
const [WEST, MIDDLE, EAST, SOUTH, NORTH] = [-11.9, -11.4, -10.9, 24.3, 25.3] as const
const bbox = [WEST, SOUTH, EAST, NORTH] as const
const box = (east: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [WEST, SOUTH],
      [east, SOUTH],
      [east, NORTH],
      [WEST, NORTH],
      [WEST, SOUTH],
    ],
  ],
})

function item(id: string, cloud: number, assets: JsonObject, east: number = EAST): JsonObject {
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id,
    collection: 'sentinel-2-c1-l2a',
    bbox: [...bbox],
    geometry: box(east),
    properties: {
      datetime: '2026-06-01T10:00:00Z',
      platform: 'sentinel-2a',
      'eo:cloud_cover': cloud,
    },
    assets,
    links: [{ rel: 'self', href: `${API}/collections/c/items/${id}?token=CANARY-self` }],
  }
}

const plain = { red: { href: `${FILES}/red.tif` }, nir: { href: `${FILES}/nir.tif` } }
const beside = {
  ...item('beside', 0, plain),
  bbox: [WEST + 20, SOUTH, EAST + 20, NORTH],
  geometry: null,
}
const items = [
  item('half', 0, plain, MIDDLE),
  item('plain', 20, { ...plain, scl: { href: `${FILES}/scl.tif?sig=CANARY-sig` } }),
  item('cids', 10, { red: ipfsAsset(root.toString()), nir: ipfsAsset(root.toString()) }),
  item('guarded', 30, {
    red: { href: 'https://guarded.example/data/red.tif' },
    nir: { href: 's3://somebody/nir.tif' },
  }),
  item('jpeg', 40, {
    red: { href: `${FILES}/B04.jp2`, type: 'image/jp2' },
    nir: { href: 'http://10.0.0.1/nir.tif' },
  }),
]

let hosts: EmulatedHosts
let system: TestSystem
before(async () => {
  hosts = await startEmulatedHosts()
  const { files, answer } = fileHost('https://files.example')
  files.put('bucket/red.tif', red)
  files.put('bucket/nir.tif', nir)
  hosts.hosts.set(
    'stac.example',
    stacApi(() => items),
  )
  hosts.hosts.set('loose.example', (_, response) => {
    const features = [beside, ...items]
    response.writeHead(200, { 'content-type': 'application/geo+json' })
    response.end(JSON.stringify({ type: 'FeatureCollection', features, links: [] }))
  })
  hosts.hosts.set('files.example', answer)
  hosts.hosts.set('guarded.example', loginHost('https://login.example/in'))
  hosts.hosts.set('login.example', loginPage)
  system = await startSystem({ STAC_API_URL: API }, hosts.http())
})
after(async () => {
  await system.close()
  await hosts.close()
})

async function scenes(query: string, headers = {}, to = system): Promise<ScenesReply> {
  const response = await fetch(`${to.base}/scenes?${query}`, { headers })
  assert.equal(response.status, 200, response.status === 200 ? '' : await response.text())
  return json<ScenesReply>(response)
}

async function ask(body: unknown): Promise<ScenesReply> {
  const response = await post(JSON.stringify(body))
  assert.equal(response.status, 200, response.status === 200 ? '' : await response.text())
  return json<ScenesReply>(response)
}

function post(body: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${system.base}/scenes`, { method: 'POST', headers, body })
}

const area = `bbox=${bbox.join(',')}`

describe('a search without computing', () => {
  it('tells date, cloud and cover of each scene, the best first', async () => {
    const reply = await scenes(area)
    assert.deepEqual(
      reply.scenes.map(({ id, coverage, cloud_cover }) => [id, coverage, cloud_cover]),
      [
        ['cids', 1, 10],
        ['plain', 1, 20],
        ['guarded', 1, 30],
        ['jpeg', 1, 40],
        ['half', 0.5, 0],
      ],
    )
    const [first] = reply.scenes
    assert.equal(first?.datetime, '2026-06-01T10:00:00Z')
    assert.equal(first?.href, `${API}/collections/c/items/cids`)
    assert.deepEqual([reply.compared, reply.matched, reply.more, reply.links], [5, 5, false, []])
  })

  it('leaves out what an API finds beside the area, the time and the ids', async () => {
    const idsOf = ({ scenes }: ScenesReply) => scenes.map(({ id }) => id)
    const loose = `api=${encodeURIComponent('https://loose.example')}&${area}`
    const here = await scenes(loose)
    assert.deepEqual([idsOf(here).length, here.compared], [5, 5])
    assert.match(here.warnings[0] ?? '', /^1 item\(s\) of another place, time or id .* left out/)
    assert.deepEqual(idsOf(await scenes(`${loose}&ids=half,beside`)), ['half'])
    const never = await scenes(`${loose}&datetime=2020`)
    assert.deepEqual([idsOf(never), never.compared, never.more], [[], 0, false])
    assert.match(never.warnings[0] ?? '', /^6 item/)
    assert.deepEqual((await scenes(area)).warnings, [])
  })

  it('tells of the bands that are named, as /ndvi would read them', async () => {
    const assets = { red: 'nir', nir: 'red' }
    const reply = await scenes(`${area}&ids=plain&assets=${JSON.stringify(assets)}`)
    const [scene] = reply.scenes
    assert.deepEqual([scene?.bands.red.asset, scene?.bands.nir.asset], ['nir', 'red'])
    assert.deepEqual(scene?.request.assets, assets)

    const missing = await scenes(`${area}&ids=plain&assets=${JSON.stringify({ red: 'B04' })}`)
    const { from, reason = '' } = missing.scenes[0]?.bands.red ?? {}
    assert.equal(from, 'none')
    assert.match(reason, /has no asset "B04". Its assets are red, nir, scl/)
  })

  it('tells where each band can be read from, and why not', async () => {
    const reply = await scenes(area)
    const bands = Object.fromEntries(reply.scenes.map((scene) => [scene.id, scene.bands]))
    const from = Object.entries(bands).map(([id, { red, nir, qa }]) => [
      id,
      red.from,
      nir.from,
      qa.from,
    ])
    assert.deepEqual(from, [
      ['cids', 'cid', 'cid', 'none'],
      ['plain', 'plain', 'plain', 'plain'],
      ['guarded', 'login_needed', 'login_needed', 'none'],
      ['jpeg', 'none', 'none', 'none'],
      ['half', 'plain', 'plain', 'none'],
    ])
    assert.equal(bands['cids']?.red.cid, root.toString())
    assert.match(bands['guarded']?.red.reason ?? '', /wants a login: it redirects to login/)
    assert.match(bands['guarded']?.nir.reason ?? '', /s3:\/\/somebody.*S3_MIRROR_BUCKETS/)
    assert.match(bands['jpeg']?.red.reason ?? '', /JPEG 2000/)
    assert.match(bands['jpeg']?.nir.reason ?? '', /only https: URLs are fetched/)
    assert.match(bands['cids']?.qa.reason ?? '', /no quality band/)
    assert.equal(bands['plain']?.qa.href, `${FILES}/scl.tif`)
    assert.doesNotMatch(JSON.stringify(reply), /CANARY/)
  })

  it('asks each place for one byte, and not again for a while', async () => {
    hosts.asked.length = 0
    const other = await startSystem({ STAC_API_URL: API }, hosts.http())
    try {
      await scenes(area, {}, other)
      await scenes(area, {}, other)
      const files = hosts.asked.filter(({ url }) => url.startsWith('https://files.example'))
      assert.deepEqual(
        files.map(({ headers }) => headers.range),
        ['bytes=0-0'],
      )
    } finally {
      await other.close()
    }
  })

  it('knows what was fingerprinted here', async () => {
    const found = await scenes(`${area}&ids=half`)
    const body = JSON.stringify({ ...found.scenes[0]?.request })
    const headers = { 'content-type': 'application/json' }
    const made = await fetch(`${system.base}/fingerprint`, { method: 'POST', body, headers })
    assert.equal(made.status, 200, await made.clone().text())
    const { scenes: again } = await scenes(`${area}&ids=half,plain`)
    const [whole, half] = again
    assert.equal(half?.bands.red.from, 'fingerprint')
    assert.deepEqual([half?.bands.red.cid, half?.bands.red.size], [root.toString(), red.length])
    // The same file under another item; its quality band is nobody's yet.
    assert.deepEqual([whole?.bands.red.from, whole?.bands.qa.from], ['fingerprint', 'plain'])
  })

  it('names a search by which /ndvi finds the very scene', async () => {
    const found = await scenes(
      `${area}&collections=sentinel-2-c1-l2a&datetime=2026-06&limit=1&page=2`,
    )
    const { scenes: listed, links, more } = found
    assert.deepEqual(
      listed.map(({ id }) => id),
      ['plain'],
    )
    assert.equal(more, true)
    assert.deepEqual(
      links.map(({ rel, href }) => [rel, new URL(href).searchParams.get('page')]),
      [
        ['next', '3'],
        ['prev', '1'],
      ],
    )
    const reply = await system.ndvi({ ...listed[0]?.request, max_size: 64 })
    assert.equal(reply.item.id, 'plain')
  })

  it('of nothing is empty, and of nonsense refused', async () => {
    const none = await scenes('ids=nobody')
    assert.deepEqual([none.scenes, none.more, none.compared], [[], false, 0])
    for (const [query, field] of [
      ['bbox=1,2,3', 'bbox'],
      ['limit=51', 'limit'],
      ['page=0', 'page'],
      ['when=now', 'when'],
      ['api=ftp://x.example', 'api'],
    ]) {
      const response = await fetch(`${system.base}/scenes?${query}`)
      const problem = await json<Problem>(response)
      assert.deepEqual([response.status, problem.code], [400, 'invalid_request'], query)
      assert.match(problem.detail, new RegExp(field ?? ''))
    }
  })

  it('of an outline longer than an address is asked by its body, page by page', async () => {
    const [west, south, east, north] = bbox
    const edge = Array.from({ length: 1000 }, (_, at) => [
      west + ((east - west) * at) / 1000,
      south,
    ])
    const ring = [...edge, [east, south], [east, north], [west, north], [west, south]]
    const intersects = { type: 'Polygon', coordinates: [ring] }
    const first = await ask({ intersects, limit: 3 })
    assert.deepEqual(
      first.scenes.map(({ id }) => id),
      (await scenes(`${area}&limit=3`)).scenes.map(({ id }) => id),
    )
    const [next] = first.links
    assert.ok(next !== undefined)
    const { rel, method, href } = next
    assert.deepEqual([rel, method, href], ['next', 'POST', 'http://greenprint.test/scenes'])
    const second = await ask(next.body)
    assert.deepEqual([second.page, second.more], [2, false])
    assert.deepEqual(second.links[0]?.body, { intersects, limit: 3, page: 1 })

    for (const [body, words] of [
      ['[]', /must be an object, not a list/],
      ['{"limit":51}', /limit/],
      ['{"bbox":', /not valid JSON/],
    ] as const) {
      const refused = await post(body)
      const problem = await json<Problem>(refused)
      assert.deepEqual([refused.status, problem.code], [400, 'invalid_request'])
      assert.match(problem.detail, words)
    }
  })

  it('is not done for a page of another site', async () => {
    const response = await fetch(`${system.base}/scenes?${area}`, {
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    })
    assert.equal((await json<Problem>(response)).code, 'cross_site')
  })
})
