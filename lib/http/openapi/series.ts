// POST /series and GET /series/{id} as their callers see them.

import type { ErrorCode } from '../../errors.ts'
import { trusts } from '../../model/scene.ts'
import type { SeriesRow } from '../../model/series.ts'
import type { ZoneNumbers } from '../../model/zones.ts'
import { intervalReductions } from '../../model/zones.ts'
import { seriesSchema } from '../../request/series-schema.ts'
import * as z from '../../request/zod.ts'
import type { SeriesReply } from '../series-reply.ts'
import type { ZonesReply } from '../zones-reply.ts'
import { linksSchema } from './accepted.ts'
import type { Operation, Parameter, Reply } from './operation.ts'
import { orderProblems } from './problem-lists.ts'
import { count, publishedFields, sourceSchema } from './published.ts'

const number = z.number().nullable()
const trust = z.enum(trusts)

const numbers = {
  valid_count: count,
  total_count: count.meta({ description: 'pixels of the zone, those beyond the scene too' }),
  mean: number,
  stddev: number,
  minimum: number,
  maximum: number,
  p2: number,
  p25: number,
  median: number,
  p75: number,
  p98: number,
} as const satisfies Readonly<Record<keyof ZoneNumbers, z.ZodType>>

const interval = z.object({ start: z.string(), end: z.string() }).nullable()

const row: z.ZodType<SeriesRow> = z
  .object({
    date: z.string().meta({ description: 'day of the observation, or the first of the interval' }),
    datetime: z.string().nullable(),
    interval,
    zone: z.string().nullable().meta({ description: 'null where no zone could be counted' }),
    scenes: z.array(z.string()).meta({ description: 'whose pixels were counted' }),
    ...numbers,
    valid_percent: z.number().min(0).max(100),
    trust: trust.nullable(),
    root: z.string().nullable().meta({
      description: 'CID of the directory with the numbers, and what they were made of',
    }),
    problem: z
      .object({ code: z.string(), detail: z.string() })
      .exactOptional()
      .meta({ description: 'why there are no numbers' }),
  })
  .meta({ id: 'SeriesRow' })

const text = z.record(z.string(), z.json())

const seriesReplySchema = z
  .object({
    id: z.string().meta({ description: 'follows from the request and the scenes found' }),
    status: z.enum(['running', 'successful']).meta({
      description: '`successful` once every scene has ended, however',
    }),
    progress: z.object({ done: count, failed: count, total: count }).meta({
      description:
        'of observations, or of intervals: `done` are those that have ended, the `failed` among them',
    }),
    request: z.object({
      search: text,
      assets: z.record(z.string(), z.string()).exactOptional(),
      scale: z.string(),
      mask: z.array(z.string()).nullable().meta({ description: 'null: clouds where known' }),
      interval: z.string().nullable(),
      reduce: z.enum(intervalReductions),
      min_valid: z.number(),
      trust,
    }),
    api: z.string().meta({ description: 'where the search was asked' }),
    zones: z.array(z.object({ id: z.string() })),
    rows: z.array(row).meta({ description: 'at most 5,000; `links` has the `next`' }),
    row_count: count,
    left_out: z
      .array(z.object({ id: z.string(), reason: z.string() }))
      .meta({ description: 'items that were found and are not in it' }),
    warnings: z.array(z.string()),
    links: linksSchema,
    root: publishedFields.root.nullable().meta({
      description:
        'of a finished series: the directory with `series.csv`, `series.json`, `chart.png`, `areas.json` and `observations.jsonl`',
    }),
    assets: publishedFields.assets,
    publications: publishedFields.publications,
  })
  .meta({ id: 'SeriesReply' })

/** What is answered is told. */
export type ToldSeries = SeriesReply extends z.input<typeof seriesReplySchema> ? true : never

export const zonesReplySchema = z
  .object({
    id: z.string(),
    cached: z.boolean(),
    item: sourceSchema,
    rows: z.array(z.object({ zone: z.string(), scenes: z.array(z.string()), ...numbers })),
    trust,
    software: z.string(),
    ...publishedFields,
  })
  .meta({ id: 'ZonesReply', description: 'one observation of a series' })

zonesReplySchema satisfies z.ZodType<ZonesReply>

const parameters: readonly Parameter[] = [
  {
    in: 'query',
    name: 'f',
    description:
      '`csv` answers the rows as CSV, `png` and `svg` a chart of them, as `Accept` does by their types',
    schema: z.enum(['json', 'csv', 'png', 'svg']).default('json'),
  },
  {
    in: 'query',
    name: 'zone',
    description: 'rows of this zone alone',
    schema: z.string().optional(),
  },
  {
    in: 'query',
    name: 'offset',
    description: 'of the first row that is answered in JSON',
    schema: z.int().min(0).default(0),
  },
]

const content = {
  'application/json': seriesReplySchema,
  'text/csv': null,
  'image/png': null,
  'image/svg+xml': null,
}
const location = { Location: 'address of the series' }

const replies: Readonly<Record<number, Reply>> = {
  200: { description: 'All of it was known', content, headers: location },
  202: {
    description: 'It is being counted',
    content,
    headers: { ...location, 'Retry-After': 'seconds' },
  },
}

const problems: readonly ErrorCode[] = [...orderProblems, 'scene_not_found', 'search_failed']

export const seriesOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/series',
    id: 'startSeries',
    summary: 'NDVI of zones over time',
    description:
      'Every observation is a job; asked again, it goes on where it is. Needs a token where publishing does.',
    parameters,
    body: {
      schema: seriesSchema,
      examples: {
        field: {
          search: { collections: ['landsat-c2l2-sr'], datetime: '2023' },
          bbox: [-59.93, -3.16, -59.87, -3.1],
        },
        months: {
          search: { collections: ['sentinel-2-c1-l2a'], datetime: '2023-01/2023-12' },
          features: [
            {
              type: 'Feature',
              id: 'north',
              geometry: {
                type: 'Polygon',
                coordinates: [
                  [
                    [-8.5, 30.1],
                    [-8.4, 30.1],
                    [-8.4, 30.2],
                    [-8.5, 30.1],
                  ],
                ],
              },
            },
          ],
          interval: 'P1M',
          reduce: 'max',
        },
      },
    },
    replies,
    problems,
  },
  {
    method: 'get',
    path: '/series/{id}',
    id: 'getSeries',
    summary: 'The rows of a series that are counted by now',
    parameters: [
      { in: 'path', name: 'id', description: 'as `POST /series` told it', schema: z.string() },
      ...parameters,
    ],
    replies: { 200: { description: 'What is known of it', content } },
    problems: ['invalid_request', 'not_found', 'store_failed', 'deadline_exceeded'],
  },
]
