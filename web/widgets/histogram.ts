// How often each NDVI occurs: 40 bars from −1 to 1.

import { svg } from '../dom.ts'
import { count } from '../format.ts'
import type { Statistics } from '../replies.ts'

const WIDTH = 340
const HEIGHT = 90
const FLOOR = 14

export function histogram({
  histogram: { edges, counts },
  percentiles,
}: Statistics): SVGSVGElement {
  const most = Math.max(1, ...counts)
  const step = WIDTH / counts.length
  const tall = HEIGHT - FLOOR
  const bars = counts.map((number, at) => {
    const height = (number / most) * tall
    const title = svg(
      'title',
      {},
      `${(edges[at] ?? 0).toFixed(2)} to ${(edges[at + 1] ?? 0).toFixed(2)}: ${count(number)} pixels`,
    )
    return svg(
      'rect',
      { class: 'bar', x: at * step, y: tall - height, width: step - 1, height },
      title,
    )
  })
  const middle = percentiles['50']
  const line = middle === null ? null : markAt(middle, tall)
  const first = edges[0] ?? -1
  const last = edges.at(-1) ?? 1
  const label = (x: number, anchor: string, text: string) =>
    svg('text', { x, y: HEIGHT - 2, 'text-anchor': anchor }, text)
  return svg(
    'svg',
    {
      class: 'histogram',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-label': 'Histogram of NDVI',
    },
    ...bars,
    line,
    label(0, 'start', String(first).replace('-', '−')),
    label(WIDTH / 2, 'middle', String((first + last) / 2)),
    label(WIDTH, 'end', String(last)),
  )

  function markAt(value: number, tall: number): SVGLineElement {
    const x = ((value - (edges[0] ?? -1)) / ((edges.at(-1) ?? 1) - (edges[0] ?? -1))) * WIDTH
    return svg(
      'line',
      { class: 'median', x1: x, x2: x, y1: 0, y2: tall },
      svg('title', {}, `median ${value.toFixed(4)}`),
    )
  }
}
