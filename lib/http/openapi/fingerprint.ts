// POST /fingerprint and GET /fingerprints/{cid} as their callers see them.

import { unixFsProfiles } from '../../model/fingerprint-request.ts'
import type { AssetFingerprint } from '../../model/fingerprint-result.ts'
import { fingerprintSchema } from '../../request/schema.ts'
import * as z from '../../request/zod.ts'
import type { FingerprintReply } from '../fingerprint-reply.ts'
import { acceptedReply } from './accepted.ts'
import type { Operation, Parameter } from './operation.ts'
import { orderProblems } from './problem-lists.ts'
import { authorFields, checksumWith, count, publishedFields, sourceSchema } from './published.ts'

const print = {
  cid: z.string(),
  profile: z.enum(unixFsProfiles),
  size: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  href: z.string().meta({ description: 'of the plain copy, without what signs it' }),
  etag: z.string().nullable(),
  last_modified: z.string().nullable(),
  created: z.iso.datetime(),
}

const fingerprint: z.ZodType<AssetFingerprint & { ipfs: string; outboard: string }> = z
  .object({
    ...print,
    producer_checksum: checksumWith(authorFields),
    ipfs: z.string(),
    outboard: z.string().meta({ description: 'address of its DAG without leaves, a CAR' }),
  })
  .meta({ id: 'Fingerprint' })

export const fingerprintReplySchema = z
  .object({
    id: z.string(),
    cached: z.boolean(),
    item: z.record(z.string(), z.json()).meta({ description: 'the STAC item with CIDs' }),
    source: sourceSchema.meta({ description: 'where it was found' }),
    fingerprints: z.record(z.string(), fingerprint).meta({ description: 'by asset' }),
    ...publishedFields,
    software: z.string(),
  })
  .meta({ id: 'FingerprintReply' })

fingerprintReplySchema satisfies z.ZodType<FingerprintReply>

const record = z
  .object({
    ...print,
    checksum: z.string().nullable(),
    checksum_verdict: z.enum(['verified', 'mismatch']).nullable(),
    software: z.string(),
    outboard: z.string(),
  })
  .meta({ id: 'FingerprintRecord' })

const cid: Parameter = {
  in: 'path',
  name: 'cid',
  description: 'of a file that was fingerprinted here',
  schema: z.string(),
}

export const fingerprintOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/fingerprint',
    id: 'fingerprint',
    summary: 'CIDs for a scene that names none',
    description: 'Exactly one of `item` and `search`. Needs a token where publishing does.',
    parameters: [
      {
        in: 'header',
        name: 'Prefer',
        description: '`respond-async` makes a job of it',
        schema: z.string().optional(),
      },
      {
        in: 'header',
        name: 'Cache-Control',
        description: '`no-cache` reads even what is known',
        schema: z.string().optional(),
      },
    ],
    body: {
      schema: fingerprintSchema,
      examples: {
        search: { search: { collections: ['sentinel-2-c1-l2a'], bbox: [-8.9, 29.7, -7.7, 30.7] } },
      },
    },
    replies: {
      200: {
        description: 'The item with the CIDs of its files',
        content: { 'application/json': fingerprintReplySchema },
      },
      202: acceptedReply,
    },
    problems: [
      ...orderProblems,
      'scene_not_found',
      'item_invalid',
      'asset_missing',
      'asset_unusable',
      'content_unusable',
      'checksum_mismatch',
      'login_needed',
      'source_refused',
      'car_invalid',
      'item_unreachable',
      'search_failed',
      'content_unavailable',
      'source_changed',
    ],
  },
  {
    method: 'get',
    path: '/fingerprints/{cid}.car',
    id: 'getOutboard',
    summary: 'The DAG of a fingerprinted file, without its leaves',
    parameters: [cid],
    replies: {
      200: {
        description: 'A CAR',
        content: { 'application/vnd.ipld.car': null },
        headers: { ETag: 'names the outboard' },
      },
    },
    problems: ['not_found', 'store_failed', 'deadline_exceeded'],
  },
  {
    method: 'get',
    path: '/fingerprints/{cid}',
    id: 'getFingerprint',
    summary: 'What is kept of a fingerprinted file',
    parameters: [cid],
    replies: { 200: { description: 'The record', content: { 'application/json': record } } },
    problems: ['not_found', 'store_failed', 'deadline_exceeded'],
  },
]
