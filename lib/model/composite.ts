// What a caller asks of all scenes of a search: one raster, per pixel of one of them or of all.

import type { MaskClass, NdviRequest, ResolvedItem, SceneSearch } from './request.ts'
import type { Trust } from './scene.ts'
import type { LeftOut } from './series.ts'

/** What the values of a pixel come to. */
export const compositeMethods = ['max_ndvi', 'median', 'latest_valid'] as const
export type CompositeMethod = (typeof compositeMethods)[number]

/** What decides the pixels, and nothing else. */
export interface CompositeRequest extends Omit<NdviRequest, 'item' | 'search' | 'mask' | 'names'> {
  readonly item?: never
  /** Exactly one of `search` and `items` is set. */
  readonly search?: SceneSearch
  /** The record of the STAC items by observation: SHA-256 of their canonical JSON. */
  readonly items?: string
  readonly reduce: CompositeMethod
  /** null: clouds, where a scene has a quality band that tells them. */
  readonly mask: readonly MaskClass[] | null
}

/** A request with what is to be done with its result. Nothing here changes a pixel. */
export interface CompositeOrder {
  readonly kind: 'composite'
  readonly request: CompositeRequest
  /** Whether the result is to be published. */
  readonly pin: boolean
  /** The least that is accepted. */
  readonly trust?: Trust
  /** Name of the caller's token. */
  readonly by?: string
  /** Once its scenes were found. */
  readonly resolved?: ResolvedItem & { readonly left_out?: readonly LeftOut[] }
}
