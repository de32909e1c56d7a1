// The schema of POST /composite. Its descriptions are those of docs/composite.md.

import { compositeMethods } from '../model/composite.ts'
import { atMostOne } from './choices.ts'
import { jointMaking, jointOutputs, jointReading } from './joint-fields.ts'
import { ndviSchema, withPictureRules } from './schema.ts'
import * as z from './zod.ts'

const { search, max_size, colormap_name, rescale } = ndviSchema.shape

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
    ...jointReading,
    max_size: max_size.unwrap().default(1024).meta({
      description:
        'as in `/ndvi`; overviews are read only where those of all scenes cover the same ground, else every nth pixel',
    }),
    colormap_name,
    rescale,
    outputs: jointOutputs.meta({
      description:
        'as in `/ndvi`; unless `reduce` is `median`, the `cog` comes with `dates.tif`, the day of each pixel',
    }),
    ...jointMaking,
  })
  .refine(...atMostOne('bbox', 'geometry'))

export const compositeSchema = withPictureRules(compositeFields).meta({ id: 'CompositeRequest' })
