// What README, .env.example and the code say of each other.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { variables } from '../../lib/config/variables.ts'
import { errorCodes, GreenprintError } from '../../lib/errors.ts'
import { problemOf } from '../../lib/http/problem.ts'
import { cidOfBlock, RAW } from '../../lib/ipld/cid.ts'
import { colormapNames } from '../../lib/model/colormap.ts'
import { ndviSchema } from '../../lib/request/schema.ts'

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const readme = read('README.md')

describe('README', () => {
  it('has the configuration table of lib/config/variables.ts, row by row', () => {
    for (const [name, fallback, meaning] of variables) {
      const row = `| \`${name}\` | ${fallback} | ${meaning.replaceAll('|', '\\|')} |`
      assert.ok(readme.includes(row), row)
    }
    const rows = [...readme.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map((match) => match[1])
    assert.deepEqual(
      rows,
      variables.map(([name]) => name),
    )
  })

  it('tells every field of the request', () => {
    const [, api = ''] = readme.split('## API')
    for (const name of Object.keys(ndviSchema.shape)) {
      assert.match(api, new RegExp(`^\\| \`${name}\` \\|`, 'm'))
    }
    assert.ok(readme.includes(`\`${colormapNames.join(' ')}\``))
  })

  it('tells every error code under its status', () => {
    for (const code of errorCodes) {
      const { status } = problemOf(new GreenprintError(code, 'x'))
      const row = readme
        .split('\n')
        .find((line) => line.startsWith('|') && line.includes(`\`${code}\``))
      assert.ok(row?.split('|')[1]?.includes(String(status)), `${code} is ${status}`)
    }
  })

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

it('.env.example has every variable, in the table’s order, unset', () => {
  const lines = read('.env.example')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
  assert.deepEqual(
    lines,
    variables.map(([name]) => `${name}=`),
  )
})
