// The schema of POST /change. Its descriptions are those of docs/change.md.

import { ndviSchema, withPictureRules } from './schema.ts'
import * as z from './zod.ts'

const { item, search, names, assets, bbox, geometry, scale, mask, max_size } = ndviSchema.shape
const { colormap_name, rescale, outputs, trust, pin } = ndviSchema.shape
const { layer_crs, width, height, resampling } = ndviSchema.shape

const scene = z
  .strictObject({ item, search })
  .refine(({ item: given, search: sought }) => (given === undefined) !== (sought === undefined), {
    error: 'give exactly one of item and search',
  })

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
    outputs: outputs
      .unwrap()
      .refine((named) => named.length > 0, { error: 'must name an output' })
      .optional()
      .meta({
        description:
          'as in `/ndvi`; the `cog` has three bands: `difference` (after less before), `before` and `after`',
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
  .refine(
    ({ search: shared, before, after }) =>
      shared === undefined || before.search !== undefined || after.search !== undefined,
    { error: 'search is what the searches of before and after share: neither has one' },
  )

export const changeSchema = withPictureRules(changeFields).meta({ id: 'ChangeRequest' })
