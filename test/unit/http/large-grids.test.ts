// Grids over MAX_PIXELS_SYNC: a job for who may have one, and the ways on for others.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { startGateway } from '../../harness/gateway.ts'
import { sceneItem } from '../../harness/items.ts'
import { problemOf, startApp } from './app-under-test.ts'

const TOKEN = '0123456789abcdef'
const QUEUE_URL = 'http://127.0.0.1:9/1/jobs'
const withToken = { authorization: `Bearer ${TOKEN}` }
const signal = new AbortController().signal

const post = (headers: Record<string, string>, fields: object) =>
  ({
    method: 'POST',
    headers,
    body: JSON.stringify({ outputs: ['item'], ...fields }),
  }) satisfies RequestInit

describe('a grid that is more than a request computes', async () => {
  const blocks = new MemoryBlocks()
  // 667 x 901 px, its overviews 333 x 450 and 166 x 225.
  const scene = await sceneItem('l8-c2l1-corumba-before', blocks)
  const gateway = await startGateway(blocks)
  after(() => gateway.close())
  const settings = { MAX_PIXELS_SYNC: '200000', IPFS_GATEWAYS: gateway.url }
  const onLambda = {
    AWS_LAMBDA_FUNCTION_NAME: 'greenprint-api',
    ...settings,
    API_TOKENS: `ci:${TOKEN}`,
  }
  const open = await startApp({ ...settings, ALLOW_PRIVATE_HOSTS: 'true' })
  const some = await startApp({ ...onLambda, QUEUE_URL })
  const none = await startApp(onLambda)
  const least = await startApp({ ...settings, MAX_PIXELS: '300000' })
  const whole = { item: scene, max_size: 'full' }

  it('becomes a job where the caller may have one', async () => {
    const response = await open.ask('/ndvi', post({}, whole))
    assert.equal(response.status, 202)
    const { id } = JSON.parse(await response.text())
    assert.equal(response.headers.get('location'), `/jobs/${id}`)
    assert.equal((await open.services.jobs.get(id, signal))?.status, 'accepted')
  })

  it('is 413 for others, with both ways on, and the second leads on', async () => {
    const refusal = await problemOf(await some.ask('/ndvi', post({}, whole)))
    assert.deepEqual([refusal.status, refusal.code], [413, 'too_large'])
    assert.match(refusal.detail, /has 901 x 667 = 600967 px; at most 200000 are computed within/)
    const [job, smaller, ...more] = refusal.ways ?? []
    assert.deepEqual(more, [])
    assert.deepEqual(job?.headers, { authorization: 'Bearer <token>', prefer: 'respond-async' })
    assert.deepEqual(job?.body?.['item'], scene)
    assert.equal(job?.body?.['max_size'], 'full')
    assert.equal(smaller?.headers, undefined)
    assert.equal(smaller?.body?.['max_size'], 450)
    const { pathname } = new URL(smaller?.href ?? '')
    const response = await some.ask(pathname, {
      method: 'POST',
      body: JSON.stringify(smaller?.body),
    })
    assert.equal(response.status, 200)
  })

  it('is told by GET by links', async () => {
    const query = `item=${encodeURIComponent(JSON.stringify(scene))}&max_size=full&outputs=item`
    const { ways } = await problemOf(await some.ask(`/ndvi?${query}`))
    const sizes = ways?.map(({ href }) => new URL(href).searchParams.get('max_size'))
    assert.deepEqual(sizes, ['full', '450'])
  })

  it('is 413 for a holder of a token too where there is no queue, with the one way that there is', async () => {
    const { status, ways } = await problemOf(await none.ask('/ndvi', post(withToken, whole)))
    assert.deepEqual([status, ways?.map(({ body }) => body?.['max_size'])], [413, [450]])
  })

  it('is to be asked smaller where the file has no overviews', async () => {
    const single = await sceneItem('l8-l1-elkton-va', blocks)
    const few = await startApp({ ...onLambda, MAX_PIXELS_SYNC: '1000' })
    const { detail, ways } = await problemOf(await few.ask('/ndvi', post({}, { item: single })))
    assert.match(detail, /Or ask for a smaller area\.$/)
    assert.deepEqual(ways, undefined)
  })

  it('is 413 for everybody where no job would compute it either', async () => {
    const { status, detail, ways } = await problemOf(await least.ask('/ndvi', post({}, whole)))
    assert.deepEqual([status, ways], [413, undefined])
    assert.match(detail, /this deployment reads at most 300000/)
  })
})
