// Small pictures drawn in lines, so that a shape tells what a colour also tells.

import { svg } from '../dom.ts'

const paths = {
  /** A shield with a tick: every block checked. */
  verified: 'M8 1.5 13.5 3.5v4c0 3.4-2.3 5.8-5.5 7-3.2-1.2-5.5-3.6-5.5-7v-4zM5.4 8l1.9 1.9 3.4-3.7',
  /** A fingerprint. */
  fingerprint:
    'M3 9.5C3 5 5 2.5 8 2.5s5 2.5 5 6M5.3 13c-.3-1-.4-2.3-.3-4C5.1 6.5 6.2 5 8 5' +
    's2.8 1.5 2.8 4-.2 3-.6 4.5M8 7.5c.2 2.5 0 4.5-.6 6.5',
  /** A broken ring with a gap. */
  open: 'M12.5 4.5A5.7 5.7 0 1 0 13.5 9M8 5v4M8 11.2v.3',
  none: 'M4 4l8 8M12 4l-8 8',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5.5a2.5 2.5 0 0 1 5 0v2',
  /** Two halves. */
  beside: 'M2.5 3.5h11v9h-11zM8 3.5v9M10.5 8h1.5M4 8h1.5',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  box: 'M2.5 4.5h11v7h-11z',
  polygon: 'M3 11.5 5 3.5l7 1.5 1.5 5.5-6 3z',
  locate: 'M8 2v2.5M8 11.5V14M2 8h2.5M11.5 8H14M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  download: 'M8 2.5v7M5 7l3 3 3-3M3 13h10',
  warning: 'M8 2 14.5 13.5h-13zM8 6.5v3.5M8 11.7v.2',
} as const

export type IconName = keyof typeof paths

export function icon(name: IconName): SVGSVGElement {
  const line = svg('path', {
    d: paths[name],
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': 1.4,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  })
  return svg(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' },
    line,
  )
}
