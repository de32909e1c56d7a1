// Where the tiles of a kept result are.

import { askAgain } from './api.ts'
import type { Colours } from './context.ts'
import type { TileJson } from './replies.ts'

/** @throws {ApiProblem} where it has none: it touches a pole, say */
export function tilesOf(
  root: string,
  { colormap, rescale }: Pick<Colours, 'colormap' | 'rescale'>,
  signal: AbortSignal,
): Promise<TileJson> {
  const query = new URLSearchParams({ root, tile_scale: '2', colormap_name: colormap, rescale })
  return askAgain<TileJson>(`/tilejson.json?${query}`, signal)
}
