// Writes the boxes and the text of a page as SVG paths, without <text>, so that no font is needed.

import { rampColour } from '../image/ramps.ts'
import type { PageLayout } from './layout.ts'
import { anchorOffset, type Fill, type Label } from './marks.ts'
import { outlineText, unitsPerEm } from './text.ts'
import { ink } from './typography.ts'

/** The page without its picture and ramp, on no ground. Every number has at most six decimals. */
export function pageSvg(page: PageLayout, ramp: Uint8Array): string {
  const points = page.points.map(({ end, corners }) => {
    const colour = rampColour(ramp, end === 'under' ? 0 : 255)
    const path = corners.map(([x, y]) => `${x} ${y}`).join('L')
    return `<path d="M${path}" fill="${colour}" stroke="${ink.text}"/>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${page.width}" height="${page.height}">`,
    ...points,
    ...page.fills.map((fill) => fillPath(fill)),
    ...page.labels.map((label) => labelPath(label)),
    '</svg>',
  ].join('\n')
}

/** A rectangle of the page. */
export function fillPath({ x, y, width, height, colour }: Fill): string {
  return `<path fill="${colour}" d="M${x} ${y}h${width}v${height}h${-width}z"/>`
}

/** A text of the page. */
export function labelPath(label: Label): string {
  const before = anchorOffset(label)
  const [x, y] = label.turned === true ? [label.x, label.y + before] : [label.x - before, label.y]
  const turn = label.turned === true ? 'rotate(-90)' : ''
  const scale = decimal(label.size / unitsPerEm, 6)
  const place = `translate(${decimal(x, 2)} ${decimal(y, 2)})${turn}scale(${scale})`
  const path = outlineText(label.text, label.weight)
  return `<path fill="${label.colour}" transform="${place}" d="${path}"/>`
}

function decimal(value: number, places: number): string {
  return String(Number(value.toFixed(places)))
}
