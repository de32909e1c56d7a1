// The drawing elements of a page: flat boxes on whole pixels, and text.

import { ascent, capHeight, descent, measureText, type TextStyle } from './text.ts'

/** Pixels from the page's upper left corner. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Fill extends Box {
  readonly colour: string
}

export interface Label extends TextStyle {
  readonly text: string
  readonly colour: string
  /** Where the baseline starts, has its middle, or ends, as `anchor` says. */
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  /** Read from below to above instead of from left to right. */
  readonly turned?: boolean
}

/** One part of the page. */
export interface Drawing {
  readonly fills: readonly Fill[]
  readonly labels: readonly Label[]
}

/** Pixels from a label's anchor point back to where its pen starts. */
export function anchorOffset(label: Label): number {
  if (label.anchor === 'start') return 0
  const width = measureText(label.text, label)
  return label.anchor === 'middle' ? width / 2 : width
}

/** Bounding box of a label, from the top of accented capitals to the bottom of descenders. */
export function labelBox(label: Label): Box {
  const { x, y, size } = label
  const along = measureText(label.text, label)
  const before = anchorOffset(label)
  const across = (ascent + descent) * size
  return label.turned === true
    ? { x: x - ascent * size, y: y + before - along, width: across, height: along }
    : { x: x - before, y: y - ascent * size, width: along, height: across }
}

/** How far below its middle the baseline of a line of digits lies. */
export function digitDrop(size: number): number {
  return Math.round((capHeight * size) / 2)
}

/** One pixel of line around a box, outside it. */
export function outline({ x, y, width, height }: Box, colour: string): Fill[] {
  return [
    { x: x - 1, y: y - 1, width: width + 2, height: 1, colour },
    { x: x - 1, y: y + height, width: width + 2, height: 1, colour },
    { x: x - 1, y, width: 1, height, colour },
    { x: x + width, y, width: 1, height, colour },
  ]
}
