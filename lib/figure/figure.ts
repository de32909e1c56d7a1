// Draws the figure: a map of NDVI with its axes, its colour bar, and where its numbers came from.

import { encodePagePng } from '../image/indexed-png.ts'
import type { Picture } from '../image/picture.ts'
import { getRamp } from '../image/ramps.ts'
import type { ColormapName } from '../model/colormap.ts'
import type { Bbox } from '../model/grid.ts'
import type { MapAxis } from '../model/map-axis.ts'
import { layoutPage } from './layout.ts'
import { PagePalette } from './page-palette.ts'
import { layImage, paintPicture, paintRamp } from './pixels.ts'
import { rasterize } from './png.ts'
import { pageSvg } from './svg.ts'

export interface FigureInput {
  readonly picture: Picture
  readonly rampName: ColormapName
  /** The values of the colour bar's two ends: those the picture was made with. */
  readonly rescale: readonly [number, number]
  readonly title: string
  readonly subtitle: string
  /** What the colours stand for; NDVI where it is absent. */
  readonly quantity?: string
  /** Footer lines. The text before a tab (`red\tbafy…`) is aligned in a column of its own. */
  readonly footer: readonly string[]
  /** left, bottom, right, top of exactly the drawn picture, in map units. */
  readonly bounds: Bbox
  /** `EPSG:<code>` or that of another authority; null where it has none. */
  readonly crs: string | null
  readonly axes: readonly [x: MapAxis, y: MapAxis]
  /** A note on the drawing, such as that it is decimated; '' for none. */
  readonly caption?: string
}

/**
 * The figure as an indexed PNG: 18 greys, and the ramp in what these leave of 256 colours. As an RGB page its 490 made
 * it two thirds larger, in three times the time. The same input gives the same bytes on any machine, in any locale and
 * time zone: nothing here asks for a font, a clock or a language.
 */
export async function drawFigure(figure: FigureInput): Promise<Uint8Array<ArrayBuffer>> {
  const { picture, caption = '', quantity = 'NDVI' } = figure
  const page = layoutPage({
    ...figure,
    width: picture.width,
    height: picture.height,
    isSized: picture.step === null,
    under: picture.under,
    over: picture.over,
    anyInvalid: picture.valid.includes(0),
    caption,
    quantity,
  })
  const colours = getRamp(figure.rampName)
  const palette = new PagePalette(colours)
  const { width, height, rgb } = await rasterize(pageSvg(page, colours))
  const sheet = { width, height, indices: palette.indexPage(rgb) }
  const { image, ramp } = page
  layImage(paintPicture(picture, palette, page.enlargement), sheet, image.x, image.y)
  layImage(paintRamp(palette, ramp.width, ramp.height), sheet, ramp.x, ramp.y)
  return encodePagePng(sheet.indices, { width, height, colours: palette.colours })
}
