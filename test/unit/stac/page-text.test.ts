// Documents of other servers: read as a parser reads them, a page one feature after the other.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readDocument, readPageText } from '../../../lib/stac/page-text.ts'

const signal = new AbortController().signal
const bytesOf = (text: string) => new TextEncoder().encode(text)
const readPage = (text: string) => readPageText(bytesOf(text), signal)

describe('a page of a search', () => {
  for (const text of [
    '{"type":"FeatureCollection","features":[{"id":"a","x":[1,{"y":"],"}]}, {"id":"ü"}],"links":[]}',
    '{"features":[],"numberMatched":0}',
    '{"links":[{"href":"x"}]}',
    '{"features":{"a":1}}',
    '[{"features":[1]}]',
    '\ufeff{"features":[{"id":"a"}]}',
    'null',
  ]) {
    it(`is what a parser makes of it: ${text}`, async () => {
      assert.deepEqual(await readPage(text), JSON.parse(text.replace('\ufeff', '')))
    })
  }

  it('may have the bare numbers of Python in its features', async () => {
    assert.deepEqual(await readPage('{"features":[{"a":NaN},{"a":-Infinity}]}'), {
      features: [{ a: 'nan' }, { a: '-inf' }],
    })
  })

  it('has at most 1,000 features: what comes after them is not looked at', async () => {
    const page = await readPage(`{"features":[${'{},'.repeat(2000)}x]}`)
    assert.equal(Object(page).features.length, 1000)
  })

  for (const [text, words] of [
    ['{"features":[{"id":"a"},]}', /^is not JSON: /],
    ['{"features":[{"id":"a"]}', /^is not JSON: /],
    ['{"features":[{"id":"a"}}', /^is not JSON: /],
    ['{"features":[{"id":"a"}]', /^is not JSON: /],
    ['{"features":[1 2]}', /^is not JSON: /],
    ['<html>', /^is not JSON: /],
    [`{"features":[${'['.repeat(101)}]}`, /^is nested more than 100 levels deep/],
    [
      `{"features":[1,"${'x'.repeat(1_100_000)}"]}`,
      /^has more than 1048576 bytes in its feature 2$/,
    ],
    [
      `{"x":"${'x'.repeat(1_100_000)}","features":[]}`,
      /bytes in what it says beside its features$/,
    ],
    [
      `{"features":[1,[${`{${'"a":0,'.repeat(999)}"a":0},`.repeat(51)}0]]}`,
      /^has 51000 names in its objects: at most 50000 in its feature 2$/,
    ],
  ] as const) {
    it(`is refused: ${text.slice(0, 30)}`, async () => {
      await assert.rejects(readPage(text), (error: Error) => {
        assert.match(error.message, words)
        return true
      })
    })
  }
})

describe('a document', () => {
  it('is refused before it is parsed where it has too many names', () => {
    const text = `{${Array.from({ length: 1001 }, (_, at) => `"n${at}":0`).join()}}`
    assert.throws(() => readDocument(bytesOf(text)), /^UnreadText: has an object of 1001 names/)
    assert.deepEqual(readDocument(bytesOf('{"a":{"a":1}}')), { a: { a: 1 } })
  })
})
