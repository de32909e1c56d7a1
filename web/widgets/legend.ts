// The colour ramp with its ends, and the share of pixels that were set aside and why.

import { rampData } from '../../lib/image/ramps.data.ts'
import type { Colours } from '../context.ts'
import { h, svg } from '../dom.ts'
import { percent } from '../format.ts'
import type { Statistics } from '../replies.ts'

const WIDTH = 160
const HEIGHT = 10
const STOPS = 17
const ENTRIES = 256

const reasons = [
  ['fill', 'no data'],
  ['saturation', 'saturated'],
  ['mask', 'masked'],
  ['denominator', 'no light in either band'],
] as const

/** @param statistics null where they are not known */
export function legend(
  { title, colormap, rescale }: Colours,
  statistics: Statistics | null,
): HTMLElement {
  const [low = '-1', high = '1'] = rescale.split(',')
  return h(
    'figure',
    { class: 'legend' },
    h('figcaption', {}, title),
    rampBar(colormap),
    h(
      'div',
      { class: 'ends' },
      h('span', {}, low.replace('-', '−')),
      h('span', {}, high.replace('-', '−')),
    ),
    statistics && h('p', {}, setAside(statistics)),
  )
}

/** A bar of the ramp, from its lower to its upper end. */
export function rampBar(colormap: string): SVGSVGElement {
  const colours = rampColours(colormap)
  const step = WIDTH / STOPS
  const bars = colours.map((fill, at) =>
    svg('rect', { x: at * step, width: step + 0.5, height: HEIGHT, fill }),
  )
  return svg(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      width: WIDTH,
      height: HEIGHT,
      role: 'img',
      'aria-label': `colour ramp ${colormap}`,
    },
    ...bars,
  )
}

function rampColours(colormap: string): string[] {
  const table = Object.entries(rampData).find(([name]) => name === colormap)?.[1] ?? rampData.rdylgn
  const bytes = Uint8Array.from(atob(table), (letter) => letter.charCodeAt(0))
  return Array.from({ length: STOPS }, (_, at) => {
    const entry = Math.round((at / (STOPS - 1)) * (ENTRIES - 1)) * 3
    return `rgb(${bytes.subarray(entry, entry + 3).join(' ')})`
  })
}

function setAside({ invalid, total_count, valid_percent }: Statistics): string {
  const parts = reasons.flatMap(([name, words]) => {
    const share = (100 * invalid[name]) / total_count
    return share >= 0.05 ? [`${percent(Number(share.toFixed(1)))} ${words}`] : []
  })
  return parts.length === 0
    ? `${percent(Number(valid_percent.toFixed(1)))} of the pixels count`
    : `set aside: ${parts.join(', ')}`
}
