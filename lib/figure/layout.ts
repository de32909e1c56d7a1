// Where everything on a figure's page goes, in whole pixels.

import type { Bbox } from '../model/grid.ts'
import type { MapAxis } from '../model/map-axis.ts'
import { drawAxes, xOverhang, yAxisRoom } from './axes.ts'
import { mapTicks } from './axis-ticks.ts'
import { axisTitles } from './axis-titles.ts'
import { type BarContent, colorbarWidth, drawColorbar, type Point } from './colorbar.ts'
import { fitFrame } from './frame.ts'
import { type Block, type Column, setParagraph, setTable } from './lettering.ts'
import { type Box, type Drawing, labelBox, outline } from './marks.ts'
import { caption, footer, hairline, ink, subtitle, tickStyle, title } from './typography.ts'

/** The text and the scale of a page; its pixels come separately. */
export interface PageContent extends BarContent {
  /** Pixels of the picture. */
  readonly width: number
  readonly height: number
  /** Whether it has the size that was asked for. */
  readonly isSized?: boolean
  readonly title: string
  readonly subtitle: string
  readonly caption: string
  readonly footer: readonly string[]
  readonly bounds: Bbox
  readonly axes: readonly [x: MapAxis, y: MapAxis]
  readonly crs: string | null
}

export interface PageLayout extends Drawing {
  readonly width: number
  readonly height: number
  /** Inside of the map's frame. */
  readonly frame: Box
  /** Where the picture goes, and by what whole factor it is enlarged. */
  readonly image: Box
  readonly enlargement: number
  /** Where the ramp goes, highest value on top, and its pointed ends. */
  readonly ramp: Box
  readonly points: readonly Point[]
}

const margin = 28
/** The default title and a line of content id fit this column, however narrow the map is. */
const leastColumn = 600
const headingGap = 18
const barGap = 26
const swatchGap = 12
const mapSpacing = 90

/** Lays out the page. Its size follows from the content, so that nothing is cut off. */
export function layoutPage(content: PageContent): PageLayout {
  const map = fitFrame(content.width, content.height, content.bounds, content.isSized)
  const [left, bottom, right, top] = map.bounds
  const side = { style: tickStyle, spacing: mapSpacing }
  const [x, y] = mapTicks(
    { ...side, lo: left, hi: right, length: map.width, beside: true },
    { ...side, lo: bottom, hi: top, length: map.height, beside: false },
  )

  const frameX = margin + yAxisRoom(y)
  const overhang = content.anyInvalid ? xOverhang(x, map.width) + swatchGap : 0
  const barX = frameX + map.width + Math.max(barGap, overhang)
  const mapWidth = barX + colorbarWidth(map.height, content) - frameX
  const column = { x: frameX, width: Math.max(mapWidth, leastColumn) }

  const heading = setHeading(content, { ...column, y: margin })
  const frame = {
    x: frameX,
    y: heading.bottom + headingGap,
    width: map.width,
    height: map.height,
  }
  const image = {
    x: frame.x + map.offset[0],
    y: frame.y + map.offset[1],
    width: content.width * map.enlargement,
    height: content.height * map.enlargement,
  }
  const axes = drawAxes(frame, x, y, axisTitles(content.axes, content.crs))
  const bar = drawColorbar({ x: barX, y: frame.y, height: frame.height }, content)
  const footing = setFooting(content, { ...column, y: lowestOf([axes, bar]) })
  return {
    width: column.x + column.width + margin,
    height: footing.bottom + margin,
    frame,
    image,
    enlargement: map.enlargement,
    ramp: bar.ramp,
    points: bar.points,
    fills: [...outline(frame, ink.text), ...axes.fills, ...bar.fills, ...footing.fills],
    labels: [...heading.labels, ...axes.labels, ...bar.labels, ...footing.labels],
  }
}

function setHeading(content: PageContent, column: Column): Block {
  const head = setParagraph(content.title, column, title, ink.strong, 1.25)
  const below = { ...column, y: head.bottom + 3 }
  const second = setParagraph(content.subtitle, below, subtitle, ink.soft, 1.35)
  return { labels: [...head.labels, ...second.labels], bottom: second.bottom }
}

/** Caption, then the footer under a hairline. */
function setFooting(content: PageContent, column: Column): Block & Drawing {
  const above = content.caption === '' ? column.y : column.y + 14
  const said = setParagraph(content.caption, { ...column, y: above }, caption, ink.soft, 1.4)
  if (content.footer.length === 0) return { ...said, fills: [] }
  const rule = { ...column, y: said.bottom + 14, height: 1, colour: hairline }
  const lines = setTable(content.footer, { ...column, y: rule.y + 10 }, footer, ink.faint, 1.5)
  return { labels: [...said.labels, ...lines.labels], bottom: lines.bottom, fills: [rule] }
}

function lowestOf(drawings: readonly Drawing[]): number {
  const labels = drawings.flatMap((drawing) => drawing.labels.map((label) => labelBox(label)))
  const boxes = [...labels, ...drawings.flatMap((drawing) => drawing.fills)]
  return Math.ceil(Math.max(...boxes.map(({ y, height }) => y + height)))
}
