// The only door to sharp: from a page's SVG and its images to the bytes of a PNG.

import type { RgbImage } from './pixels.ts'

/** An image and where its upper left corner goes on the page. */
export interface Patch {
  readonly x: number
  readonly y: number
  readonly image: RgbImage
}

/**
 * Draws `svg` on white, lays the patches over it pixel by pixel, and encodes the page as an RGB PNG.
 *
 * Rows are left unfiltered: ramp colours repeat exactly and their differences do not, so filters
 * made the figures of real scenes half as large again.
 *
 * sharp takes 40 to 90 ms to load, so it is loaded by the first figure and not by the door.
 */
export async function encodePage(
  svg: string,
  patches: readonly Patch[],
): Promise<Uint8Array<ArrayBuffer>> {
  const { default: sharp } = await import('sharp')
  const { data, info } = await sharp(Buffer.from(svg), { density: 72 })
    .flatten({ background: '#ffffff' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  for (const patch of patches) lay(patch, data, info.width)
  const raw = { width: info.width, height: info.height, channels: 3 } as const
  const png = await sharp(data, { raw })
    .png({ compressionLevel: 9, adaptiveFiltering: false, palette: false })
    .toBuffer()
  return Uint8Array.from(png)
}

function lay({ x, y, image }: Patch, page: Uint8Array, pageWidth: number): void {
  const stride = image.width * 3
  for (let row = 0; row < image.height; row++) {
    const line = image.bytes.subarray(row * stride, (row + 1) * stride)
    page.set(line, ((y + row) * pageWidth + x) * 3)
  }
}

/** Loads sharp and draws the smallest page: its first drawing takes 100 ms more than the next ones. */
export async function loadDrawing(): Promise<void> {
  await encodePage('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', [])
}
