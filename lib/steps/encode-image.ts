// Values on a map as the bytes of a picture.

import { encodeWebp } from '../figure/webp.ts'
import { encodeMapPng, mapPixels } from '../image/map-image.ts'
import type { Grid } from '../model/grid.ts'
import type { TileStyle } from '../model/tile.ts'

export interface ImageForm {
  /** Pixels along a side. */
  readonly size: number
  readonly format: 'png' | 'webp'
}

/** What a tile without any value is, by its form: most tiles of a map are empty. */
const empty = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()

/** @param values row by row, NaN where there is none; null where there is none at all */
export function encodeImage(
  values: Float64Array | null,
  { shape }: Pick<Grid, 'shape'>,
  { rescale, colormap_name: rampName }: TileStyle,
  { format }: ImageForm,
): Promise<Uint8Array<ArrayBuffer>> {
  const [rows, cols] = shape
  const encode = (all: Float64Array) =>
    format === 'png'
      ? encodeMapPng(all, { shape, rescale, rampName })
      : encodeWebp(mapPixels(all, { rescale, rampName }), cols, rows)
  if (values !== null) return encode(values)
  const key = `${rows} ${cols} ${format} ${rampName}`
  const known = empty.get(key)
  if (known !== undefined) return known
  const made = encode(new Float64Array(rows * cols).fill(Number.NaN))
  empty.set(key, made)
  return made
}
