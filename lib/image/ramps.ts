// The colour ramps a figure can be drawn with, by the names a request gives them.

import type { ColormapName } from '../model/colormap.ts'
import { rampData } from './ramps.data.ts'

/** Where a pixel has no value. White and the greys of ramps' middles would read as data. */
export const noDataColour = '#bdbdbd'

/**
 * The colours of a ramp: 768 bytes, red green blue of index 0 to 255, as matplotlib 3.6 has them.
 *
 * A fresh copy: the caller may keep or change it.
 */
export function getRamp(name: ColormapName): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(rampData[name], 'base64'))
}

/** `#rrggbb` of one entry of a ramp. */
export function rampColour(ramp: Uint8Array, index: number): string {
  return `#${Buffer.from(ramp.subarray(index * 3, index * 3 + 3)).toString('hex')}`
}
