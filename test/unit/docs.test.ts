// What the documents, .env.example and the code say of each other.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { errorCodes, GreenprintError } from '../../lib/errors.ts'
import { problemOf } from '../../lib/http/problem.ts'
import { RAW } from '../../lib/ipld/cid.ts'
import { colormapNames } from '../../lib/model/colormap.ts'
import { changeSchema } from '../../lib/request/change-schema.ts'
import { compositeSchema } from '../../lib/request/composite-schema.ts'
import { pointSchema } from '../../lib/request/point-schema.ts'
import {
  fingerprintSchema,
  ndviSchema,
  scenesSchema,
  verifySchema,
} from '../../lib/request/schema.ts'
import { seriesSchema } from '../../lib/request/series-schema.ts'
import { tileSchema } from '../../lib/request/tile-schema.ts'
import { configurationTable, envExample, withBlock } from '../../scripts/derived.ts'
import { cidOfBlock } from '../harness/cid-of-block.ts'
import { root } from '../harness/markdown.ts'

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const readme = read('README.md')
const api = read('docs/api.md')
const configuration = read('docs/configuration.md')

describe('docs/configuration.md', () => {
  it('has the table of lib/config/variables.ts (npm run docs writes it)', () => {
    assert.equal(configuration, withBlock(configuration, 'variables', configurationTable()))
  })
})

describe('docs/api.md', () => {
  it('tells every field of the request', () => {
    for (const name of Object.keys(ndviSchema.shape)) {
      assert.match(api, new RegExp(`^\\| \`${name}\` \\|`, 'm'))
    }
    assert.ok(api.includes(`\`${colormapNames.join(' ')}\``))
  })

  it('has one row for each error code, with its status', () => {
    const rows = [...api.matchAll(/^\| (\d{3}) \| `([a-z_]+)` \|/gm)].map(
      ([, status, code]) => `${code} ${status}`,
    )
    const known = errorCodes.map((code) => {
      const { status } = problemOf(new GreenprintError(code, 'x'))
      return `${code} ${status}`
    })
    assert.deepEqual(rows.toSorted(), [...known, 'internal 500'].toSorted())
  })
})

/** From a heading to the next of its rank. */
function section(document: string, heading: string): string {
  const text = read(document)
  const from = text.indexOf(`\n## ${heading}\n`)
  assert.ok(from >= 0, `${document} has no ${heading}`)
  const end = text.indexOf('\n## ', from + 1)
  return end < 0 ? text.slice(from) : text.slice(from, end)
}

describe('the table of the request', () => {
  const tables = [
    ['docs/change.md', changeSchema],
    ['docs/composite.md', compositeSchema],
    ['docs/series.md', seriesSchema],
  ] as const
  for (const [document, schema] of tables) {
    it(`of ${document} has every field, and no other`, () => {
      const cells = [...section(document, 'The request').matchAll(/^\| (`.*?) \|/gm)]
      const told = cells.flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '))
      assert.deepEqual(told.toSorted(), Object.keys(schema.shape).toSorted())
    })
  }

  const others = [
    ['Fingerprints', fingerprintSchema],
    ['Verification', verifySchema],
    ['Scenes', scenesSchema],
    ['Map tiles', tileSchema],
    ['Points', pointSchema],
  ] as const
  for (const [heading, schema] of others) {
    it(`of ${heading} in docs/api.md has what /ndvi has not`, () => {
      // Those of a search stand with the requests.
      const text = section('docs/api.md', heading) + section('docs/api.md', 'Requests')
      const own = Object.keys(schema.shape).filter((name) => !(name in ndviSchema.shape))
      const untold = own.filter((name) => !new RegExp(`\`[^\`]*\\b${name}\\b`).test(text))
      assert.deepEqual(untold, [])
    })
  }
})

describe('docs/operate.md', () => {
  it('tells every event of a line of the log', () => {
    const text = section('docs/operate.md', 'The log')
    const events = globSync('{lib,functions}/**/*.ts', { cwd: root }).flatMap((path) =>
      [...read(path).matchAll(/\bevent: '([a-z_]+)'/g)].map(([, event]) => event),
    )
    assert.ok(events.length > 5)
    assert.deepEqual(
      events.filter((event) => !text.includes(`\`${event}\``)),
      [],
    )
  })
})

describe('README', () => {
  it('shows the figure whose CID it names, under the root that the sample has', () => {
    const figure = new Uint8Array(readFileSync(new URL('../fixtures/figure.png', import.meta.url)))
    const cid = cidOfBlock(RAW, figure).toString()
    const { root } = JSON.parse(read('lib/sample/scene/result.json'))
    assert.ok(readme.includes(`\`ipfs://${cid}\``), cid)
    assert.ok(readme.includes(`ipfs://${root}/figure.png`), root)
  })

  it('names only npm scripts that are there', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const named = [...readme.matchAll(/npm (?:run )?(start|test|[a-z]+:[a-z]+)\b/g)].map(
      (match) => match[1] ?? '',
    )
    assert.ok(named.length > 2)
    for (const name of named) assert.ok(name in scripts, name)
  })
})

it('.env.example has every variable of the table, unset (npm run docs writes it)', () => {
  assert.equal(read('.env.example'), envExample())
})
