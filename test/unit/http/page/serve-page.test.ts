// GET /: the page for browsers, addresses for machines; and what the page may do.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { securityPolicy } from '../../../../lib/http/page/security-policy.ts'
import { problemOf, startApp } from '../app-under-test.ts'

const local = await startApp()
const staged = await startApp({
  AWS_LAMBDA_FUNCTION_NAME: 'greenprint-api',
  PUBLIC_URL: '',
})

describe('GET /', () => {
  it('tells machines where everything is', async () => {
    for (const accept of ['application/json', '*/*', '']) {
      const response = await local.ask('/', { headers: { accept } })
      assert.equal(response.status, 200, accept)
      assert.equal(response.headers.get('vary')?.includes('Accept'), true)
      const { links } = JSON.parse(await response.text())
      const rels = links.map(({ rel }: { rel: string }) => rel)
      assert.deepEqual(rels, ['self', 'alternate', 'service-desc', 'service-doc', 'health'])
    }
  })

  it('tells addresses behind the path of a stage', async () => {
    const response = await staged.ask('https://api.example/', {}, { prefix: '/production' })
    const { links } = JSON.parse(await response.text())
    for (const { href } of links) assert.equal(new URL(href).pathname.split('/')[1], 'production')
  })
})

describe('a file of the page', () => {
  for (const name of [
    '..%2Fpackage.json',
    '.env',
    'index.html',
    'none.js',
    'a'.repeat(300),
    'page',
  ]) {
    it(`is none by the name ${name.slice(0, 30)}`, async () => {
      const problem = await problemOf(await local.ask(`/web/${name}`))
      assert.deepEqual([problem.status, problem.code], [404, 'not_found'])
    })
  }
})

describe('the policy of the page', () => {
  const s3 = { bucket: 'results', prefix: '', region: 'eu-central-1' }

  it('is its own origin alone where nothing else is set', () => {
    const policy = securityPolicy({ baseMapUrl: null, s3: null })
    assert.match(
      policy,
      /^default-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self';/,
    )
    assert.ok(!policy.includes('unsafe'))
  })

  it('has the origin of the ground, and no more of its address', () => {
    const policy = securityPolicy({
      baseMapUrl: 'https://{s}.tiles.example/{z}/{x}/{y}.png?key=1',
      s3: null,
    })
    assert.match(policy, /img-src 'self' data: blob: https:\/\/s\.tiles\.example;/)
    assert.ok(!policy.includes('key'))
  })

  it('has the store, where whole files are redirected to', () => {
    assert.match(
      securityPolicy({ baseMapUrl: null, s3 }),
      /connect-src 'self' https:\/\/results\.s3\.eu-central-1\.amazonaws\.com;/,
    )
    const endpoint = 'https://s3.example:9000'
    assert.match(
      securityPolicy({ baseMapUrl: null, s3: { ...s3, endpoint } }),
      /connect-src 'self' https:\/\/s3\.example:9000 https:\/\/results\.s3\.example:9000;/,
    )
  })
})
