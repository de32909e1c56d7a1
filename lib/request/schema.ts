// The schema of a request, for JSON bodies and query strings alike. Descriptions are those of docs/api.md.
// Long: all requests have fields in common.

import { reduceArea } from '../geo/area.ts'
import { reduceBox } from '../geo/bbox.ts'
import { hasFewPositions, tooManyPositions } from '../geo/position-count.ts'
import { colormapNames } from '../model/colormap.ts'
import { unixFsProfiles } from '../model/fingerprint-request.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { MOST_ADDRESS } from '../model/longest-address.ts'
import { scaleModes } from '../model/radiometry.ts'
import { cloudClasses, layerCrses, maskClasses, outputKinds } from '../model/request.ts'
import { resamplings } from '../model/resampling.ts'
import { trusts } from '../model/scene.ts'
import { atMost, MOST_LISTED, textAtMost } from './at-most.ts'
import { atMostOne, exactlyOne } from './choices.ts'
import { jsonObject } from './json-object.ts'
import { numbersIn } from './numbers-in.ts'
import * as z from './zod.ts'

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
  z.preprocess(
    numbersIn,
    atMost(10, z.array(z.number(), { error: 'must be four numbers: west, south, east, north' })),
  ),
  reduceBox,
)
const geometry = reduced(jsonObject, reduceArea)

/** Names as a list, or as a GET search writes them: by comma. */
const names = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value.split(',', MOST_LISTED + 1).map((name) => name.trim())
      : value,
  atMost(MOST_LISTED, z.array(z.string())),
)

const searchFields = {
  api: textAtMost(MOST_ADDRESS, z.url({ protocol: /^https?$/ })).meta({
    description: 'root of a STAC API',
  }),
  collections: names.meta({ description: 'ids of its collections' }),
  ids: names.meta({ description: 'ids of items' }),
  bbox,
  intersects: jsonObject
    .refine(hasFewPositions, { error: tooManyPositions, abort: true })
    .transform(reduceIntersects)
    .meta({ description: 'GeoJSON geometry' }),
  datetime: z.string().meta({ description: 'a moment, a day, a month, a year, or `from/to`' }),
  query: jsonObject.meta({ description: 'conditions on properties' }),
  filter: z
    .union([z.string(), jsonObject])
    .refine(hasFewPositions, { error: tooManyPositions })
    .meta({ description: 'CQL2, as text or JSON' }),
  'filter-lang': z
    .enum(['cql2-text', 'cql2-json', 'cql-json'])
    .meta({ description: 'of `filter`' }),
  'filter-crs': z.string().meta({ description: 'of geometries in `filter`' }),
  sortby: z
    .union([z.string(), atMost(MOST_LISTED, z.array(z.union([z.string(), jsonObject])))])
    .meta({ description: 'which are looked at where more match than are compared' }),
  // Items are read whole: without their assets there is nothing to compute.
  fields: z.unknown().meta({ description: 'left out: items are read whole' }),
}

/** The body of a STAC API item search, as it is copied from elsewhere: what is null counts as absent. */
const search = z.preprocess(
  withoutNulls,
  z
    .exactPartial({ ...searchFields, limit: z.int().min(1).max(1000) })
    .meta({ id: 'Search' })
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
const assets = z.exactPartial({ red: assetName, nir: assetName, qa: assetName })

const mask = atMost(100, z.array(z.enum([...maskClasses, 'clouds']))).transform((names) => [
  ...new Set(names.flatMap((name) => (name === 'clouds' ? cloudClasses : [name]))),
])

const twoNumbers = { error: 'must be two numbers, the smaller first' }
const rescale = z
  .preprocess(numbersIn, atMost(10, z.tuple([z.number(), z.number()], twoNumbers)))
  .refine(([low, high]) => low < high, twoNumbers)
  .refine(([low, high]) => Number.isFinite(high - low), { error: 'must be nearer to each other' })

const maxSize = z.union([z.literal('full'), z.int().min(1).max(100_000)], {
  error: 'must be a whole number from 1 to 100000, or "full"',
})

const output = z.enum(outputKinds, {
  error: ({ input }) =>
    input === 'webp'
      ? 'a WebP is never published, for its bytes depend on the encoder: f=webp answers one'
      : undefined,
})

/** Pixels along a side of a picture. */
const MOST_SIDE = 4096
const side = z
  .int({ error: `must be a whole number of pixels from 1 to ${MOST_SIDE}` })
  .min(1)
  .max(MOST_SIDE)

/** `a`, `b` or `c`, as a sentence has it. */
function listOf(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``)
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}

