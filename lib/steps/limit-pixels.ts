// A grid too large for the time that there is: told once the window is known, before a pixel of it is read.

import { TooManyPixels } from '../errors.ts'
import type { PlacedPair } from './place-pair.ts'
import type { SelectedWindow } from './select-window.ts'

/**
 * @param mostPixels rows times columns of the largest window, of the level that is read
 * @throws {TooManyPixels}
 */
export function limitPixels({ window }: Pick<SelectedWindow, 'window'>, mostPixels: number): void {
  const { rows, cols, sizes } = window
  if (rows * cols <= mostPixels) return
  const fit = sizes.find((size) => size.rows * size.cols <= mostPixels)
  const maxSize = fit === undefined ? null : Math.max(fit.rows, fit.cols)
  throw new TooManyPixels(rows, cols, mostPixels, maxSize)
}

/** Likewise of two scenes, which are read both. @throws {TooManyPixels} */
export function limitPair({ windows }: Pick<PlacedPair, 'windows'>, mostPixels: number): void {
  for (const selected of windows) limitPixels(selected, Math.floor(mostPixels / 2))
}
