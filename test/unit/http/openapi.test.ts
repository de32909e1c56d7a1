// GET /openapi.json: valid by the OpenAPI Initiative's own schema, complete, and the same as the documents say.
// Long: the contract, and each document that repeats it.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { readConfig } from '../../../lib/config/config.ts'
import { createApp } from '../../../lib/http/app.ts'
import { openApiDocument } from '../../../lib/http/openapi/document.ts'
import { operations } from '../../../lib/http/openapi/operations.ts'
import { advices } from '../../../lib/http/openapi/problems.ts'
import { isJsonObject, type JsonObject } from '../../../lib/model/json.ts'
import { readNdviBody } from '../../../lib/request/read.ts'
import { createServices } from '../../../lib/services.ts'
import { documentAt } from '../../harness/markdown.ts'
import { createAjv, faultsOfReply } from '../../harness/openapi.ts'
import { startApp } from './app-under-test.ts'

const { ask } = await startApp()
const document: JsonObject = JSON.parse(JSON.stringify(openApiDocument()))

/** What lies at the end of a path of keys. */
function at(value: unknown, ...keys: readonly string[]): JsonObject {
  for (const key of keys) value = isJsonObject(value) ? value[key] : undefined
  assert.ok(isJsonObject(value), keys.join('/'))
  return value
}

describe('/openapi.json', () => {
  it('is served, and may be kept for a while', async () => {
    const response = await ask('/openapi.json')
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.match(response.headers.get('cache-control') ?? '', /max-age/)
    assert.deepEqual(await response.json(), document)
  })

  it('is valid by the schema of OpenAPI 3.1', () => {
    const file = new URL('../../fixtures/openapi/oas-3.1.json', import.meta.url)
    const validate = createAjv().compile(JSON.parse(readFileSync(file, 'utf8')))
    assert.ok(validate(document), JSON.stringify(validate.errors))
    const { paths: _, ...without } = document
    assert.equal(validate({ ...without, components: undefined }), false)
  })

  it('has schemas that are JSON Schema 2020-12, and examples that fit them', () => {
    const ajv = createAjv()
    ajv.addSchema(document, 'api', undefined, false)
    const schemas = Object.keys(at(document, 'components', 'schemas'))
    assert.ok(schemas.length > 10)
    for (const name of schemas) {
      assert.ok(ajv.validateSchema(at(document, 'components', 'schemas', name)), name)
      assert.ok(ajv.getSchema(`api#/components/schemas/${name}`), name)
    }
    const problem = ajv.getSchema('api#/components/schemas/Problem')
    let examples = 0
    for (const operation of operations) {
      const { method, path } = operation
      const responses = at(document, 'paths', path, method, 'responses')
      for (const response of Object.values(responses)) {
        const told = isJsonObject(response) ? response['content'] : undefined
        const media = isJsonObject(told) ? told['application/problem+json'] : undefined
        for (const example of media === undefined ? [] : Object.values(at(media, 'examples'))) {
          assert.ok(problem?.(at(example, 'value')), JSON.stringify(problem?.errors))
          examples++
        }
      }
    }
    assert.ok(examples > 50)
  })

  it('has request examples that are read as requests', () => {
    const media = at(document, 'paths', '/ndvi', 'post', 'requestBody', 'content')
    const examples = Object.values(at(media, 'application/json', 'examples'))
    assert.ok(examples.length > 1)
    for (const example of examples) readNdviBody(at(example, 'value'))
  })

  it('refers only to what it has', () => {
    const referred = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)]
    assert.ok(referred.length > 20)
    for (const [, target = ''] of referred) {
      assert.match(target, /^#\//)
      at(document, ...target.slice(2).split('/'))
    }
  })

  it('has every route of the app, and no other', () => {
    const config = readConfig({})
    const { routes } = createApp(async () => createServices(config), config)
    const real = routes
      .filter(({ path }) => !path.endsWith('*'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`)
    const told = operations
      // One pattern of the app, two paths of OpenAPI: a parameter has no slash and no extension there.
      .map(({ method, path }) => {
        const pattern = path
          .replace('/ipfs/{cid}/{path}', '/ipfs/{path}')
          .replace(/fingerprints\/\{cid\}(\.car)?$/, 'fingerprints/{name}')
        return `${method.toUpperCase()} ${pattern}`
      })
      .filter((route) => !route.endsWith(' /ipfs/{cid}'))
      // Whoever takes GET takes HEAD.
      .filter((route) => !route.startsWith('HEAD '))
    assert.deepEqual([...new Set(told)].toSorted(), [...new Set(real)].toSorted())
  })
})

describe('the check of replies', () => {
  const reply = (body: object, more: object = {}) =>
    faultsOfReply({
      method: 'GET',
      path: '/health',
      status: 200,
      header: (name) => (name === 'content-type' ? 'application/json' : null),
      body: Buffer.from(JSON.stringify(body)),
      ...more,
    })

  it('finds a field too many, one too few, another status, another type and another code', async () => {
    const health = JSON.parse(await (await ask('/health')).text())
    assert.deepEqual(reply(health), [])
    assert.match(reply({ ...health, more: 1 })[0] ?? '', /additional properties.*more/)
    assert.match(reply({ ...health, node: undefined })[0] ?? '', /required property 'node'/)
    assert.match(reply(health, { status: 203 })[0] ?? '', /status that is not told/)
    assert.match(reply(health, { header: () => 'text/html' })[0] ?? '', /type text\/html/)
    assert.match(reply(health, { method: 'POST' })[0] ?? '', /no such route/)
    const header = () => 'application/problem+json'
    const problem = { type: 'about:blank', title: 'x', status: 504, detail: 'x' }
    const late = { ...problem, code: 'deadline_exceeded' }
    assert.deepEqual(reply(late, { status: 504, header }), [])
    const other = reply({ ...problem, code: 'item_invalid' }, { status: 504, header })
    assert.match(other[0] ?? '', /code must be equal to one of/)
  })
})

describe('docs/api.md', () => {
  const api = documentAt('docs/api.md').text
  const rowsOf = (heading: string, text = api) => {
    const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
    return [...section.matchAll(/^\| (.*) \|$/gm)]
      .map(([, row = '']) => row.split(/ \| ?|\|$/).map((cell) => cell.trim()))
      .slice(1)
  }
  const plain = (text: string) => text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')

  it('has a row for each fault, in the words of the API', () => {
    const rows = rowsOf('Errors').map(([, code, wrong, advice]) => [code, wrong, advice])
    const known = Object.entries(advices).map(([code, { wrong, advice }]) => [
      `\`${code}\``,
      wrong,
      advice,
    ])
    const sorted = (all: readonly (readonly (string | undefined)[])[]) =>
      all.map((row) => row.join(' | ')).toSorted()
    assert.deepEqual(sorted(rows), sorted(known))
  })

  it('has every field of a reply, in the words of the API', () => {
    const fields = at(document, 'components', 'schemas', 'NdviReply', 'properties')
    const told = rowsOf('Replies').map(([field, meaning]) => [field, plain(meaning ?? '')])
    const known = Object.keys(fields).map((name) => [
      `\`${name}\``,
      at(fields, name)['description'],
    ])
    assert.deepEqual(Object.fromEntries(told), Object.fromEntries(known))
  })

  it('has every field of a request with its default, in the words of the API', () => {
    const fields = at(document, 'components', 'schemas', 'NdviRequest', 'properties')
    const rows = rowsOf('Requests')
    assert.deepEqual(
      rows.map(([field]) => field),
      Object.keys(fields).map((name) => `\`${name}\``),
    )
    for (const [field = '', meaning = '', fallback = ''] of rows) {
      const schema = at(fields, field.replaceAll('`', ''))
      assert.equal(plain(meaning), schema['description'], field)
      const told = schema['default']
      if (told === undefined) {
        // Only what depends on something else may be told in other words.
        assert.doesNotMatch(fallback, /^`-?[\d.,-]+`$/, field)
        continue
      }
      const text = JSON.stringify(told).replaceAll(/[[\]"]/g, '')
      assert.equal(fallback, text === '' ? 'none' : `\`${text}\``, field)
    }
  })

  it('has every route, and what it is for', () => {
    const routes = operations
      .filter(({ method }) => method !== 'head' && method !== 'options')
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    const [, table = ''] = api.split('\n| route |')
    const told = [...(table.split('\n\n')[0] ?? '').matchAll(/`([A-Z]+ \/[^`]*)`/g)].map(
      ([, route = '']) => route,
    )
    assert.deepEqual(told.toSorted(), routes.toSorted())
  })
})

describe('docs/jobs-and-events.md', () => {
  it('has every field of a job, in the words of the API', () => {
    const fields = at(document, 'components', 'schemas', 'Job', 'properties')
    const { text } = documentAt('docs/jobs-and-events.md')
    for (const name of Object.keys(fields)) {
      if (name === 'id') continue
      const row = new RegExp(`^\\| \`${name}\` \\| (.*) \\|$`, 'm').exec(text)?.[1] ?? ''
      assert.equal(
        row.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'),
        at(fields, name)['description'],
        name,
      )
    }
  })
})