/** Of a request, beside what decides its values. */
interface AskedPictures {
  readonly outputs?: readonly string[] | undefined
  readonly layer_crs?: string | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly resampling?: string | undefined
}

/** What is asked of pictures goes together with the outputs, whatever is drawn. */
export function withPictureRules<Schema extends z.ZodType<AskedPictures>>(schema: Schema): Schema {
  return schema
    .refine(({ layer_crs: map, outputs }) => map === undefined || hasLayer(outputs), {
      path: ['layer_crs'],
      error: 'name `layer` among the outputs, or leave the outputs out',
    })
    .refine((asked) => !isSized(asked) || hasPicture(asked.outputs), {
      path: ['width'],
      error: 'width and height are of pictures: name `figure` or `layer` among the outputs',
    })
    .refine(
      (asked) => asked.resampling === undefined || isSized(asked) || asked.layer_crs !== undefined,
      {
        path: ['resampling'],
        error:
          'without layer_crs, width or height pictures are drawn pixel for pixel: give one of them beside it',
      },
    )
}

function hasLayer(outputs: AskedPictures['outputs']): boolean {
  return outputs === undefined || outputs.includes('layer')
}

function isSized({ width, height }: AskedPictures): boolean {
  return width !== undefined || height !== undefined
}

function hasPicture(outputs: AskedPictures['outputs']): boolean {
  return hasLayer(outputs) || outputs?.includes('figure') === true
}

/** A scene, by one of these. */
const sought = {
  item: z
    .union([jsonObject, z.string()], { error: 'must be a STAC item or its URL' })
    .exactOptional()
    .meta({ description: 'a STAC Item, or its address (`https:`, `ipfs:` or `/ipfs/…`)' }),
  search: search.exactOptional().meta({ description: 'a STAC API item search' }),
}

const ndviFields = z
  .strictObject({
    ...sought,
    names: z.boolean().exactOptional().meta({
      description:
        'whether IPNS names in the item, or in the hits of a search, are resolved: the result is that of their CIDs',
    }),
    assets: assets.exactOptional().meta({
      description:
        'bands by name, `{red, nir, qa}`: the key of an asset, or `key:band` of a file of several (a number from 1, or a name)',
    }),
    bbox: bbox.exactOptional().meta({
      description:
        'area in degrees: west, south, east, north (six numbers with heights; longitudes may go on past 180)',
    }),
    geometry: geometry.exactOptional().meta({
      description:
        'area as GeoJSON in degrees, instead of `bbox`: Polygon, MultiPolygon, or a Feature or collection of them, taken as their union; crops to it, and counts only the pixels whose centre it holds',
    }),
    scale: z
      .enum(scaleModes)
      .default('auto')
      .meta({
        description: `how the numbers of the bands become reflectance: ${listOf(scaleModes)}`,
      }),
    mask: mask.prefault([]).meta({
      description: `of \`${maskClasses.join(' ')}\`, or \`clouds\` for the first four: pixels that the scene’s own quality band names so are set aside`,
    }),
    max_size: maxSize.default(1024).meta({
      description:
        'most pixels on the longest side of the grid that is read (the finest overview that fits), or `full`',
    }),
    colormap_name: z
      .enum(colormapNames)
      .default('rdylgn')
      .meta({
        description: `colours of the figure and the layer: \`${colormapNames.join(' ')}\``,
      }),
    rescale: rescale.default([-1, 1]).meta({ description: 'values of the colour bar’s ends' }),
    outputs: atMost(100, z.array(output)).exactOptional().meta({
      description:
        'of `figure` (PNG with axes, colour bar and title), `layer` (bare PNG of the grid, transparent where there is no value), `cog` (float32 Cloud Optimized GeoTIFF), `item` (STAC); `[]` for the numbers alone',
    }),
    layer_crs: z.enum(layerCrses).exactOptional().meta({
      description:
        'where the layer is drawn: `EPSG:3857` places it exactly on a map of the web; the reply’s `layer` has its bounds',
    }),
    width: side.exactOptional().meta({
      description: `pixels of the layer and of the figure’s map, 1 to ${MOST_SIDE}; \`height\` follows from the shape of the area where it is left out`,
    }),
    height: side.exactOptional().meta({ description: 'likewise, downwards' }),
    resampling: z.enum(resamplings).exactOptional().meta({
      description:
        'how pictures that are not on the pixels of the grid (`layer_crs`, `width`, `height`) take its values: `nearest`, or `bilinear` between them',
    }),
    trust: z.enum(trusts).default('fingerprint').meta({
      description:
        'the least that is accepted of where the bytes come from: `cid`, `fingerprint` or `transport`',
    }),
    pin: z.boolean().exactOptional().meta({ description: 'publish the result' }),
  })
  .refine(...exactlyOne('item', 'search'))
  .refine(...atMostOne('bbox', 'geometry'))

