// What a scene, or a published result, says of one place.

import type { TransportSource, Trust } from './scene.ts'

/** Why a pixel has no value. */
export type NoValue = 'fill' | 'saturation' | 'mask' | 'denominator'

/** One band at a place. */
export interface PointBand {
  /** The number in the file; null for what JSON has no number for. */
  readonly raw: number | null
  /** raw * scale + offset; null of the quality band, and where there is no raw number. */
  readonly reflectance: number | null
  readonly trust: Trust
  /** Of the file; null where it was read over TLS alone. */
  readonly cid: string | null
  /** What was read instead, unverified. */
  readonly transport?: TransportSource
  /** CIDs of the blocks of the file that hold the pixel, in their order; empty where nothing was checked. */
  readonly leaves: readonly string[]
}

export interface PointResult {
  /** NDVI; null where the pixel has none. */
  readonly value: number | null
  readonly reason: NoValue | null
  /** The centre of the pixel that holds the place, in degrees. */
  readonly pixel: {
    readonly lon: number
    readonly lat: number
    readonly row: number
    readonly col: number
  }
  /** Id of the scene; null for a published result. */
  readonly scene: string | null
  /** `red`, `nir` and `qa` of a scene; `ndvi` of a published result, `difference` of a change. */
  readonly bands: Readonly<Record<string, PointBand>>
  /** The least of all bands. */
  readonly trust: Trust
  readonly warnings: readonly string[]
}
