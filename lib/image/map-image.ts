// A picture of values for a map, whole in memory: the ramp's colours, and nothing where there is no value.

import { indexPalette } from './indexed-palette.ts'
import { encodeIndexedPng } from './indexed-png.ts'
import type { LayerOptions } from './layer.ts'
import { rampIndex } from './picture.ts'
import { getRamp } from './ramps.ts'

/** Palette entry of a pixel without a value. */
const NO_VALUE = 0

/** @param values row by row; NaN where there is none */
export function encodeMapPng(
  values: Float64Array,
  { shape: [height, width], rescale, rampName }: LayerOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { colours, entries } = indexPalette(getRamp(rampName))
  const [lo, hi] = rescale
  const indices = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    indices[i] = value === value ? entries[rampIndex(value, lo, hi)]! : NO_VALUE
  }
  return encodeIndexedPng(indices, { width, height, colours })
}

/** Red, green, blue and opacity of each pixel. */
export function mapPixels(
  values: Float64Array,
  { rescale: [lo, hi], rampName }: Omit<LayerOptions, 'shape'>,
): Uint8Array<ArrayBuffer> {
  const ramp = getRamp(rampName)
  const pixels = new Uint8Array(values.length * 4)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value !== value) continue
    const from = rampIndex(value, lo, hi) * 3
    pixels[i * 4] = ramp[from]!
    pixels[i * 4 + 1] = ramp[from + 1]!
    pixels[i * 4 + 2] = ramp[from + 2]!
    pixels[i * 4 + 3] = 255
  }
  return pixels
}