export const ndviSchema = withPictureRules(ndviFields).meta({ id: 'NdviRequest' })

export const fingerprintSchema = z
  .strictObject({
    ...sought,
    assets: z
      .union([atMost(MOST_LISTED, z.array(z.string().min(1)).min(1)), assets], {
        error: 'must be a list of keys, or {red, nir, qa}',
      })
      .exactOptional()
      .meta({
        description:
          'a list of keys of the item’s assets, or bands by name as in `/ndvi`, `{red, nir, qa}`',
      }),
    profile: z.enum(unixFsProfiles).default('unixfs-v1-2025').meta({
      description:
        '`unixfs-v1-2025` (CIDv1, raw leaves of 1 MiB) or `unixfs-v0-2015` (what `ipfs add` does by default)',
    }),
    pin: z.boolean().exactOptional().meta({ description: 'publish the item and the outboards' }),
  })
  .refine(...exactlyOne('item', 'search'))
  .meta({ id: 'FingerprintRequest' })

export const scenesSchema = z
  .strictObject({
    ...z.exactPartial(searchFields).shape,
    bbox: bbox.exactOptional().meta({ description: 'area in degrees: west, south, east, north' }),
    assets: ndviSchema.shape.assets,
    limit: z.int().min(1).max(50).default(20).meta({ description: 'scenes on a page' }),
    page: z.int().min(1).default(1).meta({ description: 'of the scenes, the best first' }),
  })
  .meta({ id: 'ScenesRequest' })

const copies = atMost(
  8,
  z.array(
    atMost(
      MOST_ADDRESS,
      z.url({ protocol: /^(https?|s3)$/, error: 'must be an https: or s3: address' }),
    ),
  ),
)

const bandOfResult = z
  .string()
  .max(1024)
  .regex(/^(.+\.)?(red|nir|qa)$/, {
    error: 'must be red, nir or qa, of a result of several scenes behind the scene: before.red',
  })

/** Of a composite of more scenes than that, files come from gateways too. */
const MOST_OUTBOARDS = 128

export const verifySchema = z
  .strictObject({
    cid: z.string().min(1).exactOptional().meta({
      description: 'of a published directory, or of the item in it',
    }),
    item: z
      .union([jsonObject, z.string()], { error: 'must be a published STAC item or its URL' })
      .exactOptional()
      .meta({ description: 'a published STAC item, or its URL (`https:` or `ipfs:`)' }),
    copies: z.record(bandOfResult, copies).exactOptional().meta({
      description:
        'addresses of plain copies of the files, `{red: […], nir: […], qa: […]}`, of a change `{"before.red": […], …}`, of a composite likewise by the ids of its scenes: whatever they give is hashed',
    }),
    outboards: atMost(MOST_OUTBOARDS, z.array(z.string().min(1).max(MOST_ADDRESS)))
      .exactOptional()
      .meta({
        description:
          'CARs of the files’ DAGs without their leaves, by address or CID, for files that no gateway has',
      }),
  })
  .refine(...exactlyOne('cid', 'item'))
  .meta({ id: 'VerifyRequest' })

/** What a schema gives of a value that passes. */
export type Checked<Schema extends z.ZodType> = z.output<Schema>
