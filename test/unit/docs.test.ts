// What the documents, .env.example and the code say of each other.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { errorCodes, GreenprintError } from '../../lib/errors.ts'
import { problemOf } from '../../lib/http/problem.ts'
import { RAW } from '../../lib/ipld/cid.ts'
import { colormapNames } from '../../lib/model/colormap.ts'
import { ndviSchema } from '../../lib/request/schema.ts'
import { configurationTable, envExample, withBlock } from '../../scripts/derived.ts'
import { cidOfBlock } from '../harness/cid-of-block.ts'

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
