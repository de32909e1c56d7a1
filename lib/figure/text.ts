// Lettering as outlines: what a string measures, and the path that draws it.

import { bold, boldKerning, regular, regularKerning } from './glyphs.data.ts'

export type Weight = 'regular' | 'bold'

export interface TextStyle {
  /** Pixels to the em. */
  readonly size: number
  readonly weight: Weight
}

/** DejaVu's units to the em. */
export const unitsPerEm = 2048

/** Ems above and below the baseline within which Latin lettering stays, accented capitals included. */
export const ascent = 0.93
export const descent = 0.24

/** Ems from the baseline to the top of digits and capitals (DejaVu: 1493 units). */
export const capHeight = 0.729

const faces = {
  regular: { glyphs: regular, kerning: regularKerning },
  bold: { glyphs: bold, kerning: boldKerning },
}

/** An upright empty box, for characters that were not baked. */
const missing = [1229, 'm150 0v-1450h929v1450zm110-110h709v-1230h-709z'] as const

/** Advance width of a string in pixels, kerning included. */
export function measureText(text: string, style: TextStyle): number {
  const last = spell(text, style.weight).at(-1)
  return last === undefined ? 0 : ((last.pen + last.advance) * style.size) / unitsPerEm
}

/** SVG path data of a string in font units: baseline at y = 0, y down, pen starting at x = 0. */
export function outlineText(text: string, weight: Weight): string {
  return spell(text, weight)
    .filter(({ path }) => path !== '')
    .map(({ pen, path }) => `M${pen} 0${path}`)
    .join('')
}

/** Itself, or where that was not baked the letter under its accents: better than a box. */
function drawnAs(character: string): string {
  return character in regular ? character : (character.normalize('NFD')[0] ?? character)
}

/** Whether most of a name would not be boxes. */
export function isLegible(name: string): boolean {
  const characters = Array.from(name.normalize('NFC'))
  const drawn = characters.filter((character) => drawnAs(character) in regular)
  return 2 * drawn.length > characters.length
}

interface PlacedGlyph {
  readonly pen: number
  readonly advance: number
  readonly path: string
}

function spell(text: string, weight: Weight): PlacedGlyph[] {
  const { glyphs, kerning } = faces[weight]
  const placed: PlacedGlyph[] = []
  let pen = 0
  let previous = ''
  // NFC, because a letter and its combining accent were baked as one.
  for (const character of text.normalize('NFC')) {
    pen += kerning[previous + character] ?? 0
    const [advance, own, base] = glyphs[drawnAs(character)] ?? missing
    const stem = base === undefined ? '' : (glyphs[base]?.[1] ?? '')
    placed.push({ pen, advance, path: stem + own })
    pen += advance
    previous = character
  }
  return placed
}
