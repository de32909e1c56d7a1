// Documents that other servers answer with, made to bring the process down: each is a fault of theirs, told in time.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startPublicHost } from '../harness/public-host.ts'
import { startSystem } from '../harness/system.ts'

const DEEP = 2_000_000
const nested = '['.repeat(DEEP) + ']'.repeat(DEEP)
const objects = '{"a":'.repeat(DEEP / 2) + '1' + '}'.repeat(DEEP / 2)
const features = (count: number, feature: string) =>
  `{"type":"FeatureCollection","links":[],"features":[${Array(count).fill(feature).join(',')}]}`
const links = `[${Array(200_000).fill('{"rel":"self","href":"x"}').join(',')}]`
const ring = `[${Array(500_000).fill('[1,2]').join(',')}]`

const item = (fields: string) => `{"type":"Feature","stac_version":"1.0.0","id":"a",${fields}}`
const documents: Readonly<Record<string, string>> = {
  'a type nested 2,000,000 deep': `{"type":${nested},"id":"a","assets":{}}`,
  'a type of objects nested 1,000,000 deep': `{"type":${objects},"id":"a","assets":{}}`,
  'arrays nested 2,000,000 deep': nested,
  'an id of arrays': `{"type":"Feature","id":${nested},"assets":{}}`,
  'an id of 250,000 letters': `{"type":"Feature","stac_version":"1.0.0","id":"${'a'.repeat(250_000)}","assets":{}}`,
  'assets nested 1,000,000 deep': item(`"assets":{"red":${objects}}`),
  '200,000 links': item(`"assets":{},"links":${links}`),
  '500,000 positions': item(`"assets":{},"geometry":{"type":"Polygon","coordinates":[${ring}]}`),
  '200,000 features': features(200_000, '{}'),
  'features nested 1,000,000 deep': features(1, objects),
  'a page with 200,000 links': `{"type":"FeatureCollection","features":[{"id":"a"}],"links":${links}}`,
  'a page whose next link is nested deep': `{"type":"FeatureCollection","features":[{"id":"a"}],"links":[{"rel":"next","href":"/search","method":"POST","body":${objects}}]}`,
}
const names = Object.keys(documents)

const host = await startPublicHost((request, response) => {
  const at = Number(/(\d+)/.exec(request.url ?? '')?.[1] ?? 0)
  response.end(documents[names[at] ?? ''])
})
const system = await startSystem({ AWS_LAMBDA_FUNCTION_NAME: 'greenprint-documents' }, host.lookup)
after(async () => {
  await system.close()
  await host.close()
})

describe('a document of another server', () => {
  for (const [at, name] of names.entries()) {
    it(`with ${name}`, { timeout: 60_000 }, async () => {
      for (const body of [
        { item: `${host.url}/${at}.json` },
        { search: { api: `${host.url}/${at}` } },
      ]) {
        const { status, code, detail } = await system.refused(body)
        assert.ok(status >= 400 && status !== 500 && status < 504, `${status} ${code} ${detail}`)
        assert.ok(detail.length < 2_000, `${detail.length} characters`)
      }
    })
  }

  it('is no error of ours in the log', () => {
    assert.ok(!system.lines.some((line) => JSON.parse(line).level === 'error'))
  })
})
