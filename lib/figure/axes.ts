// The axes around the map: ticks, numbers and names.

import type { AxisTicks } from './axis-ticks.ts'
import { type Box, type Drawing, digitDrop, type Label } from './marks.ts'
import { capHeight, measureText } from './text.ts'
import { axisStyle, ink, tickStyle } from './typography.ts'

export const majorLength = 6
const minorLength = 3
const labelGap = 4
/** From the map's lower edge to the baselines of its numbers and of its name. */
const numberDrop = 2 + majorLength + labelGap + Math.round(capHeight * tickStyle.size)
const nameDrop = numberDrop + 22
const nameGap = 12

/** Pixels left of the map that its y axis takes. */
export function yAxisRoom(y: AxisTicks): number {
  const numbers = 1 + majorLength + labelGap + Math.ceil(y.widest)
  return numbers + nameGap + Math.ceil(axisStyle.size)
}

/** Ticks, numbers and names of both axes of the map at `frame`. */
export function drawAxes(
  frame: Box,
  x: AxisTicks,
  y: AxisTicks,
  names: readonly [x: string, y: string],
): Drawing {
  const below = frame.y + frame.height
  const lowest = below - 1
  const column = (at: number, length: number, colour: string) =>
    ({ x: frame.x + at, y: below + 1, width: 1, height: length, colour }) as const
  const row = (at: number, length: number, colour: string) =>
    ({ x: frame.x - 1 - length, y: lowest - at, width: length, height: 1, colour }) as const
  const fills = [
    ...x.minor.map((at) => column(at, minorLength, ink.faint)),
    ...y.minor.map((at) => row(at, minorLength, ink.faint)),
    ...x.major.map(({ at }) => column(at, majorLength, ink.text)),
    ...y.major.map(({ at }) => row(at, majorLength, ink.text)),
  ]
  const number = { ...tickStyle, colour: ink.text } as const
  const name = { ...axisStyle, colour: ink.text, anchor: 'middle' } as const
  const beside = frame.x - 1 - majorLength - labelGap
  const labels: Label[] = [
    ...x.major.map(({ at, label }): Label => {
      return {
        ...number,
        text: label,
        x: frame.x + at + 0.5,
        y: below + numberDrop,
        anchor: 'middle',
      }
    }),
    ...y.major.map(({ at, label }): Label => {
      const baseline = lowest - at + digitDrop(tickStyle.size)
      return { ...number, text: label, x: beside, y: baseline, anchor: 'end' }
    }),
    { ...name, text: names[0], x: frame.x + frame.width / 2, y: below + nameDrop },
    {
      ...name,
      text: names[1],
      x: beside - Math.ceil(y.widest) - nameGap,
      y: frame.y + frame.height / 2,
      turned: true,
    },
  ]
  return { fills, labels }
}

/** How far the x axis' numbers reach beyond the map's right edge. */
export function xOverhang(x: AxisTicks, length: number): number {
  const reach = x.major.map(
    ({ at, label }) => at + 0.5 + measureText(label, tickStyle) / 2 - length,
  )
  return Math.ceil(Math.max(0, ...reach))
}
