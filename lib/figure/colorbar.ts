// The colour bar beside the map: its scale, its pointed ends, and the no-data swatch under it.

import { noDataColour } from '../image/ramps.ts'
import { majorLength } from './axes.ts'
import { type AxisTicks, axisTicks } from './axis-ticks.ts'
import { type Box, type Drawing, digitDrop, type Label, outline } from './marks.ts'
import { measureText } from './text.ts'
import { axisStyle, ink, tickStyle } from './typography.ts'

const barWidth = 18
/** Height of the pointed ends, which mean that values lie beyond the scale. */
const pointHeight = 11
/** Least distance of labels in pixels; a bar has at most ten of them. */
const tickSpacing = 44
const spacings = 9.5
const labelGap = 4
const nameGap = 10
const swatchHeight = 12
const swatchDrop = 13
const noData = 'no data'

export interface Colorbar extends Drawing {
  /** Where the ramp itself goes, highest value on top. */
  readonly ramp: Box
  /** Points at the ends of the ramp, where values lie beyond them. */
  readonly points: readonly Point[]
}

export interface Point {
  readonly end: 'under' | 'over'
  /** Left foot, tip, right foot. */
  readonly corners: readonly (readonly [x: number, y: number])[]
}

export interface BarContent {
  readonly rescale: readonly [number, number]
  readonly under: boolean
  readonly over: boolean
  readonly anyInvalid: boolean
  /** What the colours stand for: `NDVI`. */
  readonly quantity: string
}

/** The parts of a bar at `column` (x and y of its upper left corner, its height, points included). */
export function drawColorbar(column: Omit<Box, 'width'>, content: BarContent): Colorbar {
  const ramp = rampBox(column, content)
  const ticks = barTicks(ramp.height, content.rescale)
  const numbersX = ramp.x + barWidth + 1 + majorLength + labelGap
  const lowest = ramp.y + ramp.height - 1
  const labels = ticks.major.map(({ at, label }): Label => {
    const y = lowest - at + digitDrop(tickStyle.size)
    return { ...tickStyle, text: label, colour: ink.text, x: numbersX, y, anchor: 'start' }
  })
  const name: Label = {
    ...axisStyle,
    text: content.quantity,
    colour: ink.text,
    x: numbersX + Math.ceil(ticks.widest) + nameGap + Math.ceil(axisStyle.size),
    y: column.y + column.height / 2,
    anchor: 'middle',
    turned: true,
  }
  const fills = ticks.major.map(({ at }) => {
    const x = ramp.x + barWidth + 1
    return { x, y: lowest - at, width: majorLength, height: 1, colour: ink.text }
  })
  const swatch = content.anyInvalid ? drawSwatch(ramp.x, column.y + column.height) : null
  return {
    ramp,
    points: endPoints(ramp, content),
    fills: [...outline(ramp, ink.text), ...fills, ...(swatch?.fills ?? [])],
    labels: [...labels, name, ...(swatch?.labels ?? [])],
  }
}

/** Pixels from the bar's left edge to the end of everything that belongs to it. */
export function colorbarWidth(height: number, content: BarContent): number {
  const { widest } = barTicks(rampBox({ x: 0, y: 0, height }, content).height, content.rescale)
  const numbersX = barWidth + 1 + majorLength + labelGap
  const scale = numbersX + Math.ceil(widest) + nameGap + 2 * Math.ceil(axisStyle.size)
  const swatch = numbersX + Math.ceil(measureText(noData, tickStyle))
  return content.anyInvalid ? Math.max(scale, swatch) : scale
}

function rampBox(column: Omit<Box, 'width'>, { under, over }: BarContent): Box {
  const above = over ? pointHeight : 0
  const height = column.height - above - (under ? pointHeight : 0)
  return { x: column.x, y: column.y + above, width: barWidth, height }
}

function barTicks(length: number, [lo, hi]: readonly [number, number]): AxisTicks {
  const spacing = Math.max(tickSpacing, length / spacings)
  return axisTicks({ lo, hi, length, style: tickStyle, beside: false, spacing, endsMatter: true })
}

function endPoints({ x, y, width, height }: Box, { under, over }: BarContent): Point[] {
  const point = (end: Point['end'], foot: number, tip: number): Point => ({
    end,
    corners: [
      [x - 0.5, foot],
      [x + width / 2, tip],
      [x + width + 0.5, foot],
    ],
  })
  return [
    ...(under ? [point('under', y + height + 0.5, y + height + pointHeight)] : []),
    ...(over ? [point('over', y - 0.5, y - pointHeight)] : []),
  ]
}

function drawSwatch(x: number, below: number): Drawing {
  const box = { x, y: below + swatchDrop, width: barWidth, height: swatchHeight }
  const label: Label = {
    ...tickStyle,
    text: noData,
    colour: ink.text,
    x: x + barWidth + 1 + majorLength + labelGap,
    y: box.y + swatchHeight / 2 + digitDrop(tickStyle.size),
    anchor: 'start',
  }
  return { fills: [{ ...box, colour: noDataColour }, ...outline(box, ink.text)], labels: [label] }
}
