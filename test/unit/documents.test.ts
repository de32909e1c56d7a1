// Every Markdown file: links that lead somewhere, prose that fits, rules that are cited by anchors that exist.

import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, it } from 'node:test'
import { errorCodes } from '../../lib/errors.ts'
import { documentAt, documents, root } from '../harness/markdown.ts'

const sources = globSync('{lib,functions,infra,bench,test,scripts,web,examples}/**/*.{ts,mjs,py}', {
  cwd: root,
}).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

describe('every link of a document', () => {
  it('leads to a file that is there, and to an anchor in it', () => {
    const broken = documents.flatMap(({ path, links }) =>
      links
        .filter(({ text }) => !/^[a-z]+:/.test(text))
        .filter(({ text }) => !leadsSomewhere(path, text))
        .map(({ line, text }) => `${path}:${line}: ${text}`),
    )
    assert.deepEqual(broken, [])
  })
})

describe('every file of ours that a document names', () => {
  it('is there', () => {
    const ours = /`((?:bench|docs|examples|functions|infra|lib|scripts|test|web)\/[^`#\s]*)[^`]*`/g
    const named = documents
      .filter(({ path }) => /^(README|CONTRIBUTING|docs\/|examples\/)/.test(path))
      .flatMap(({ path, text }) => [...text.matchAll(ours)].map(([, name = '']) => [path, name]))
    assert.ok(named.length > 50)
    const missing = named.filter(([, name = '']) => globSync(name, { cwd: root }).length === 0)
    assert.deepEqual(missing, [])
  })
})

function leadsSomewhere(from: string, target: string): boolean {
  const [file = '', anchor] = target.split('#')
  const path = file === '' ? from : normalize(join(dirname(from), file))
  if (path.startsWith('..') || !existsSync(join(root, path))) return false
  return anchor === undefined || documentAt(path).anchors.has(anchor)
}

describe('a rule of the norms', () => {
  const norms = ['docs/numbers.md', 'docs/reads.md', 'docs/contract.md'].map(documentAt)

  it('is cited by an anchor that is there', () => {
    const cited = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\b(docs\/[a-z-]+\.md)(?:#([a-z0-9-]+))?/g)]
        .filter(([, file = '', anchor]) => {
          const document = documents.find((each) => each.path === file)
          return document === undefined || (anchor !== undefined && !document.anchors.has(anchor))
        })
        .map(([citation]) => `${path}: ${citation}`),
    )
    assert.deepEqual(cited, [])
  })

  it('has its number as its anchor, and no number is missing or used twice', () => {
    for (const { path, text } of norms) {
      const numbers = [...text.matchAll(/<a id="([a-z])(\d+)"><\/a>\*\*([A-Z])(\d+) /g)]
      assert.ok(numbers.length > 10, path)
      for (const [rule, letter = '', number, shown, told] of numbers) {
        assert.equal(`${shown?.toLowerCase()}${told}`, `${letter}${number}`, rule)
      }
      const used = numbers.map(([, , number]) => Number(number)).toSorted((a, b) => a - b)
      assert.deepEqual(
        used,
        used.map((_, at) => at + 1),
      )
      assert.equal(numbers.length, text.split('<a id=').length - 1, path)
    }
  })
})

describe('prose', () => {
  it('has no line of more than 120 characters', () => {
    const long = documents.flatMap(({ path, lines }) =>
      lines
        .filter(({ text }) => text.length > 120 && !/^\s*\|/.test(text) && !/^\S+$/.test(text))
        .map(({ line, text }) => `${path}:${line}: ${text.slice(0, 60)}…`),
    )
    assert.deepEqual(long, [])
  })

  it('of the README has at most 150 lines', () => {
    assert.ok(documentAt('README.md').text.trimEnd().split('\n').length <= 150)
  })
})

describe('the changelog', () => {
  const { text } = documentAt('CHANGELOG.md')
  const entriesOf = (part: string) =>
    part.split(/\n(?=- |#|\n|$)/).filter((each) => each.startsWith('- '))

  it('has no entry twice', () => {
    const entries = entriesOf(text).map((entry) => entry.replaceAll(/\s+/g, ' ').trim())
    assert.ok(entries.length > 100)
    const twice = entries.filter((entry, at) => entries.indexOf(entry) !== at)
    assert.deepEqual(twice, [])
  })

  it('has what is not released yet under subjects', () => {
    const [, unreleased = ''] = /^## Unreleased\n(.*?)^## /ms.exec(text) ?? []
    const [before = ''] = unreleased.split(/^### /m)
    assert.deepEqual(entriesOf(before), [])
  })
})

describe('every @throws', () => {
  it('names codes that there are', () => {
    const codes: ReadonlySet<string> = new Set([...errorCodes, 'internal'])
    const unknown = sources
      .filter(({ path }) => path.startsWith('lib/'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/@throws([^@]*?)(?:\*\/|(?=@))/gs)]
          .flatMap(([, said = '']) => [...said.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)])
          .map(([, code = '']) => code)
          .filter((code) => !codes.has(code))
          .map((code) => `${path}: ${code}`),
      )
    assert.deepEqual(unknown, [])
  })
})
