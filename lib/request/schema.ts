// The schema of a request, for JSON bodies and query strings alike. The only door to zod.

import { z } from 'zod'
import { reduceArea } from '../geo/area.ts'
import { reduceBox } from '../geo/bbox.ts'
import { colormapNames } from '../model/colormap.ts'
import { unixFsProfiles } from '../model/fingerprint-request.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { scaleModes } from '../model/radiometry.ts'
import { maskClasses, outputKinds } from '../model/request.ts'

/**
 * A value that one of our own readers reduces; what the reader throws is the fault that is told.
 *
 * @throws nothing: zod collects the faults
 */
function reduced<In extends z.ZodType, Out>(schema: In, reduce: (value: z.output<In>) => Out) {
  return schema.transform((value, context): Out => {
    try {
      return reduce(value)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      context.addIssue({ code: 'custom', message: error.message })
      return z.NEVER
    }
  })
}

const bbox = reduced(
  z.array(z.number(), { error: 'must be four numbers: west, south, east, north' }),
  reduceBox,
)
const object = z.record(z.string(), z.json())
const geometry = reduced(object, reduceArea)

/** Names as a list, or as a GET search writes them: by comma. */
const names = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value),
  z.array(z.string()),
)

/** The body of a STAC API item search, as it is copied from elsewhere: what is null counts as absent. */
const search = z.preprocess(
  withoutNulls,
  z
    .strictObject({
      api: z.url({ protocol: /^https?$/ }),
      collections: names,
      ids: names,
      bbox,
      intersects: object.transform(reduceIntersects),
      datetime: z.string(),
      query: object,
      filter: z.union([z.string(), object]),
      'filter-lang': z.enum(['cql2-text', 'cql2-json', 'cql-json']),
      'filter-crs': z.string(),
      sortby: z.union([z.string(), z.array(z.union([z.string(), object]))]),
      // Items are read whole: without their assets there is nothing to compute.
      fields: z.json(),
      limit: z.int().min(1).max(1000),
    })
    .partial()
    .transform(({ fields: _fields, ...asked }) => asked),
)

function withoutNulls(value: unknown): unknown {
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))
}

/** Points and lines are places to search at; of areas the search wants one geometry, not a Feature of it. */
function reduceIntersects(value: JsonObject): JsonObject {
  try {
    return { ...reduceArea(value) }
  } catch {
    const { type, geometry: inner } = value
    return type === 'Feature' && isJsonObject(inner) ? inner : value
  }
}

const assetName = z.string().min(1, { error: 'must be the key of an asset, or key:band' })
const assets = z.strictObject({ red: assetName, nir: assetName, qa: assetName }).partial()

/** The classes that `clouds` stands for. */
const clouds = ['dilated_cloud', 'cirrus', 'cloud', 'cloud_shadow'] as const
const mask = z
  .array(z.enum([...maskClasses, 'clouds']))
  .transform((names) => [
    ...new Set(names.flatMap((name) => (name === 'clouds' ? clouds : [name]))),
  ])

const rescale = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, { error: 'must be two numbers, the smaller first' })
  .refine(([low, high]) => Number.isFinite(high - low), { error: 'must be nearer to each other' })

const maxSize = z.union([z.literal('full'), z.int().min(1).max(100_000)], {
  error: 'must be a whole number from 1 to 100000, or "full"',
})

export const ndviSchema = z
  .strictObject({
    item: z.union([object, z.string()], { error: 'must be a STAC item or its URL' }).optional(),
    search: search.optional(),
    assets: assets.optional(),
    bbox: bbox.optional(),
    geometry: geometry.optional(),
    scale: z.enum(scaleModes).default('auto'),
    mask: mask.default([]),
    max_size: maxSize.default(1024),
    colormap_name: z.enum(colormapNames).default('rdylgn'),
    rescale: rescale.default([-1, 1]),
    outputs: z.array(z.enum(outputKinds)).min(1).optional(),
    pin: z.boolean().optional(),
  })
  .refine(({ item, search }) => (item === undefined) !== (search === undefined), {
    error: 'give exactly one of item and search',
  })
  .refine(({ bbox, geometry }) => bbox === undefined || geometry === undefined, {
    error: 'give bbox or geometry, not both',
  })

export const fingerprintSchema = z
  .strictObject({
    item: z.union([object, z.string()], { error: 'must be a STAC item or its URL' }).optional(),
    search: search.optional(),
    assets: z.array(z.string().min(1)).min(1).optional(),
    profile: z.enum(unixFsProfiles).default('unixfs-v1-2025'),
    pin: z.boolean().optional(),
  })
  .refine(({ item, search }) => (item === undefined) !== (search === undefined), {
    error: 'give exactly one of item and search',
  })

export type RequestSchema = typeof ndviSchema | typeof fingerprintSchema
/** What a schema gives of a value that passes. */
export type Checked<Schema extends RequestSchema> = z.output<Schema>
