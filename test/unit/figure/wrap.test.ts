// Text that does not fit: smaller, then wrapped, never shortened.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureText } from '../../../lib/figure/text.ts'
import { type FitStyle, fitText } from '../../../lib/figure/wrap.ts'

const style: FitStyle = { weight: 'regular', sizes: [20, 18, 16] }
const widthAt = (text: string, size: number): number =>
  measureText(text, { size, weight: 'regular' })

test('text that fits keeps its size and its one line', () => {
  assert.deepEqual(fitText('short', 200, style), { size: 20, lines: ['short'] })
})

test('text that almost fits is shrunk', () => {
  const text = 'a line of some length'
  assert.deepEqual(fitText(text, widthAt(text, 18), style), { size: 18, lines: [text] })
})

test('longer text is wrapped between words at the smallest size', () => {
  const { size, lines } = fitText('one two three four five six', 100, style)
  assert.equal(size, 16)
  assert.ok(lines.length > 1)
  assert.equal(lines.join(' '), 'one two three four five six')
  for (const line of lines) assert.ok(widthAt(line, 16) <= 100)
})

test('a word without a place to break goes on in the next line', () => {
  const cid = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
  const { lines } = fitText(cid, 150, style)
  assert.ok(lines.length > 1)
  assert.equal(lines.join(''), cid)
  for (const line of lines) assert.ok(widthAt(line, 16) <= 150)
})

test('a column narrower than a letter still ends, and keeps every letter', () => {
  assert.deepEqual(fitText('abc', 1, style).lines, ['a', 'b', 'c'])
})

test('white space of any kind is one space; nothing is no line', () => {
  assert.deepEqual(fitText(' a\n\t b ', 200, style).lines, ['a b'])
  assert.deepEqual(fitText(' \n ', 200, style).lines, [])
})
