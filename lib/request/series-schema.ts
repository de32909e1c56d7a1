// The schema of POST /series. Its descriptions are those of docs/series.md.

import { isJsonObject } from '../model/json.ts'
import { intervalReductions } from '../model/zones.ts'
import { atMostOne, exactlyOne } from './choices.ts'
import { jsonObject } from './json-object.ts'
import { ndviSchema } from './schema.ts'
import * as z from './zod.ts'

const { search, geometry, bbox, assets, scale, mask, trust, pin } = ndviSchema.shape

/** Features as GeoJSON gathers them, or a list of them. */
const features = z.preprocess(
  (value) =>
    isJsonObject(value) && value['type'] === 'FeatureCollection' ? value['features'] : value,
  z
    .array(jsonObject, {
      error: 'must be a FeatureCollection or a list of Features',
    })
    .min(1),
)

const timeRange = z.union([
  z.string(),
  z.object({ from: z.string(), to: z.string() }).transform(({ from, to }) => `${from}/${to}`),
])

export const seriesSchema = z
  .strictObject({
    search: search.unwrap().meta({
      description:
        'a STAC API item search; without an area of its own it looks in that of the zones',
    }),
    geometry: geometry.meta({ description: 'one zone, in degrees: as in `/ndvi`' }),
    bbox: bbox.meta({ description: 'one zone, a box in degrees: west, south, east, north' }),
    features: features.exactOptional().meta({
      description:
        'zones: a GeoJSON FeatureCollection of up to 1,000 areas, named by `id`, else by the property `id` or `name`, else by their number from 1',
    }),
    interval: z.string().exactOptional().meta({
      description:
        'ISO 8601 duration of days, weeks, months or years (`P1M`, `P16D`): one row for each interval, counted from the start of `search.datetime`; without it each observation is a row',
    }),
    reduce: z.enum(intervalReductions).exactOptional().meta({
      description:
        'how the values of a pixel within an interval become one, before zones are computed: `mean`, `median` or `max`',
    }),
    min_valid: z.number().min(0).max(100).default(50).meta({
      description: 'percent of a zone’s pixels; a row with fewer valid ones has no value',
    }),
    mask: mask.unwrap().exactOptional().meta({
      description:
        'as in `/ndvi`; by default `clouds` where a scene has a quality band, with a warning where not',
    }),
    scale,
    assets,
    trust,
    pin: pin.unwrap().exactOptional().meta({
      description: 'publish the directory of the series once it is finished',
    }),
    max_size: z.literal('full').default('full').meta({
      description: 'only `full`: zones are computed at full resolution',
    }),
    timeRange: timeRange.exactOptional().meta({
      description: 'another name for `search.datetime`: `{from, to}`, or text',
    }),
    aggregationInterval: z
      .union([z.string(), z.object({ of: z.string() }).transform(({ of }) => of)])
      .exactOptional()
      .meta({ description: 'another name for `interval`: `{of}`, or text' }),
  })
  .refine(...exactlyOne('geometry', 'bbox', 'features'))
  .refine(...atMostOne('interval', 'aggregationInterval'))
  .refine(({ search, timeRange }) => search.datetime === undefined || timeRange === undefined, {
    error: 'give search.datetime or timeRange, not both',
  })
  .refine(
    ({ reduce, interval, aggregationInterval }) =>
      reduce === undefined || (interval ?? aggregationInterval) !== undefined,
    { error: 'reduce is of the scenes of an interval: give interval too' },
  )
  .meta({ id: 'SeriesRequest' })
