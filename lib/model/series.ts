// What a caller of POST /series asks for, the record of it, and what it is answered.

import type { ScaleMode } from './radiometry.ts'
import type { AskedAssets, MaskClass, SceneSearch } from './request.ts'
import type { Publication, ResultAsset } from './result.ts'
import type { Trust } from './scene.ts'
import type { IntervalReduction, Zone, ZoneNumbers } from './zones.ts'

/** As it was read and checked. */
export interface SeriesRequest {
  readonly search: SceneSearch
  readonly zones: readonly Zone[]
  readonly assets?: AskedAssets
  readonly scale: ScaleMode
  /** null: clouds, where a scene has a quality band that tells them. */
  readonly mask: readonly MaskClass[] | null
  /** ISO 8601; null where each observation is a row. */
  readonly interval: string | null
  readonly reduce: IntervalReduction
  /** Percent of a zone's pixels; with fewer valid ones a row has no value. */
  readonly min_valid: number
}

/** A scene of a series, as its record tells it. */
export interface SeriesScene {
  readonly id: string
  readonly collection: string | null
  readonly datetime: string
  readonly platform: string
  readonly href: string | null
}

/** What becomes one row a zone: an observation, or those of an interval. */
export interface SeriesGroup {
  /** `YYYY-MM-DD`: the day, or the first of the interval. */
  readonly date: string
  /** Of the first scene; null of an interval. */
  readonly datetime: string | null
  readonly interval: { readonly start: string; readonly end: string } | null
  readonly scenes: readonly SeriesScene[]
  /** Its job; null of an interval without scenes, and where no job could be made of it. */
  readonly job: string | null
  /** How well the files of its scenes were known when it was asked for; absent where they were not. */
  readonly trust?: Trust
  /** Why no job could be made of it. */
  readonly problem?: SeriesProblem
}

export interface LeftOut {
  readonly id: string
  readonly reason: string
}

/** `series/<id>.json`: what was asked, and what was found. */
export interface SeriesRecord {
  readonly id: string
  /** As it was reduced; its zones by their hash. */
  readonly request: Omit<SeriesRequest, 'zones'> & { readonly zones: string; readonly trust: Trust }
  readonly zones: readonly string[]
  /** Where the search was asked. */
  readonly api: string
  readonly groups: readonly SeriesGroup[]
  readonly left_out: readonly LeftOut[]
  /** Where it is to be published once it is finished: for whom. */
  readonly publish?: { readonly by?: string }
}

export interface SeriesProblem {
  readonly code: string
  readonly detail: string
}

/** One zone on one date. The numbers are null where fewer than `min_valid` percent of its pixels are valid. */
export interface SeriesRow extends ZoneNumbers {
  readonly date: string
  readonly datetime: string | null
  readonly interval: { readonly start: string; readonly end: string } | null
  /** null where no zone could be counted. */
  readonly zone: string | null
  readonly scenes: readonly string[]
  readonly valid_percent: number
  readonly trust: Trust | null
  /** Of the directory with the numbers, and what they were made of; null where there is none. */
  readonly root: string | null
  /** Why there are no numbers, where the scene could not be used. */
  readonly problem?: SeriesProblem
}

export interface Series {
  readonly id: string
  /** `successful` once every scene has ended, however. */
  readonly status: 'running' | 'successful'
  /** Of the groups: those that have ended, and of these the ones that failed. */
  readonly progress: { readonly done: number; readonly failed: number; readonly total: number }
  readonly record: SeriesRecord
  readonly rows: readonly SeriesRow[]
  readonly warnings: readonly string[]
  /** Of the whole series as a directory, once it is finished and every scene that can be counted is. */
  readonly root: string | null
  readonly assets: Readonly<Record<string, ResultAsset>>
  readonly publications: readonly Publication[]
}
