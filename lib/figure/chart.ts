// Draws a chart: NDVI over time, a line a zone, with the band of its middle half where there is one zone.

import { type ChartPoint, drawLine, type TimeScale } from './chart-lines.ts'
import { dateTicks } from './date-ticks.ts'
import { setParagraph, setTable } from './lettering.ts'
import { type Fill, type Label, outline } from './marks.ts'
import { encodePage } from './png.ts'
import { fillPath, labelPath } from './svg.ts'
import { measureText } from './text.ts'
import { tickSets } from './ticks.ts'
import { caption, footer, hairline, ink, subtitle, tickStyle, title } from './typography.ts'

export interface ChartInput {
  readonly title: string
  readonly subtitle: string
  readonly caption: string
  readonly footer: readonly string[]
  /** By name, each in order of time. */
  readonly lines: readonly { readonly name: string; readonly points: readonly ChartPoint[] }[]
}

/** Lines that can be told apart. */
export const MOST_LINES = 6

/** Told apart by those who do not see all colours: Okabe and Ito (2008), without its yellow and black. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'] as const

const WIDTH = 960
const margin = 28
const frame = { x: 84, width: WIDTH - 84 - margin, height: 320 } as const
const mostDates = 9

/** The chart as SVG, lettering as outlines. The same input gives the same text on any machine. */
export function chartSvg(chart: ChartInput): string {
  const column = { x: frame.x, width: frame.width }
  const head = setParagraph(chart.title, { ...column, y: margin }, title, ink.strong, 1.25)
  const second = setParagraph(
    chart.subtitle,
    { ...column, y: head.bottom + 3 },
    subtitle,
    ink.soft,
    1.35,
  )
  const legend = chart.lines.length > 1 ? drawLegend(chart.lines, second.bottom + 8) : null
  const box = { ...frame, y: (legend?.bottom ?? second.bottom) + 18 }
  const scale = scaleOf(chart.lines, box)
  const x = drawDates(scale, box)
  const y = drawValues(scale, box)
  const said = setParagraph(
    chart.caption,
    { ...column, y: box.y + box.height + 44 },
    caption,
    ink.soft,
    1.4,
  )
  const rule = { ...column, y: said.bottom + 14, height: 1, colour: hairline }
  const foot = setTable(chart.footer, { ...column, y: rule.y + 10 }, footer, ink.faint, 1.5)
  const height = foot.bottom + margin
  const labels = [head, second, said, foot].flatMap((block) => block.labels)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`,
    fillPath({ x: 0, y: 0, width: WIDTH, height, colour: '#ffffff' }),
    ...[...x.fills, ...y.fills].map(fillPath),
    ...chart.lines.slice(0, MOST_LINES).flatMap((line, at) =>
      drawLine(line.points, scale, {
        colour: colours[at] ?? ink.text,
        isAlone: chart.lines.length === 1,
      }),
    ),
    ...[...outline(box, ink.text), rule, ...(legend?.fills ?? [])].map(fillPath),
    ...[...labels, ...x.labels, ...y.labels, ...(legend?.labels ?? [])].map(labelPath),
    '</svg>',
  ].join('\n')
}

/** The same as a PNG. */
export function drawChart(chart: ChartInput): Promise<Uint8Array<ArrayBuffer>> {
  return encodePage(chartSvg(chart))
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const DAY = 86_400_000

/** All dates with a little room, and all values on round ends. */
function scaleOf(lines: ChartInput['lines'], { x, y, width, height }: Box): TimeScale {
  const points = lines.flatMap((line) => line.points)
  const [first, last] = ends(points.map(({ time }) => time)) ?? [0, 0]
  const room = Math.max(DAY, (last - first) * 0.02)
  const times = [first - room, last + room] as const
  const known = points.flatMap(({ value, band }) =>
    value === null ? [] : [value, ...(band ?? [])],
  )
  const [low, high] = ends(known) ?? [0, 1]
  const values = [
    Math.max(-1, Math.floor((low - 0.02) * 10) / 10),
    Math.min(1, Math.ceil((high + 0.02) * 10) / 10),
  ] as const
  return {
    times,
    values,
    placeTime: (time) => x + ((time - times[0]) / (times[1] - times[0])) * width,
    placeValue: (value) => y + height - ((value - values[0]) / (values[1] - values[0])) * height,
  }
}

function ends(numbers: readonly number[]): readonly [number, number] | null {
  if (numbers.length === 0) return null
  return numbers.reduce<readonly [number, number]>(
    ([low, high], each) => [Math.min(low, each), Math.max(high, each)],
    [Infinity, -Infinity],
  )
}

interface Marks {
  readonly fills: readonly Fill[]
  readonly labels: readonly Label[]
}

function drawDates({ times, placeTime }: TimeScale, box: Box): Marks {
  const ticks = dateTicks(times[0], times[1], mostDates)
  const bottom = box.y + box.height
  return {
    fills: ticks.flatMap(({ time }) => {
      const x = Math.round(placeTime(time))
      return [
        { x, y: box.y, width: 1, height: box.height, colour: '#ececec' },
        { x, y: bottom, width: 1, height: 6, colour: ink.text },
      ]
    }),
    labels: ticks.map(({ time, label }) => ({
      ...tickStyle,
      text: label,
      colour: ink.text,
      x: Math.round(placeTime(time)),
      y: bottom + 22,
      anchor: 'middle',
    })),
  }
}

function drawValues({ values, placeValue }: TimeScale, box: Box): Marks {
  const sets = tickSets(values[0], values[1])
  const set = sets.find((each) => each.values.length <= 7) ?? sets.at(-1)
  const ticks = set?.values.map((value, at) => ({ value, label: set.labels[at] ?? '' })) ?? []
  const widest = Math.max(0, ...ticks.map(({ label }) => measureText(label, tickStyle)))
  return {
    fills: ticks.flatMap(({ value }) => {
      const y = Math.round(placeValue(value))
      return [
        { x: box.x, y, width: box.width, height: 1, colour: '#ececec' },
        { x: box.x - 6, y, width: 6, height: 1, colour: ink.text },
      ]
    }),
    labels: [
      ...ticks.map(
        ({ value, label }): Label => ({
          ...tickStyle,
          text: label,
          colour: ink.text,
          x: box.x - 10,
          y: Math.round(placeValue(value)) + 5,
          anchor: 'end',
        }),
      ),
      {
        ...tickStyle,
        text: 'NDVI',
        colour: ink.text,
        x: Math.round(box.x - 24 - widest),
        y: box.y + box.height / 2,
        anchor: 'middle',
        turned: true,
      },
    ],
  }
}

function drawLegend(lines: ChartInput['lines'], top: number): Marks & { readonly bottom: number } {
  const style = { size: 13, weight: 'regular' } as const
  const fills: Fill[] = []
  const labels: Label[] = []
  let [x, y] = [frame.x as number, top]
  for (const [at, { name }] of lines.slice(0, MOST_LINES).entries()) {
    const text = name.length > 40 ? `${name.slice(0, 39)}…` : name
    const width = 30 + Math.ceil(measureText(text, style)) + 22
    if (x + width > frame.x + frame.width && x > frame.x) [x, y] = [frame.x, y + 20]
    const colour = colours[at] ?? ink.text
    fills.push({ x, y: y + 7, width: 22, height: 3, colour })
    labels.push({ ...style, text, colour: ink.text, x: x + 30, y: y + 13, anchor: 'start' })
    x += width
  }
  return { fills, labels, bottom: y + 18 }
}
