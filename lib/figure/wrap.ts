// Fits text into a width: in a smaller size first, then on several lines. Text is never cut off.

import { measureText, type Weight } from './text.ts'

export interface FitStyle {
  readonly weight: Weight
  /** Font sizes in pixels, from the preferred one down to the smallest legible one. */
  readonly sizes: readonly [number, ...number[]]
}

export interface FittedText {
  readonly size: number
  readonly lines: readonly string[]
}

/** The largest size at which `text` takes one line of `width` pixels; else the smallest size, wrapped. */
export function fitText(text: string, width: number, { weight, sizes }: FitStyle): FittedText {
  const clean = text.replaceAll(/\s+/g, ' ').trim()
  if (clean === '') return { size: sizes[0], lines: [] }
  const size = sizes.find((size) => measureText(clean, { size, weight }) <= width)
  if (size !== undefined) return { size, lines: [clean] }
  const smallest = Math.min(...sizes)
  const fits = (line: string): boolean => measureText(line, { size: smallest, weight }) <= width
  return { size: smallest, lines: wrapWords(clean, fits) }
}

function wrapWords(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((word) => breakWord(word, fits))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && !fits(longer)) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, line]
}

/** A content id has no break opportunities: it is broken at the end of the line. */
function breakWord(word: string, fits: (line: string) => boolean): string[] {
  if (fits(word)) return [word]
  const pieces: string[] = []
  let piece = ''
  for (const character of word) {
    if (piece !== '' && !fits(piece + character)) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece]
}
