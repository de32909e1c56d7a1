// The schema of what tiles are made of, and its reader: the fields of /ndvi that decide pixels, and two of its own.

import { parseCid } from '../ipld/cid.ts'
import { resamplings } from '../model/resampling.ts'
import type { TileSource } from '../model/tile.ts'
import { atMostOne, exactlyOne } from './choices.ts'
import { checked } from './read.ts'
import { ndviSchema } from './schema.ts'
import * as z from './zod.ts'

const { item, search, names, assets, bbox, geometry, scale, mask, colormap_name, rescale, trust } =
  ndviSchema.shape

export const tileSchema = z
  .strictObject({
    item,
    search,
    root: z.string().min(1).exactOptional().meta({
      description:
        'CID of a result that has a `cog`, instead of a scene: its published values are drawn',
    }),
    names,
    assets,
    bbox,
    geometry,
    scale,
    mask,
    colormap_name,
    rescale,
    resampling: z.enum(resamplings).default('nearest').meta({
      description:
        '`nearest` pixel of the scene, or `bilinear` between them: red and near-infrared are resampled, then divided',
    }),
    trust,
  })
  .refine(...exactlyOne('item', 'search', 'root'))
  .refine(...atMostOne('bbox', 'geometry'))
  .refine((asked) => asked.root === undefined || isPlain(asked), {
    error: 'a root is drawn as it is: give colormap_name, rescale and resampling alone beside it',
  })

function isGiven(value: unknown): boolean {
  return value !== undefined
}

/** Whether nothing is asked that only a scene can answer. */
function isPlain(asked: Readonly<Record<string, unknown>>): boolean {
  const masked = asked['mask']
  const isMasked = Array.isArray(masked) && masked.length > 0
  const others = ['names', 'assets', 'bbox', 'geometry'].some((name) => isGiven(asked[name]))
  return !others && !isMasked && asked['scale'] === 'auto'
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function readTileSource(fields: Readonly<Record<string, unknown>>): TileSource {
  const { root, resampling, trust: accepted, ...asked } = checked(tileSchema, fields)
  const { colormap_name: colours, rescale: ends } = asked
  const style = { colormap_name: colours, rescale: ends }
  if (root !== undefined) {
    return { kind: 'result', root: parseCid(root).toV1().toString(), style, resampling }
  }
  const request = { ...asked, max_size: 'full' as const, outputs: [] }
  return { kind: 'scene', request, trust: accepted, style, resampling }
}