describe('docs/series.md', () => {
  it('has every field of a request, in the words of the API', () => {
    const fields = at(document, 'components', 'schemas', 'SeriesRequest', 'properties')
    const { text } = documentAt('docs/series.md')
    for (const name of Object.keys(fields)) {
      if (['scale', 'assets', 'trust'].includes(name)) continue
      const row = new RegExp(`^\\| \`${name}\` \\| ([^|]*) \\|`, 'm').exec(text)?.[1]
      assert.equal(row, at(fields, name)['description'], name)
    }
  })
})

for (const [path, of] of [
  ['docs/change.md', 'Change'],
  ['docs/composite.md', 'Composite'],
] as const) {
  describe(path, () => {
    it('has every field of a request and of the reply, in the words of the API', () => {
      const { text } = documentAt(path)
      const [asked = '', answered = ''] = text.split('## The reply')
      const rowOf = (part: string, name: string) =>
        new RegExp(`^\\| \`${name}\` \\| ([^|]*?) \\|`, 'm').exec(part)?.[1]
      const fieldsOf = (schema: string) => {
        const fields = at(document, 'components', 'schemas', schema, 'properties')
        return Object.keys(fields).map((name) => [name, at(fields, name)['description']] as const)
      }
      // The row that says "as in /ndvi" of several.
      const row = asked.split('\n').find((line) => line.startsWith('| `') && line.includes('`pin`'))
      const ofNdvi = new Set(
        [...(row?.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, n]) => n),
      )
      assert.ok(ofNdvi.size > 4)
      for (const [name, description] of fieldsOf(`${of}Request`)) {
        if (!ofNdvi.has(name)) assert.equal(rowOf(asked, name), description, name)
      }
      const published = new Set(['root', 'assets', 'publications', 'warnings'])
      for (const [name, description] of fieldsOf(`${of}Reply`)) {
        if (published.has(name)) continue
        assert.equal(rowOf(answered, name), description, name)
      }
    })
  })
}
