// A composite that is too large for the time that there is: told before a pixel is read.

import { GreenprintError, TooManyPixels } from '../errors.ts'
import { PIXELS_PER_SECOND } from './composite-speed.ts'
import { MAX_WHOLE_COLS } from './draw-bands.ts'
import type { Stack } from './place-scenes.ts'

/** Of a worker's 900 s, and of its five deliveries, one of each is kept for what is slower than that. */
const MOST_WORK = PIXELS_PER_SECOND * 780 * 4

/** Of a stack. */
export interface Limited extends Pick<Stack, 'grid' | 'read' | 'sizes'> {
  readonly members: readonly unknown[]
}

export interface CompositeLimits {
  /** Pixels of the largest grid of this deployment. */
  readonly maxPixels: number
  /** Pixels of all scenes together that this run may compose. */
  readonly mostPixels: number
}

/**
 * @returns pixels of all scenes together that are read
 * @throws {GreenprintError} `too_large` with the largest size, or the number of scenes, that is not
 */
export function limitComposite(
  { grid, read, sizes, members }: Limited,
  { maxPixels, mostPixels }: CompositeLimits,
): number {
  const [rows, cols] = grid.shape
  const pixels = rows * cols
  const ofSize = (share: number) =>
    Math.max(1, Math.floor(Math.max(rows, cols) * Math.min(1, share)))
  const what = `The composite has ${rows} x ${cols} = ${pixels} px`
  if (pixels > maxPixels) {
    const fits = ofSize(Math.sqrt(maxPixels / pixels))
    throw tooLarge(`${what}; at most ${maxPixels} are computed.`, asksFor(fits))
  }
  if (cols > MAX_WHOLE_COLS) {
    throw tooLarge(
      `${what}; at most ${MAX_WHOLE_COLS} columns are composed.`,
      asksFor(ofSize(MAX_WHOLE_COLS / cols)),
    )
  }
  const each = read.rows * read.cols
  const work = each * members.length
  if (work > MOST_WORK) {
    const told = `${members.length} scenes of ${read.rows} x ${read.cols} px are ${work} px together; a worker composes at most ${MOST_WORK} in the time that it has.`
    throw tooLarge(told, waysOut(sizes, members.length, Math.floor(MOST_WORK / each)))
  }
  if (work <= mostPixels) return work
  throw new TooManyPixels(
    read.rows,
    read.cols,
    Math.floor(mostPixels / members.length),
    sideOf(sizes, mostPixels / members.length),
  )
}

/** The longest side of the finest level on which the area has no more pixels; null where all have. */
function sideOf(sizes: Stack['sizes'], most: number): number | null {
  const fit = sizes.find((size) => size.rows * size.cols <= most)
  return fit === undefined ? null : Math.max(fit.rows, fit.cols)
}

function waysOut(sizes: Stack['sizes'], scenes: number, fewer: number): string {
  const side = sideOf(sizes, MOST_WORK / scenes)
  const ways = [
    ...(side === null ? [] : [`for "max_size": ${side} or less`]),
    ...(fewer > 0 ? [`for at most ${fewer} scenes`] : []),
    'for a smaller area',
  ]
  return `Ask ${ways.join(', or ')}.`
}

function asksFor(maxSize: number): string {
  return `Ask for "max_size": ${maxSize} or less, or for a smaller area.`
}

function tooLarge(what: string, advice: string): GreenprintError {
  return new GreenprintError('too_large', `${what} ${advice}`)
}
