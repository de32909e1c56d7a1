// The schema of POST /composite. Its descriptions are those of docs/composite.md.

import { compositeMethods } from '../model/composite.ts'
import { ndviSchema, withPictureRules } from './schema.ts'
import * as z from './zod.ts'

const { search, assets, bbox, geometry, scale, mask, max_size } = ndviSchema.shape
const { colormap_name, rescale, outputs, trust, pin } = ndviSchema.shape
const { layer_crs, width, height, resampling } = ndviSchema.shape

const compositeFields = z
  .strictObject({
    search: search.unwrap().meta({
      description:
        'a STAC API item search; without an area of its own it looks in that of the composite',
    }),
    reduce: z.enum(compositeMethods).default('max_ndvi').meta({
      description:
        'how the values of a pixel become one: `max_ndvi` (the largest), `median`, or `latest_valid` (the latest that is not set aside)',
    }),
    assets,
    bbox,
    geometry,
    scale,
    mask: mask.unwrap().optional().meta({
      description:
        'as in `/ndvi`, by each scene’s own quality band; by default `clouds` where a scene has one, with a warning where not',
    }),
    max_size: max_size.unwrap().default(1024).meta({
      description:
        'as in `/ndvi`; overviews are read only where those of all scenes cover the same ground, else every nth pixel',
    }),
    colormap_name,
    rescale,
    outputs: outputs
      .unwrap()
      .refine((named) => named.length > 0, { error: 'must name an output' })
      .optional()
      .meta({
        description:
          'as in `/ndvi`; unless `reduce` is `median`, the `cog` comes with `dates.tif`, the day of each pixel',
      }),
    layer_crs,
    width,
    height,
    resampling,
    trust,
    pin,
  })
  .refine((asked) => asked.bbox === undefined || asked.geometry === undefined, {
    error: 'give bbox or geometry, not both',
  })

export const compositeSchema = withPictureRules(compositeFields).meta({ id: 'CompositeRequest' })
