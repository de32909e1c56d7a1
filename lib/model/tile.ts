// A tile of a map, and what is drawn on it.

import type { NdviRequest } from './request.ts'
import type { Resampling } from './resampling.ts'
import type { Trust } from './scene.ts'

/** One square of WebMercatorQuad: zoom, column from the west, row from the north. */
export interface TileAddress {
  readonly z: number
  readonly x: number
  readonly y: number
}

/** How the values of tiles are drawn. */
export type TileStyle = Pick<NdviRequest, 'colormap_name' | 'rescale'>

/** What all tiles of a map have in common. */
export type TileSource = {
  readonly style: TileStyle
  readonly resampling: Resampling
} & (
  | {
      readonly kind: 'scene'
      readonly request: NdviRequest
      /** The least that is accepted of where the bytes come from. */
      readonly trust: Trust
    }
  | {
      readonly kind: 'result'
      /** CID of a published directory with `ndvi.tif`. */
      readonly root: string
    }
)
