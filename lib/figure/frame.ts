// The map's frame: how much the picture is enlarged, and what ground the frame shows.

import type { Bbox } from '../model/grid.ts'

export interface MapFrame {
  /** Page pixels per picture pixel, whole. */
  readonly enlargement: number
  /** Pixels of the frame's inside, and where in it the picture starts. */
  readonly width: number
  readonly height: number
  readonly offset: readonly [x: number, y: number]
  /** left, bottom, right, top of the frame's inside, in map units. */
  readonly bounds: Bbox
}

const longestSide = 1024
const enlargedBelow = 512
/** Largest useful size of one enlarged pixel. */
const largestPixel = 256
/** Least size of a frame's side: room for two tick labels and the axis' name. */
const leastWidth = 200
const leastHeight = 128

/**
 * The frame for a picture of `width` x `height` pixels that covers `bounds`.
 *
 * Under 512 px on its longest side the picture is enlarged by the largest whole factor that keeps
 * it within 1,024 px (at most 256). A picture too narrow or too flat for a readable axis lies in
 * the middle of a frame that shows the ground around it as bare paper: it is never stretched.
 *
 * @param isSized whether the picture has the size that was asked for: then it is not enlarged
 */
export function fitFrame(width: number, height: number, bounds: Bbox, isSized = false): MapFrame {
  const longest = Math.max(width, height)
  const enlargement =
    longest < enlargedBelow && !isSized
      ? Math.min(largestPixel, Math.floor(longestSide / longest))
      : 1
  const [drawnWidth, drawnHeight] = [width * enlargement, height * enlargement]
  const frameWidth = Math.max(leastWidth, drawnWidth)
  const frameHeight = Math.max(leastHeight, drawnHeight)
  const offset = [
    Math.floor((frameWidth - drawnWidth) / 2),
    Math.floor((frameHeight - drawnHeight) / 2),
  ] as const

  const [left, bottom, right, top] = bounds
  const [unitsX, unitsY] = [(right - left) / drawnWidth, (top - bottom) / drawnHeight]
  const after = [
    frameWidth - drawnWidth - offset[0],
    frameHeight - drawnHeight - offset[1],
  ] as const
  return {
    enlargement,
    width: frameWidth,
    height: frameHeight,
    offset,
    bounds: [
      left - offset[0] * unitsX,
      bottom - after[1] * unitsY,
      right + after[0] * unitsX,
      top + offset[1] * unitsY,
    ],
  }
}
