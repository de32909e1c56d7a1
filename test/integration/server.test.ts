// The server of a container: it answers strangers as a deployment does, works on its own jobs, and ends when it is
// told to without losing any.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonObject } from '../../lib/model/json.ts'
import { sampleItem, sampleRoot } from '../../lib/sample/sample.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { sceneItem } from '../harness/items.ts'
import { type ServerProcess, startServer } from '../harness/server-process.ts'

const TOKEN = 'token-of-ann-0123456789'
const SECRET = 's'.repeat(32)
const authorized = { authorization: `Bearer ${TOKEN}` }
const blocks = new MemoryBlocks()
const item = await sceneItem('l8-c2l1-corumba-before', blocks)
const gateway = await startGateway(blocks)
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => gateway.close())
after(() => rm(folder, { recursive: true, force: true }))

const env = {
  DATA_DIR: folder,
  IPFS_GATEWAYS: gateway.url,
  IPFS_ROUTERS: 'none',
  API_TOKENS: `ann:${TOKEN}`,
}

function post(
  { base }: ServerProcess,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const all = { 'content-type': 'application/json', ...headers }
  return fetch(`${base}${path}`, { method: 'POST', headers: all, body: JSON.stringify(body) })
}

const asJob = { ...authorized, prefer: 'respond-async' }

async function untilJob(
  { base }: ServerProcess,
  location: string,
  isThere: (job: JsonObject) => boolean,
  headers = {},
): Promise<JsonObject> {
  let last: JsonObject = {}
  for (let tries = 0; tries < 200; tries++) {
    const all = { ...authorized, ...headers }
    last = JSON.parse(await (await fetch(`${base}${location}`, { headers: all })).text())
    if (isThere(last)) return last
    await sleep(50)
  }
  throw new Error(`the job did not come to that: ${JSON.stringify(last)}`)
}

describe('a server', () => {
  it('is a deployment: its routes and events need what they need there, its jobs are worked on here', async (t) => {
    const server = await startServer(env)
    t.after(() => server.end())
    const health: JsonObject = JSON.parse(await (await fetch(`${server.base}/health`)).text())
    assert.deepEqual([health['publishing'], health['store']], ['by token', 'disk'])
    const asked = { item: await sampleItem(), outputs: ['figure', 'item'], pin: false }
    const { root }: { root?: { cid?: string } } = JSON.parse(
      await (await post(server, '/ndvi', { ...asked, outputs: ['figure', 'cog', 'item'] })).text(),
    )
    assert.equal(root?.cid, await sampleRoot())
    // Whole, past what one reply of a function carries.
    const figure = await fetch(`${server.base}/ipfs/${root.cid}/figure.png`)
    assert.deepEqual([figure.status, figure.headers.get('content-type')], [200, 'image/png'])

    const refused = await post(server, '/ndvi', asked, { prefer: 'respond-async' })
    assert.equal(refused.status, 401)
    const taken = await post(server, '/ndvi', { ...asked, max_size: 100 }, asJob)
    assert.equal(taken.status, 202)
    const location = taken.headers.get('location') ?? ''
    await untilJob(server, location, ({ status }) => status === 'successful')

    for (const path of ['notify', 'schedule']) {
      assert.equal((await post(server, `/_events/${path}`, {})).status, 401)
    }
    assert.equal((await post(server, '/_local/notify', {}, authorized)).status, 404)
    const notice = { item: await sampleItem(), max_size: 50, pin: false }
    const told = await post(server, '/_events/notify', notice, authorized)
    assert.match(await told.text(), /"outcome":"submitted"/)
    const sweep = await post(server, '/_events/schedule', { nothing: true }, authorized)
    assert.match(await sweep.text(), /A schedule needs a search/)
    assert.equal(sweep.status, 400)
    const refusals = server.lines.filter(({ event }) => event === 'refused')
    assert.deepEqual(
      refusals.map(({ path, status, code }) => [path, status, code]),
      [
        ['/_events/notify', 401, 'unauthorized'],
        ['/_events/schedule', 401, 'unauthorized'],
        ['/_events/schedule', 400, 'invalid_request'],
      ],
    )
    const requests = server.lines.filter(({ route }) => route !== undefined)
    assert.ok(requests.some(({ route, status }) => route === '/ndvi' && status === 202))
    assert.equal(await server.end(), 0)
  })

  it('that is told to end answers what it was asked, hands its job back, and is refused by nobody afterwards', async (t) => {
    gateway.latencyMs = 700
    const server = await startServer(env)
    t.after(() => server.end())
    const asked = { item, max_size: 300, outputs: ['item'], pin: false }
    const taken = await post(server, '/ndvi', asked, asJob)
    assert.equal(taken.status, 202)
    const location = taken.headers.get('location') ?? ''
    await untilJob(server, location, ({ status }) => status === 'running')
    const answer = post(server, '/ndvi', { ...asked, max_size: 60 })
    await sleep(300)
    const started = performance.now()
    const [code, response] = await Promise.all([server.end(), answer])
    assert.deepEqual([code, response.status], [0, 200], await response.text())
    assert.ok(performance.now() - started < 20_000)
    await assert.rejects(fetch(`${server.base}/health`))
    const handedBack = server.lines.filter(({ id }) => location === `/jobs/${String(id)}`)
    assert.deepEqual(
      handedBack.map(({ outcome, detail }) => [outcome, detail]),
      [['again', 'The server was told to end.']],
    )

    gateway.latencyMs = 0
    const next = await startServer({ ...env, ORIGIN_SECRET: SECRET })
    t.after(() => next.end())
    const through = { 'x-origin-secret': SECRET }
    await untilJob(next, location, ({ status }) => status === 'successful', through)
    // Around its CDN there is no way in, not by the addresses that stream either.
    for (const path of ['/health', `/ipfs/${await sampleRoot()}`, '/_events/notify']) {
      const { status } = await fetch(`${next.base}${path}`, { headers: authorized })
      assert.equal(status, 421, path)
    }
    assert.equal(await next.end(), 0)
  })

  it('whose port is taken says so, and ends', async () => {
    const server = await startServer(env)
    const { port } = new URL(server.base)
    await assert.rejects(startServer({ ...env, PORT: port }), /EADDRINUSE/)
    assert.equal(await server.end(), 0)
  })
})
