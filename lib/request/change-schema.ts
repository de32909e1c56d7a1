// The schema of POST /change. Its descriptions are those of docs/change.md.

import { atMostOne, exactlyOne } from './choices.ts'
import { jointMaking, jointOutputs, jointReading } from './joint-fields.ts'
import { ndviSchema, withPictureRules } from './schema.ts'
import * as z from './zod.ts'

const { item, search, names, max_size, colormap_name, rescale } = ndviSchema.shape

const scene = z.strictObject({ item, search }).refine(...exactlyOne('item', 'search'))

const changeFields = z
  .strictObject({
    before: scene.meta({
      description: 'the earlier scene: `{item}` or `{search}`, each as in `/ndvi`',
    }),
    after: scene.meta({ description: 'the later scene, likewise' }),
    search: search.meta({
      description: 'what the searches of both scenes share, for instance `{collections: […]}`',
    }),
    names,
    ...jointReading,
    max_size: max_size.unwrap().default(1024).meta({
      description:
        'as in `/ndvi`; overviews are read only where those of both scenes cover the same ground, else every nth pixel',
    }),
    colormap_name: colormap_name.unwrap().default('rdbu').meta({
      description: 'as in `/ndvi`; its middle stands for no change',
    }),
    rescale: rescale
      .unwrap()
      .refine(([low, high]) => low === -high, {
        error: 'must be as far below 0 as above it: the middle of the colours is no change',
      })
      .default([-0.5, 0.5])
      .meta({ description: 'differences at the colour bar’s ends, `[-x, x]`' }),
    outputs: jointOutputs.meta({
      description:
        'as in `/ndvi`; the `cog` has three bands: `difference` (after less before), `before` and `after`',
    }),
    ...jointMaking,
  })
  .refine(...atMostOne('bbox', 'geometry'))
  .refine(
    ({ search: shared, before, after }) =>
      shared === undefined || before.search !== undefined || after.search !== undefined,
    { error: 'search is what the searches of before and after share: neither has one' },
  )

export const changeSchema = withPictureRules(changeFields).meta({ id: 'ChangeRequest' })
