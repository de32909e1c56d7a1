// Lettering: widths, outlines, characters that were not baked.

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { measureText, outlineText } from '../../../lib/figure/text.ts'
import { hasGlyph } from '../../harness/glyphs.ts'

const em = { size: 2048, weight: 'regular' } as const

suite('measureText', () => {
  // Advance widths of DejaVu Sans 2.37, in font units.
  const cases: [text: string, units: number][] = [
    ['', 0],
    [' ', 651],
    ['0', 1303],
    ['835000', 6 * 1303],
    ['A', 1401],
    ['−', 1716],
    ['é', 1260],
    ['AV', 1401 - 131 + 1401],
  ]
  for (const [text, units] of cases) {
    test(`"${text}" is ${units} units wide`, () => {
      assert.equal(measureText(text, em), units)
    })
  }

  test('width goes with size, and bold is wider', () => {
    const text = 'Vegetation Index'
    const regular = measureText(text, { size: 10, weight: 'regular' })
    assert.equal(measureText(text, { size: 20, weight: 'regular' }), 2 * regular)
    assert.ok(measureText(text, { size: 10, weight: 'bold' }) > regular)
  })

  test('a letter with a combining accent is the accented letter', () => {
    assert.equal(measureText('Sa\u0303o', em), measureText('São', em))
    assert.equal(outlineText('Sa\u0303o', 'bold'), outlineText('São', 'bold'))
  })
})

suite('outlineText', () => {
  test('glyphs stand one advance after the other', () => {
    const path = outlineText('0 0', 'regular')
    const starts = [...path.matchAll(/M(\d+) 0/g)].map((match) => Number(match[1]))
    assert.deepEqual(starts, [0, 1303 + 651])
  })

  test('an accented letter is drawn whole', () => {
    const [plain, accented] = [outlineText('e', 'regular'), outlineText('é', 'regular')]
    assert.ok(accented.startsWith(plain) && accented.length > plain.length)
  })

  test('what was not baked is a box with its own width', () => {
    assert.equal(outlineText('漢', 'regular'), outlineText('\u{1f331}', 'bold'))
    assert.ok(measureText('漢', em) > 0)
    assert.notEqual(outlineText('漢', 'regular'), outlineText('0', 'regular'))
  })
})

test('both weights spell ASCII, Latin-1 letters and the punctuation of figures', () => {
  for (const character of `${range(0x20, 0x7e)}${range(0xc0, 0xff)}−–—…·°‘’“”`) {
    if (character === '×' || character === '÷') continue
    assert.ok(hasGlyph(character, 'regular') && hasGlyph(character, 'bold'), character)
  }
  for (const character of '×±µ≤≥α') assert.ok(hasGlyph(character), character)
})

function range(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join(
    '',
  )
}
