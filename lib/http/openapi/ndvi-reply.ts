// The reply of /ndvi, field by field. Descriptions are those of docs/api.md, which a test compares.

import type { Grid } from '../../model/grid.ts'
import { appliedRules, type Radiometry } from '../../model/radiometry.ts'
import type { BandProof, LayerPlace, NdviStatistics } from '../../model/result.ts'
import { type TransportSource, trusts } from '../../model/scene.ts'
import type { Statistics } from '../../model/statistics.ts'
import * as z from '../../request/zod.ts'
import type { NdviReply } from '../reply.ts'
import { checksumSchema, count, publishedFields, sourceSchema } from './published.ts'

const number = z.number().nullable()

export const statisticsSchema = z
  .object({
    valid_count: count,
    total_count: count,
    valid_percent: z.number().min(0).max(100),
    invalid: z.object({ fill: count, saturation: count, mask: count, denominator: count }),
    clipped_count: count,
    mean: number,
    stddev: number.meta({ description: 'population standard deviation' }),
    minimum: number,
    maximum: number,
    percentiles: z.object({ '2': number, '25': number, '50': number, '75': number, '98': number }),
    histogram: z.object({
      edges: z.array(z.number()).length(41),
      counts: z.array(count).length(40),
    }),
  })
  .meta({
    id: 'Statistics',
    description: 'of the valid pixels; numbers are null where there is none',
  })

statisticsSchema satisfies z.ZodType<Statistics>

const transform = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()])

export const gridSchema: z.ZodType<Grid> = z
  .object({
    crs: z.string().nullable(),
    transform: transform.meta({ description: 'a b c d e f, as rasterio orders them' }),
    shape: z.tuple([count, count]).meta({ description: 'rows, columns' }),
    level: count.meta({ description: 'overview that was read; 0 is full resolution' }),
  })
  .meta({ id: 'Grid' })

const bounds = z.tuple([z.number(), z.number(), z.number(), z.number()])

export const layerSchema: z.ZodType<LayerPlace> = z
  .object({
    crs: z.string().nullable(),
    transform,
    shape: z.tuple([count, count]).meta({ description: 'rows, columns' }),
    bounds: bounds.meta({ description: 'left, bottom, right, top in its CRS' }),
    bbox: bounds.exactOptional().meta({
      description: 'the same edges in degrees; east > 180 goes on past the antimeridian',
    }),
  })
  .meta({ id: 'LayerPlace' })

const linear = z.object({ scale: z.number(), offset: z.number() })

export const radiometrySchema: z.ZodType<Radiometry> = z
  .object({
    applied: z.enum(appliedRules),
    red: linear,
    nir: linear,
    reason: z.string(),
  })
  .meta({ id: 'Radiometry' })

const names = z
  .array(
    z.object({
      name: z.string(),
      value: z.string(),
      sequence: z.string(),
      validity: z.string(),
      sources: z.array(z.string()),
    }),
  )
  .exactOptional()

const trust = z.enum(trusts)

export const transportFields = {
  href: z.string().meta({ description: 'without what signs it' }),
  size: count,
  etag: z.string().nullable(),
  last_modified: z.string().nullable(),
}

export const transportSchema: z.ZodType<TransportSource> = z
  .object(transportFields)
  .meta({ id: 'TransportSource', description: 'the version that was read, unverified' })

const proof: z.ZodType<BandProof> = z
  .object({
    trust: trust.meta({ description: 'how the bytes are known to be the band’s own' }),
    cid: z.string().nullable().meta({ description: 'null where it was read over TLS alone' }),
    transport: transportSchema.exactOptional(),
    size: count.meta({ description: 'bytes of the whole file' }),
    bytes_read: count.meta({ description: 'bytes of verified blocks, or read over TLS alone' }),
    blocks: count,
    requests: count,
    sources: z.record(z.string(), count).meta({ description: 'blocks by who served them' }),
    producer_checksum: checksumSchema,
  })
  .meta({ id: 'BandProof' })

export const proofSchema = z.object({
  software: z.string(),
  trust,
  bands: z.record(z.string(), proof),
  names,
})

export const areaSchema = z.object({ covered_percent: z.number().min(0).max(100) })

export const ndviReplySchema = z
  .object({
    id: z
      .string()
      .meta({ description: 'of the result: the SHA-256 of everything that decides its bytes' }),
    cached: z.boolean().meta({ description: 'whether it was known already' }),
    item: sourceSchema.meta({
      description:
        '`id`, `collection`, `datetime` and `href` of the source scene, and why it was `chosen`',
    }),
    statistics: statisticsSchema.meta({ description: 'of the valid pixels' }),
    grid: gridSchema.meta({
      description:
        '`crs`, `transform` (rasterio’s order), `shape` (rows, columns), overview `level`',
    }),
    layer: layerSchema.exactOptional().meta({
      description:
        'where the layer lies, when it was asked for otherwise than on the grid: `crs`, `transform`, `shape`, `bounds`, and of EPSG:3857 its exact edges in degrees (`bbox`)',
    }),
    area: areaSchema
      .exactOptional()
      .meta({ description: '`covered_percent`: how much of the requested area lies on the scene' }),
    radiometry: radiometrySchema.meta({
      description: 'the scale that was `applied`, per band, and the `reason`',
    }),
    mask: z.array(z.string()).meta({ description: 'what was set aside' }),
    ...publishedFields,
    proof: proofSchema.meta({
      description:
        '`trust` of the whole; per band: its `trust`, its CID, blocks and bytes verified, which source served how many of them, and `producer_checksum`: its `status` is `verified` or `mismatch` (with the `algorithm`), `not_read` or `unsupported` (with the `reason`), or `absent`, and `whose` it is (`producer` or `catalogue`) where that is known; `names` are the IPNS names of the request, with what they stood for',
    }),
  })
  .meta({ id: 'NdviReply' })

/** Checked by the compiler: what the handler answers and what is published here are one. */
ndviReplySchema satisfies z.ZodType<NdviReply>

export const statisticsReplySchema: z.ZodType<NdviStatistics> = ndviReplySchema
  .omit({ root: true, assets: true, publications: true, layer: true })
  .meta({ id: 'NdviStatistics', description: 'the numbers alone, of which nothing is kept' })
