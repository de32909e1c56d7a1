// Which parsed JSON can be hashed, and why the rest cannot.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { jsonFault, MAX_DEPTH } from '../../../lib/model/i-json.ts'

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels)
}

describe('a value is fit that is', () => {
  for (const text of [
    'null',
    '"😀é\\u0000"',
    '1.7976931348623157e308',
    '{"a":[1,{"b":"c"}]}',
    nested(MAX_DEPTH),
  ]) {
    it(text.slice(0, 40), () => assert.equal(jsonFault(JSON.parse(text)), null))
  }
})

describe('a value is unfit that', () => {
  const rows = [
    ['half a surrogate pair', '"\\ud800"', 'has text that is not Unicode'],
    ['the other half', '{"a":["x\\udc00y"]}', 'has text that is not Unicode'],
    ['a name of half a pair', '{"\\ud800":1}', 'has text that is not Unicode'],
    ['infinity', '[1e999]', 'has a number that is too large'],
    ['minus infinity', '{"a":-1e999}', 'has a number that is too large'],
    ['a level too many', nested(MAX_DEPTH + 2), 'is nested more than 100 levels deep'],
    ['levels without end', nested(200_000), 'is nested more than 100 levels deep'],
  ] as const
  for (const [what, text, fault] of rows) {
    it(`has ${what}`, () => assert.equal(jsonFault(JSON.parse(text)), fault))
  }
})
