// One Range header against bodies of several sizes, by RFC 9110, 14.1 and 14.2.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readRange } from '../../../../lib/http/content/range.ts'

const slice = (start: number, end: number) => ({ start, end })

const rows = [
  ['no header', undefined, 100, null],
  ['an empty header', '', 100, null],
  ['the first byte', 'bytes=0-0', 100, slice(0, 1)],
  ['some bytes', 'bytes=10-19', 100, slice(10, 20)],
  ['the last byte', 'bytes=99-99', 100, slice(99, 100)],
  ['everything', 'bytes=0-99', 100, slice(0, 100)],
  ['to the end', 'bytes=90-', 100, slice(90, 100)],
  ['everything, open', 'bytes=0-', 100, slice(0, 100)],
  ['beyond the end', 'bytes=90-1000', 100, slice(90, 100)],
  ['from the end on', 'bytes=100-', 100, 'unsatisfiable'],
  ['from the end on, closed', 'bytes=100-100', 100, 'unsatisfiable'],
  ['far behind the end', 'bytes=1000-2000', 100, 'unsatisfiable'],
  ['the last ten', 'bytes=-10', 100, slice(90, 100)],
  ['the last hundred', 'bytes=-100', 100, slice(0, 100)],
  ['more than there is, from the end', 'bytes=-1000', 100, slice(0, 100)],
  ['the last none', 'bytes=-0', 100, 'unsatisfiable'],
  ['of an empty body', 'bytes=0-', 0, 'unsatisfiable'],
  ['the end of an empty body', 'bytes=-1', 0, 'unsatisfiable'],
  ['of one byte', 'bytes=0-0', 1, slice(0, 1)],
  ['inverted', 'bytes=20-10', 100, null],
  ['inverted behind the end', 'bytes=200-100', 100, null],
  ['neither end', 'bytes=-', 100, null],
  ['nothing', 'bytes=', 100, null],
  ['several: the first', 'bytes=0-1,5-6', 100, slice(0, 2)],
  ['several with space', 'bytes= 0-1 , -5', 100, slice(0, 2)],
  ['another unit', 'items=0-1', 100, null],
  ['the unit in capitals', 'Bytes=0-1', 100, slice(0, 2)],
  ['no unit', '0-1', 100, null],
  ['a sign', 'bytes=+1-2', 100, null],
  ['a fraction', 'bytes=0.5-2', 100, null],
  ['hexadecimal', 'bytes=0x0-0x1', 100, null],
  ['words', 'bytes=a-b', 100, null],
  ['space around', ' bytes=0-1 ', 100, slice(0, 2)],
  ['a number beyond any size', `bytes=0-${'9'.repeat(400)}`, 100, slice(0, 100)],
  ['a start beyond any size', `bytes=${'9'.repeat(400)}-`, 100, 'unsatisfiable'],
] as const

describe('a Range header that asks for', () => {
  for (const [name, header, size, expected] of rows) {
    it(`${name} (${(header ?? 'none').slice(0, 30)} of ${size})`, () => {
      assert.deepEqual(readRange(header ?? null, size), expected)
    })
  }
})
