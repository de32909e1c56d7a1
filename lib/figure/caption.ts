// The caption of a figure: one sentence under the map, where the drawing needs one.

/**
 * @param validCount pixels with a value, of the grid
 * @param step source pixels per drawn pixel, along each axis; null for a picture of another size than its grid
 */
export function captionOf(validCount: number, step: number | null): string {
  if (validCount === 0) return 'No pixel here has a value.'
  if (step === null)
    return 'Drawn in another size than that of the grid; the statistics are of the grid.'
  if (step === 1) return ''
  return `Drawn from one pixel in ${step} along rows and columns; the statistics are of all.`
}
