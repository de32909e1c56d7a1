// The colour maps that a request may name.

/** matplotlib's names, in lower case as titiler spells them. No greys: grey means "no data". */
export const colormapNames = [
  'rdylgn',
  'rdylbu',
  'rdbu',
  'brbg',
  'piyg',
  'spectral',
  'greens',
  'ylgn',
  'viridis',
  'cividis',
  'magma',
] as const
export type ColormapName = (typeof colormapNames)[number]
