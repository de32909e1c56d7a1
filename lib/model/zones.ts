// Zones of a series, and the numbers of each on one observation.

import type { ScaleMode } from './radiometry.ts'
import type { AreaGeometry, AskedAssets, MaskClass, ResolvedItem } from './request.ts'
import type { PublishableResult } from './result.ts'
import type { Trust } from './scene.ts'

export interface Zone {
  /** As the caller names it; `area` where there is one without a name. */
  readonly id: string
  /** Degrees WGS84. */
  readonly geometry: AreaGeometry
}

/** What the values of a pixel within an interval come to. */
export const intervalReductions = ['mean', 'median', 'max'] as const
export type IntervalReduction = (typeof intervalReductions)[number]

/** What decides the numbers of one observation, and nothing else. */
export interface ZonesRequest {
  readonly item?: never
  readonly search?: never
  /** The record of its STAC items by observation: SHA-256 of their canonical JSON. */
  readonly items: string
  /** The record of the zones, likewise. */
  readonly zones: string
  /** What the values of a pixel come to, where there are several observations; null where there is one. */
  readonly reduce: IntervalReduction | null
  readonly assets?: AskedAssets
  readonly scale: ScaleMode
  /** null: clouds, where the scene has a quality band that tells them. */
  readonly mask: readonly MaskClass[] | null
}

/** A request with what is to be done with its result. Nothing here changes a number. */
export interface ZonesOrder {
  readonly kind: 'zones'
  readonly request: ZonesRequest
  readonly pin: boolean
  readonly trust?: Trust
  readonly by?: string
  readonly resolved?: ResolvedItem
}

/** NDVI of the valid pixels of a zone; every number is null where there is none. */
export interface ZoneNumbers {
  readonly valid_count: number
  /** Pixels of the zone, those beyond the scene's edge too. */
  readonly total_count: number
  readonly mean: number | null
  /** Population standard deviation. */
  readonly stddev: number | null
  readonly minimum: number | null
  readonly maximum: number | null
  readonly p2: number | null
  readonly p25: number | null
  readonly median: number | null
  readonly p75: number | null
  readonly p98: number | null
}

export interface ZoneRow extends ZoneNumbers {
  readonly zone: string
  /** Ids of the scenes that its pixels are of. */
  readonly scenes: readonly string[]
}

export interface ZonesResult extends PublishableResult {
  /** Of the zones that lie on any of its scenes. */
  readonly rows: readonly ZoneRow[]
  readonly trust: Trust
  readonly software: string
}
