// What a caller asks of two scenes: how NDVI changed from one to the other.

import type { JsonObject } from './json.ts'
import type { MaskClass, NdviRequest, ResolvedItem, SceneSearch } from './request.ts'
import type { Trust } from './scene.ts'

/** What each of the two scenes is. */
export const changeRoles = ['before', 'after'] as const
export type ChangeRole = (typeof changeRoles)[number]

/** Exactly one of them is set. */
export interface AskedScene {
  /** A STAC item, or its `https:` or `ipfs:` URL. */
  readonly item?: JsonObject | string
  readonly search?: SceneSearch
}

/** What decides the pixels, and nothing else. */
export interface ChangeRequest
  extends Omit<NdviRequest, 'item' | 'search' | 'mask'>,
    Readonly<Record<ChangeRole, AskedScene>> {
  readonly item?: never
  readonly search?: never
  /** null: clouds, where a scene has a quality band that tells them. */
  readonly mask: readonly MaskClass[] | null
}

/** A request with what is to be done with its result. Nothing here changes a pixel. */
export interface ChangeOrder {
  readonly kind: 'change'
  readonly request: ChangeRequest
  /** Whether the result is to be published. */
  readonly pin: boolean
  /** The least that is accepted. */
  readonly trust?: Trust
  /** Name of the caller's token. */
  readonly by?: string
  /** Where the items were looked up before. */
  readonly resolved?: ResolvedItem & Readonly<Record<ChangeRole, ResolvedItem>>
}
