// The only door to sharp's drawing: from a page's SVG to its pixels, or to a PNG.

export interface PagePixels {
  readonly width: number
  readonly height: number
  /** Red green blue, row by row. */
  readonly rgb: Uint8Array
}

/** Draws `svg` on white. */
export async function rasterize(svg: string): Promise<PagePixels> {
  const page = await drawOnWhite(svg)
  const { data, info } = await page.raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

/** The same as an RGB PNG; rows are left unfiltered, for flat colours repeat exactly. */
export async function encodePage(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const page = await drawOnWhite(svg)
  const options = { compressionLevel: 9, adaptiveFiltering: false, palette: false }
  return Uint8Array.from(await page.png(options).toBuffer())
}

const WHITE = { r: 255, g: 255, b: 255 }

/** sharp takes 40 to 90 ms to load, so it is loaded by the first figure and not by the door. */
async function drawOnWhite(svg: string) {
  const { default: sharp } = await import('sharp')
  return sharp(Buffer.from(svg), { density: 72 }).flatten({ background: WHITE })
}

/** Loads sharp and draws the smallest page: its first drawing takes 100 ms more than the next ones. */
export async function loadDrawing(): Promise<void> {
  await rasterize('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
}
