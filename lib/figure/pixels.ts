// The raster parts of a page: the picture and the ramp of its colour bar, as entries of its palette.

import type { Picture } from '../image/picture.ts'
import type { PagePalette } from './page-palette.ts'

/** One byte a pixel, row-major. */
export interface IndexedImage {
  readonly width: number
  readonly height: number
  readonly indices: Uint8Array
}

/** A picture, each of its pixels `enlargement` pixels wide and high. */
export function paintPicture(
  picture: Picture,
  { entries, noValue }: PagePalette,
  enlargement: number,
): IndexedImage {
  const width = picture.width * enlargement
  const height = picture.height * enlargement
  const indices = new Uint8Array(width * height)
  for (let row = 0; row < picture.height; row++) {
    const start = row * enlargement * width
    let at = start
    for (let col = 0; col < picture.width; col++) {
      const from = row * picture.width + col
      const entry = picture.valid[from] === 1 ? entries[picture.indices[from]!]! : noValue
      for (let repeat = 0; repeat < enlargement; repeat++) indices[at++] = entry
    }
    for (let repeat = 1; repeat < enlargement; repeat++) {
      indices.copyWithin(start + repeat * width, start, at)
    }
  }
  return { width, height, indices }
}

/** An upright ramp, index 255 on top. */
export function paintRamp({ entries }: PagePalette, width: number, height: number): IndexedImage {
  const indices = new Uint8Array(width * height)
  for (let row = 0; row < height; row++) {
    const index = Math.floor((1 - (row + 0.5) / height) * 256)
    indices.fill(entries[index]!, row * width, (row + 1) * width)
  }
  return { width, height, indices }
}

/** Lays an image over a page with its upper left corner there. */
export function layImage(
  { width, height, indices }: IndexedImage,
  page: IndexedImage,
  x: number,
  y: number,
): void {
  for (let row = 0; row < height; row++) {
    page.indices.set(indices.subarray(row * width, (row + 1) * width), (y + row) * page.width + x)
  }
}
