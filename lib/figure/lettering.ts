// The page's running text: heading lines, caption and the footer's columns.

import type { Label } from './marks.ts'
import { ascent, measureText } from './text.ts'
import { type FitStyle, type FittedText, fitText } from './wrap.ts'

/** A column of text: its left edge, its top and its width in pixels. */
export interface Column {
  readonly x: number
  readonly y: number
  readonly width: number
}

export interface Block {
  readonly labels: readonly Label[]
  /** Where the next thing may start. */
  readonly bottom: number
}

const columnGap = 14

/** One paragraph, shrunk or wrapped to the column. `leading` is the distance of lines in ems. */
export function setParagraph(
  text: string,
  column: Column,
  style: FitStyle,
  colour: string,
  leading: number,
): Block {
  return setLines(fitText(text, column.width, style), column, style, colour, leading)
}

/**
 * Footer lines, all in one size. What stands before a tab is a line's own label: these form a
 * column of their own, so that what follows them is aligned.
 */
export function setTable(
  lines: readonly string[],
  column: Column,
  style: FitStyle,
  colour: string,
  leading: number,
): Block {
  const cells = lines.map((line) => splitLabel(line))
  const shared = sharedSize(cells, column.width, style)
  const one: FitStyle = { weight: style.weight, sizes: [shared] }
  const indent = labelColumn(cells, one)
  const labels: Label[] = []
  let y = column.y
  for (const [label, text] of cells) {
    const shift = label === null ? 0 : indent
    const place = { x: column.x + shift, y, width: column.width - shift }
    const block = setParagraph(text, place, one, colour, leading)
    const head = setParagraph(label ?? '', { ...column, y, width: Infinity }, one, colour, leading)
    labels.push(...head.labels, ...block.labels)
    y = Math.max(head.bottom, block.bottom)
  }
  return { labels, bottom: y }
}

function setLines(
  { lines, size }: FittedText,
  { x, y }: Column,
  { weight }: FitStyle,
  colour: string,
  leading: number,
): Block {
  const labels = lines.map((text, i): Label => {
    const baseline = y + Math.round(ascent * size) + Math.round(i * size * leading)
    return { text, size, weight, colour, x, y: baseline, anchor: 'start' }
  })
  return { labels, bottom: y + Math.round(lines.length * size * leading) }
}

function splitLabel(line: string): readonly [label: string | null, text: string] {
  const tab = line.indexOf('\t')
  return tab < 0 ? [null, line] : [line.slice(0, tab), line.slice(tab + 1)]
}

function labelColumn(
  cells: readonly (readonly [string | null, string])[],
  style: FitStyle,
): number {
  const widths = cells.map(([label]) =>
    label === null ? 0 : measureText(label, { size: style.sizes[0], weight: style.weight }),
  )
  return Math.ceil(Math.max(0, ...widths)) + columnGap
}

/** The largest size at which every line stays one line; else the smallest. */
function sharedSize(
  cells: readonly (readonly [string | null, string])[],
  width: number,
  { weight, sizes }: FitStyle,
): number {
  const fits = (size: number): boolean => {
    const one: FitStyle = { weight, sizes: [size] }
    const indent = labelColumn(cells, one)
    return cells.every(([label, text]) => {
      const room = width - (label === null ? 0 : indent)
      return fitText(text, room, one).lines.length <= 1
    })
  }
  return sizes.find((size) => fits(size)) ?? Math.min(...sizes)
}
