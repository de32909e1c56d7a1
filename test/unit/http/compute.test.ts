// COMPUTE=token: without a token what is known is answered, and nothing is made or fetched.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sampleItem } from '../../../lib/sample/sample.ts'
import { problemOf, startApp } from './app-under-test.ts'

const TOKEN = '0123456789abcdef'
const withToken = { authorization: `Bearer ${TOKEN}` }
const onLambda = { AWS_LAMBDA_FUNCTION_NAME: 'api', COMPUTE: 'token' }
const guarded = await startApp({ ...onLambda, API_TOKENS: `ci:${TOKEN}` })
const closed = await startApp(onLambda)
const item = await sampleItem()

const post = (headers: Record<string, string>, fields: object = {}) =>
  ({
    method: 'POST',
    headers,
    body: JSON.stringify({ item, max_size: 64, outputs: ['item'], pin: false, ...fields }),
  }) satisfies RequestInit

describe('a deployment that computes for holders of a token', () => {
  it('refuses others what is not known, and computes it for them who have one', async () => {
    const problem = await problemOf(await guarded.ask('/ndvi', post({})))
    assert.deepEqual([problem.status, problem.code], [401, 'unauthorized'])
    assert.match(problem.detail, /^Computing what is not known here needs a token/)
    const response = await guarded.ask('/ndvi', post(withToken))
    assert.equal(response.status, 200)
  })

  it('answers what is known by then to everybody, and nothing else', async () => {
    await guarded.ask('/ndvi', post(withToken))
    const known = await guarded.ask('/ndvi', post({}))
    assert.equal(known.status, 200)
    assert.equal(JSON.parse(await known.text()).cached, true)
    const fresh = await guarded.ask('/ndvi', post({ 'cache-control': 'no-cache' }))
    assert.equal((await problemOf(fresh)).code, 'unauthorized')
    const other = await guarded.ask('/ndvi', post({}, { max_size: 65 }))
    assert.equal((await problemOf(other)).code, 'unauthorized')
  })

  it('fetches nothing for others: no item, no search, no tiles of a scene', async () => {
    const address = encodeURIComponent('https://stac.example/item.json')
    for (const path of [
      `/ndvi?item=${address}`,
      `/tilejson.json?item=${address}`,
      `/point?item=${address}&lon=0&lat=0`,
      '/scenes?bbox=0,0,1,1',
    ]) {
      assert.equal((await problemOf(await guarded.ask(path))).code, 'unauthorized', path)
    }
  })

  it('says that it is off where there is no token at all', async () => {
    const problem = await problemOf(await closed.ask('/ndvi', post({})))
    assert.deepEqual([problem.status, problem.code], [403, 'publishing_disabled'])
  })

  it('tells its health to everybody', async () => {
    assert.equal((await closed.ask('/health')).status, 200)
  })
})
