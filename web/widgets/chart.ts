// A series as a line over its dates, with the band of its middle half and gaps where nothing was seen.

import { h, svg } from '../dom.ts'
import { ndvi } from '../format.ts'

export interface Point {
  readonly date: string
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
  readonly valid: number
}

const LEFT = 34
const BOTTOM = 20
const TOP = 8
const DATE_WIDTH = 70

/** In CSS pixels: scaled down, its words could not be read on a phone. */
export interface ChartSize {
  readonly width: number
  readonly height: number
}

/** @param pick what a chosen point does */
export function chart<Shown extends Point>(
  points: readonly Shown[],
  { width, height }: ChartSize,
  pick: (point: Shown) => void,
): HTMLElement {
  const times = points.map(({ date }) => Date.parse(date))
  const first = Math.min(...times)
  const span = Math.max(1, Math.max(...times) - first)
  const values = points
    .flatMap(({ low, high, mean }) => [low, high, mean])
    .filter((value) => value !== null)
  const bottom = Math.min(0, ...values)
  const top = Math.max(1, ...values)
  const x = (at: number) => LEFT + (((times[at] ?? first) - first) / span) * (width - LEFT - 8)
  const y = (value: number) => TOP + ((top - value) / (top - bottom)) * (height - TOP - BOTTOM)
  const runs = runsOf(points)
  const line = (at: number, value: number | null) =>
    `${x(at).toFixed(1)},${y(value ?? 0).toFixed(1)}`
  const bands = runs.map((run) => {
    const upper = run.map((at) => line(at, points[at]?.high ?? points[at]?.mean ?? 0))
    const lower = run.toReversed().map((at) => line(at, points[at]?.low ?? points[at]?.mean ?? 0))
    return svg('polygon', { class: 'spread', points: [...upper, ...lower].join(' ') })
  })
  const lines = runs.map((run) =>
    svg('polyline', {
      class: 'line',
      points: run.map((at) => line(at, points[at]?.mean ?? 0)).join(' '),
    }),
  )
  const dots = points.flatMap((point, at) =>
    point.mean === null ? [] : [dot(point, x(at), y(point.mean), () => pick(point))],
  )
  oneStop(dots)
  const picture = svg(
    'svg',
    {
      class: 'chart',
      viewBox: `0 0 ${width} ${height}`,
      role: 'group',
      'aria-label': 'NDVI over time',
    },
    ...ticksOf(bottom, top).flatMap((value) => [
      svg('line', { class: 'rule', x1: LEFT, x2: width, y1: y(value), y2: y(value) }),
      svg(
        'text',
        { x: LEFT - 5, y: y(value) + 4, 'text-anchor': 'end' },
        String(value).replace('-', '−'),
      ),
    ]),
    ...datesOf(points, x).map(({ at, date, anchor }) =>
      svg('text', { x: x(at), y: height - 4, 'text-anchor': anchor }, date),
    ),
    ...bands,
    ...lines,
    ...dots,
  )
  return h('figure', { class: 'series-chart' }, picture)
}

function dot(point: Point, cx: number, cy: number, pick: () => void): SVGElement {
  const words = `${point.date.slice(0, 10)}: ${ndvi(point.mean)}, ${point.valid.toFixed(0)} % valid`
  const made = svg(
    'circle',
    { class: 'dot', cx, cy, r: 4, tabindex: -1, role: 'button', 'aria-label': words },
    svg('title', {}, words),
  )
  made.addEventListener('click', pick)
  made.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    pick()
  })
  return made
}

/** The dots are one stop of the Tab key, however many they are; arrows, Home and End go from one to the next. */
function oneStop(dots: readonly SVGElement[]): void {
  dots.at(-1)?.setAttribute('tabindex', '0')
  for (const [at, dot] of dots.entries()) {
    dot.addEventListener('focus', () => {
      for (const other of dots) other.setAttribute('tabindex', other === dot ? '0' : '-1')
    })
    dot.addEventListener('keydown', (event) => {
      const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: dots.length - 1 }
      const next = Object.entries(places).find(([key]) => key === event.key)?.[1]
      if (next === undefined) return
      event.preventDefault()
      dots[next]?.focus()
    })
  }
}

/** Neighbours that have values: a gap parts them. */
function runsOf(points: readonly Point[]): number[][] {
  const runs: number[][] = []
  let run: number[] = []
  for (const [at, { mean }] of points.entries()) {
    if (mean === null) {
      if (run.length > 0) runs.push(run)
      run = []
    } else run.push(at)
  }
  return run.length > 0 ? [...runs, run] : runs
}

function ticksOf(bottom: number, top: number): number[] {
  const step = top - bottom > 1.2 ? 0.5 : 0.25
  const ticks: number[] = []
  for (let value = Math.ceil(bottom / step) * step; value <= top + 1e-9; value += step)
    ticks.push(value)
  return ticks
}

/** Of the first point, the last, and one between them where its date has room. */
function datesOf(
  points: readonly Point[],
  x: (at: number) => number,
): { at: number; date: string; anchor: string }[] {
  const last = points.length - 1
  if (last < 0) return []
  const middle = Math.round(last / 2)
  const hasRoom = Math.min(x(middle) - x(0), x(last) - x(middle)) > 1.5 * DATE_WIDTH
  const both = x(last) - x(0) > DATE_WIDTH ? [0, last] : [0]
  const named = [...new Set(hasRoom ? [0, middle, last] : both)]
  return named.map((at) => ({
    at,
    date: points[at]?.date.slice(0, 10) ?? '',
    anchor: at === 0 ? 'start' : at === last ? 'end' : 'middle',
  }))
}
