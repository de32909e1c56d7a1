// What a search without computing answers: scenes, the best first, and where each of their bands can be read from.

import type { Bbox } from './grid.ts'
import type { JsonObject } from './json.ts'
import type { AskedAssets, SceneSearch } from './request.ts'

/** The best that is known of a band, the best first; `none`: it cannot be read here. */
export const readablePlaces = ['cid', 'fingerprint', 'plain', 'login_needed', 'none'] as const
export type ReadablePlace = (typeof readablePlaces)[number]

export interface ReadableBand {
  /** Key of its asset; null where the item has none for this band. */
  readonly asset: string | null
  readonly from: ReadablePlace
  /** Of the file, where it is known. */
  readonly cid: string | null
  /** Of the first plain copy, without what signs it. */
  readonly href: string | null
  /** Bytes, where item or fingerprint tell. */
  readonly size: number | null
  /** Why it is `login_needed` or `none`. */
  readonly reason?: string
}

export interface ListedScene {
  readonly id: string
  readonly collection: string | null
  readonly datetime: string | null
  /** Percent; null where the item does not tell. */
  readonly cloud_cover: number | null
  /** Share of the asked area that the footprint of its data covers, 0 to 1; null where no area was asked. */
  readonly coverage: number | null
  readonly bbox: Bbox | null
  readonly geometry: JsonObject | null
  /** Of the item, where it says it. */
  readonly href: string | null
  readonly bands: {
    readonly red: ReadableBand
    readonly nir: ReadableBand
    readonly qa: ReadableBand
  }
  /** Finds this very scene again, and reads the bands that were asked for: for POST /ndvi. */
  readonly request: { readonly search: SceneSearch; readonly assets?: AskedAssets }
}

export interface SceneListRequest {
  readonly search: SceneSearch
  /** Bands that the caller names. */
  readonly assets?: AskedAssets
  /** Scenes on a page. */
  readonly limit: number
  /** From 1. */
  readonly page: number
}

export interface SceneList {
  /** Where the search was asked. */
  readonly api: string
  /** How many match there, where it says so. */
  readonly matched: number | null
  /** How many of these were looked at: what is best among more is not known. */
  readonly compared: number
  readonly page: number
  /** Whether there is another page of those that were looked at. */
  readonly more: boolean
  readonly scenes: readonly ListedScene[]
  /** What the API answered that is not an item. */
  readonly warnings: readonly string[]
}
