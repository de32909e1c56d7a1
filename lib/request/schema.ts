// What a request may say, field by field: the schema of JSON bodies and query strings alike. The only door to zod.

import { z } from 'zod'
import { colormapNames } from '../model/colormap.ts'
import { scaleModes } from '../model/radiometry.ts'
import { maskClasses, outputKinds } from '../model/request.ts'

const longitude = z.number().min(-180).max(180)
const latitude = z.number().min(-90).max(90)
const bbox = z
  .tuple([longitude, latitude, longitude, latitude], {
    error: 'must be four numbers: west, south, east, north',
  })
  .refine(([, south, , north]) => south < north, { error: 'south must be less than north' })
  .refine(([west, , east]) => west !== east, { error: 'west and east must differ' })

/** Enough for a country's border as simplified for a map; the body's own limit comes soon after. */
const MOST_POSITIONS = 10_000

const position = z
  .array(z.number())
  .min(2, { error: 'must be longitude and latitude' })
  .refine(([lon = 0, lat = 0]) => Math.abs(lon) <= 360 && Math.abs(lat) <= 90, {
    error: 'must be longitude and latitude in degrees',
  })
  // A height, where there is one, is nothing to a map.
  .transform(([lon = 0, lat = 0]): [number, number] => [lon, lat])
const ring = z
  .array(position)
  .min(4, { error: 'a ring has at least four positions, the last one like the first' })
const polygon = z.array(ring).min(1, { error: 'a polygon has an outer ring' })
const geometry = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('Polygon'), coordinates: polygon }),
    z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon).min(1) }),
  ])
  .refine((area) => countPositions(area.coordinates) <= MOST_POSITIONS, {
    error: `must have at most ${MOST_POSITIONS} positions; simplify it`,
  })

/** Every position is two numbers by now, however deep its rings lie. */
function countPositions(coordinates: readonly unknown[]): number {
  return coordinates.flat(Number.POSITIVE_INFINITY).length / 2
}

const object = z.record(z.string(), z.json())
const search = z
  .strictObject({
    api: z.url({ protocol: /^https?$/ }),
    collections: z.array(z.string()),
    ids: z.array(z.string()),
    bbox,
    intersects: object,
    datetime: z.string(),
    query: object,
    filter: z.union([z.string(), object]),
    limit: z.int().min(1).max(1000),
  })
  .partial()

/** The one word for all that hides the ground. */
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
