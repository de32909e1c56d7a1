// Commands of the documents that a test cannot run: their names, options, fields and JSON against the code.

import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readReference } from '../../lib/config/references.ts'
import { variableNames } from '../../lib/config/variables.ts'
import { operations } from '../../lib/http/openapi/operations.ts'
import { documents, root } from '../harness/markdown.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const { scripts } = JSON.parse(read('package.json'))
const code = globSync('{lib,functions,infra,bench,test,scripts,examples}/**/*.{ts,mjs,py,sh}', {
  cwd: root,
})
  .concat('sst.config.ts', '.ci/run')
  .map(read)
  .join('\n')

const marks = new Set(['', 'sh run', 'sh needs-network', 'json reply', 'text reply', 'json', 'ts'])
const commands = documents.flatMap(({ path, blocks }) =>
  blocks
    .filter(({ mark }) => mark.startsWith('sh'))
    .map(({ line, text }) => ({ where: `${path}:${line}`, text: text.replaceAll('\\\n', ' ') })),
)

/** Options that a script of ours takes after `--`, by where it reads them. */
const options: Readonly<Record<string, (option: string) => boolean>> = {
  start: (option) => read('functions/local.ts').includes(`'${option}'`),
  bench: (option) => new RegExp(`^  ${option}: bench`, 'm').test(read('bench/run.ts')),
  // By the name of its door.
  stack: (option) => existsSync(join(root, `functions/${option}.ts`)),
  // Of `sst deploy` and `sst remove`.
  deploy: (option) => option === '--stage',
  remove: (option) => option === '--stage',
}

describe('code blocks', () => {
  it('have a mark that says whether they are run', () => {
    const unknown = documents
      .filter(({ path }) => /^(README|CONTRIBUTING)|^(docs|examples)\//.test(path))
      .flatMap(({ path, blocks }) =>
        blocks.filter(({ mark }) => !marks.has(mark)).map(({ line }) => `${path}:${line}`),
      )
    assert.deepEqual(unknown, [])
  })

  it('of JSON are JSON', () => {
    for (const { path, blocks } of documents) {
      for (const { mark, text, line } of blocks) {
        if (mark.startsWith('json')) assert.doesNotThrow(() => JSON.parse(text), `${path}:${line}`)
      }
    }
  })
})

describe('a command', () => {
  it('of npm names a script that there is, with options that it takes', () => {
    const texts = documents.flatMap(({ path, text }) =>
      [
        ...text.matchAll(/(?:`|^ *|&& )npm\s(?:run\s)?([a-z]+(?::[a-z]+)?)(?: -- ([^`\n|]*))?/gm),
      ].map(([, name = '', after = '']) => ({ path, name, after })),
    )
    assert.ok(texts.length > 20)
    for (const { path, name, after } of texts) {
      if (name === 'ci') continue
      assert.ok(name in scripts, `${path}: npm run ${name}`)
      const words = after.split(/\s+/).filter((word) => /^(--)?[a-z]+$/.test(word))
      const named = after.includes('--') ? words.filter((word) => word.startsWith('--')) : words
      for (const option of named.slice(0, name === 'bench' ? 1 : undefined)) {
        assert.ok(options[name]?.(option), `${path}: npm run ${name} -- ${option}`)
      }
    }
  })

  it('refers to what is kept by a variable that there is, as references are written', () => {
    const named = documents.flatMap(({ path, text }) =>
      path === 'CHANGELOG.md'
        ? []
        : [...text.matchAll(/\b([A-Z0-9_]+)=((?:aws-secret:|ssm:\/)[^\s`)",]+)/g)],
    )
    assert.ok(named.length > 0)
    for (const [, name = '', value = ''] of named) {
      assert.ok(
        variableNames.some((known) => known === name),
        name,
      )
      assert.ok(readReference(value), value)
    }
  })

  it('of curl asks for routes and fields that there are', () => {
    let asked = 0
    for (const { where, text } of commands) {
      for (const [, rest = ''] of text.matchAll(/curl ([^|)]*)/g)) {
        const path = /http:\/\/127\.0\.0\.1:8080(\/[\w./-]*)/.exec(rest)?.[1]
        if (path === undefined || path.startsWith('/_local')) continue
        const here = operations.filter((operation) => patternOf(operation.path).test(path))
        assert.ok(here.length > 0, `${where}: ${path}`)
        const known = new Set(
          here.flatMap(({ parameters = [] }) => parameters.map(({ name }) => name)),
        )
        const inQuery = [...rest.matchAll(/[?&]([a-z_-]+)=|(?:-d|urlencode) '?([a-z_-]+)[=@]/g)]
        for (const [, first, second] of inQuery) {
          assert.ok(known.has(first ?? second ?? ''), `${where}: ${first ?? second}`)
          asked++
        }
      }
    }
    assert.ok(asked > 5)
  })
})

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}$/, '.*').replaceAll(/\{\w+\}/g, '[^/]*')}$`)
}

describe('what the documents name', () => {
  it('as a variable is one, or is named in the code', () => {
    // The notebook's own name is of another repository.
    const known: ReadonlySet<string> = new Set([...variableNames, 'NDVI_STAC_IPFS'])
    const unknown = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/`([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => !known.has(name) && !code.includes(name))
        .map((name) => `${path}: ${name}`),
    )
    assert.deepEqual(unknown, [])
  })

  it('as a file or folder of this repository is there', () => {
    const missing = documents
      .filter(({ path }) => !path.startsWith('test/'))
      .flatMap(({ path, text }) =>
        [
          ...text.matchAll(
            /`((?:lib|functions|infra|test|bench|docs|examples|scripts|web)\/[\w./-]*)`/g,
          ),
        ]
          .map(([, name = '']) => name)
          .filter((name) => !existsSync(join(root, name)))
          .map((name) => `${path}: ${name}`),
      )
    assert.deepEqual(missing, [])
  })
})
