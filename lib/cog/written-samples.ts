// The two types of numbers that GeoTIFFs are written of: what their tags say, their tiles and their overviews.

import type { SampleTags } from './cog-layout.ts'
import { predictTile } from './float-tile.ts'
import { NO_NUMBER, predictIntTile } from './int-tile.ts'
import { type Halve, halveByFirst, halveByMean } from './pyramid.ts'

export interface WrittenSamples extends SampleTags {
  /** A tile of 512 x 512, before it is deflated. */
  readonly predict: (pixels: Float32Array<ArrayBuffer>, width: number, left: number) => Uint8Array
  readonly halve: Halve
}

/** Overviews are means. */
export const float32: WrittenSamples = {
  format: 3,
  predictor: 3,
  nodata: 'nan',
  predict: predictTile,
  halve: halveByMean,
}

/** Whole numbers of at most 24 bits, of which no mean means anything: overviews take one of the four. */
export const int32: WrittenSamples = {
  format: 2,
  predictor: 2,
  nodata: String(NO_NUMBER),
  predict: predictIntTile,
  halve: halveByFirst,
}
