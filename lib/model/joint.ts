// A raster that is made of several scenes together, on one grid: what a change or a composite answers with.

import type { Grid } from './grid.ts'
import type { Radiometry } from './radiometry.ts'
import type { LayerPlace, NdviResult, PublishableResult, ResultFacts } from './result.ts'
import type { LeftOut } from './series.ts'
import type { Statistics } from './statistics.ts'

/** What is made of several scenes. */
export type JointKind = 'change' | 'composite'

/** Of the values of one band; reasons are told by scene. */
export type BandNumbers = Omit<Statistics, 'invalid' | 'clipped_count'>

/** One of the scenes, and how it was read. */
export interface JointScene {
  readonly item: PublishableResult['item']
  readonly radiometry: Radiometry
  /** What was set aside. */
  readonly mask: readonly string[]
  /** Of its own pixels within the area, whatever the other scenes have there, where they were counted. */
  readonly pixels?: Pick<
    Statistics,
    'valid_count' | 'total_count' | 'valid_percent' | 'invalid' | 'clipped_count'
  >
  readonly proof: Omit<NdviResult['proof'], 'software'>
}

/** An observation of those that pixels are made of. */
export interface PixelSource {
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string
  /** Its scenes, by what they are in the result. */
  readonly scenes: readonly string[]
  /** How many pixels are of it, where each is of one observation. */
  readonly pixels?: number
}

export interface JointResult extends PublishableResult {
  readonly kind: JointKind
  /** By what each is in the result: `before`, `after`. */
  readonly scenes: Readonly<Record<string, JointScene>>
  /** Scenes that were found and not used, where they were searched for. */
  readonly left_out?: readonly LeftOut[]
  /** Of a composite, in order of time. */
  readonly sources?: readonly PixelSource[]
  /** By band of the GeoTIFF, in its order. */
  readonly statistics: Readonly<Record<string, BandNumbers>>
  readonly grid: Grid
  /** Of a layer with a grid of its own. */
  readonly layer?: LayerPlace
  /** Share of the asked area that lies on the common grid; 100 where none was asked for. */
  readonly area: { readonly covered_percent: number }
  readonly proof: {
    readonly software: string
    /** The least of all scenes. */
    readonly trust: NdviResult['proof']['trust']
  }
  /** Of a result as it is kept; replies do not have it. */
  readonly facts?: JointFacts
}

/** What a record keeps so that the result is told to any caller as it is true for that caller's own items. */
export interface JointFacts {
  /** Of the files and the grid, whichever items name them. */
  readonly warnings: readonly string[]
  /** By scene. */
  readonly scenes: Readonly<Record<string, Pick<ResultFacts, 'ground' | 'compared'>>>
}
