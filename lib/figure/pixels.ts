// The raster parts of a page: the picture and the ramp of its colour bar.

import type { Picture } from '../image/picture.ts'
import { noDataColour } from '../image/ramps.ts'

/** An opaque RGB image: 3 bytes a pixel, row-major. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
}

/** A picture in the colours of `ramp` (768 bytes), each of its pixels `enlargement` pixels wide and high. */
export function paintPicture(picture: Picture, ramp: Uint8Array, enlargement: number): RgbImage {
  const width = picture.width * enlargement
  const height = picture.height * enlargement
  const bytes = new Uint8Array(width * height * 3)
  const nothing = Buffer.from(noDataColour.slice(1), 'hex')
  for (let row = 0; row < picture.height; row++) {
    const start = row * enlargement * width * 3
    let at = start
    for (let col = 0; col < picture.width; col++) {
      const from = row * picture.width + col
      const colours = picture.valid[from] === 1 ? ramp : nothing
      const index = picture.valid[from] === 1 ? (picture.indices[from] ?? 0) * 3 : 0
      for (let repeat = 0; repeat < enlargement; repeat++) {
        bytes[at++] = colours[index] ?? 0
        bytes[at++] = colours[index + 1] ?? 0
        bytes[at++] = colours[index + 2] ?? 0
      }
    }
    for (let repeat = 1; repeat < enlargement; repeat++) {
      bytes.copyWithin(start + repeat * width * 3, start, at)
    }
  }
  return { width, height, bytes }
}

/** An upright ramp, entry 255 on top. */
export function paintRamp(ramp: Uint8Array, width: number, height: number): RgbImage {
  const bytes = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    const index = Math.floor((1 - (row + 0.5) / height) * 256)
    const colour = ramp.subarray(index * 3, index * 3 + 3)
    for (let col = 0; col < width; col++) bytes.set(colour, (row * width + col) * 3)
  }
  return { width, height, bytes }
}
