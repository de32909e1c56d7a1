// What results there are, by their collection: how their pictures are drawn, as their figures are, and their means.

import type { Colours } from '../context.ts'

export interface ResultKind extends Colours {
  /** Before the number. */
  readonly mean: string
  /** Which of the item's statistics it is of; null where they are of one picture. */
  readonly counted: string | null
}

export const ndviColours: Colours = { title: 'NDVI', colormap: 'rdylgn', rescale: '-1,1' }

export const resultKinds: Readonly<Record<string, ResultKind>> = {
  ndvi: { ...ndviColours, mean: 'mean', counted: null },
  composites: { ...ndviColours, mean: 'mean', counted: 'ndvi' },
  changes: {
    title: 'change of NDVI',
    colormap: 'rdbu',
    rescale: '-0.5,0.5',
    mean: 'mean change',
    counted: 'difference',
  },
}
