// The fields that every request of several scenes has, each as /ndvi has it but for what is said here.

import { ndviSchema } from './schema.ts'

const { assets, bbox, geometry, scale, mask, outputs, trust, pin } = ndviSchema.shape
const { layer_crs, width, height, resampling } = ndviSchema.shape

/** What of the scenes is read. */
export const jointReading = {
  assets,
  bbox,
  geometry,
  scale,
  mask: mask.unwrap().exactOptional().meta({
    description:
      'as in `/ndvi`, by each scene’s own quality band; by default `clouds` where a scene has one, with a warning where not',
  }),
}

/** The numbers alone are not to be had: what a joint result is told by is its files. */
export const jointOutputs = outputs
  .unwrap()
  .refine((named) => named.length > 0, { error: 'must name an output' })
  .exactOptional()

/** How it is drawn, believed and published. */
export const jointMaking = { layer_crs, width, height, resampling, trust, pin }
