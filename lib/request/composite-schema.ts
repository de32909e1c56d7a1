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
        'a STAC API item search; its area is that of the composite where it has none of its own',
    }),
    reduce: z.enum(compositeMethods).default('max_ndvi').meta({
      description:
        'what the values of a pixel come to: `max_ndvi` (the largest), `median`, or `latest_valid` (the latest that is not set aside)',
    }),
    assets,
    bbox,
    geometry,
    scale,
    mask: mask.unwrap().optional().meta({
      description:
        'as in `/ndvi`, of each scene by its own quality band; by default `clouds` where a scene has one, told where not',
    }),
    max_size: max_size.unwrap().default(1024).meta({
      description:
        'as in `/ndvi`; an overview is read only where those of all scenes are the same ground, else every nth pixel',
    }),
    colormap_name,
    rescale,
    outputs: outputs.unwrap().min(1, { error: 'must name an output' }).optional().meta({
      description:
        'as in `/ndvi`; beside the `cog` there is `dates.tif`, the day that each pixel is of, unless it is a median',
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
