// A parameter of a query counts once, at every address.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { problemOf, startApp } from './app-under-test.ts'

const local = await startApp()
const anItem = encodeURIComponent('{"type":"Collection"}')
const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'

describe('a parameter that is given twice', () => {
  const rows = [
    ['GET', `/ndvi?item=${anItem}&f=png&f=json`, 'f'],
    ['GET', `/ndvi?item=${anItem}&outputs=figure&outputs=item`, 'outputs'],
    ['POST', '/ndvi?f=png&f=json', 'f'],
    ['POST', '/change?f=png&f=webp', 'f'],
    ['GET', '/series/abc?zone=a&zone=b', 'zone'],
    ['GET', `/point?item=${anItem}&lon=1&lon=2&lat=0`, 'lon'],
    ['GET', `/tiles/0/0/0.png?item=${anItem}&sig=1&sig=2`, 'sig'],
    ['GET', `/tilejson.json?item=${anItem}&tile_scale=1&tile_scale=2`, 'tile_scale'],
    ['GET', '/stac/search?limit=1&limit=2', 'limit'],
    ['GET', '/stac/search?ids=a&ids=b', 'ids'],
    ['GET', `/ipfs/${cid}?format=raw&format=car`, 'format'],
    ['GET', '/health?deep=1&deep=1', 'deep'],
    ['GET', '/scenes?__proto__=1&__proto__=2', '__proto__'],
    ['GET', '/health?a%62=1&%61b=2', 'ab'],
  ] as const
  for (const [method, path, name] of rows) {
    it(`is refused by its name: ${method} ${path}`, async () => {
      const body = method === 'POST' ? '{}' : null
      const problem = await problemOf(await local.ask(path, { method, body }))
      assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'])
      assert.deepEqual(problem.details, [`${name} is given twice`])
    })
  }

  it('is told with the others, of many the first', async () => {
    const many = Array.from({ length: 4_000 }, (_, at) => `p${at % 2_000}`).join('&')
    const problem = await problemOf(await local.ask(`/health?${many}`))
    assert.equal(problem.details?.length, 10)
  })

  it('is no matter of a preflight, whose answer is of the address', async () => {
    for (const path of ['/ndvi?f=png&f=json', `/ipfs/${cid}?format=raw&format=car`]) {
      const response = await local.ask(path, { method: 'OPTIONS' })
      assert.equal(response.status, 204)
    }
  })

  it('is told where the address takes the method, else that it does not', async () => {
    for (const [method, path, status] of [
      ['POST', '/health?a=1&a=2', 405],
      ['DELETE', '/ndvi?f=png&f=json', 405],
      ['POST', `/ipfs/${cid}?format=raw&format=car`, 405],
      ['GET', '/nowhere?a=1&a=2', 404],
      ['HEAD', '/health?a=1&a=2', 400],
    ] as const) {
      assert.equal((await local.ask(path, { method })).status, status, `${method} ${path}`)
    }
  })

  it('is told to pages of any origin under /ipfs, as every fault there', async () => {
    const response = await local.ask(`/ipfs/${cid}?format=raw&format=car`)
    assert.equal(response.status, 400)
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    assert.match(response.headers.get('content-security-policy') ?? '', /^sandbox/)
  })
})
