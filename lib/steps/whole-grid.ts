// The pixels of a file at its full resolution, as a grid.

import type { Cog } from '../cog/cog.ts'
import type { Crs } from '../geo/crs/crs.ts'
import type { Grid } from '../model/grid.ts'

export function wholeGrid({ levels }: Cog, { code }: Pick<Crs, 'code'>): Grid {
  const { transform, width, height } = levels[0]
  return { crs: code, transform, shape: [height, width], level: 0 }
}
