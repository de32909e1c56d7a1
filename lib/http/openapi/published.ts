// What every result's reply has: its directory, its files, where they are published, and its warnings.

import type { AuthoredChecksum, Publication, PublishableResult } from '../../model/result.ts'
import * as z from '../../request/zod.ts'
import type { Address } from '../reply.ts'

export const count = z.int().min(0)

/** @param more fields that stand beside it */
export function checksumWith<More extends z.core.$ZodLooseShape>(more: More) {
  return z.discriminatedUnion('status', [
    z.object({
      ...more,
      status: z.enum(['verified', 'mismatch']),
      algorithm: z.enum(['sha2-256', 'sha2-512']).exactOptional(),
    }),
    z.object({ ...more, status: z.enum(['not_read', 'unsupported']), reason: z.string() }),
    z.object({ ...more, status: z.literal('absent') }),
  ])
}

const whose = z.enum(['producer', 'catalogue'])

/** Whose a checksum is, each null where that is not known. */
export const authorFields = {
  whose: whose.nullable().meta({ description: 'whether its author made the data, or the copy' }),
  by: z.string().nullable().meta({ description: 'whose it is' }),
}

export const checksumSchema: z.ZodType<AuthoredChecksum> = checksumWith({
  whose: whose.exactOptional(),
  by: z.string().exactOptional(),
}).meta({
  id: 'ProducerChecksum',
  description: 'what `file:checksum` of the item says of the file',
})

const service = { service: z.string(), cid: z.string() }
const href = z.string().exactOptional()

export const publicationSchema: z.ZodType<Publication> = z
  .discriminatedUnion('status', [
    z.object({ ...service, status: z.literal('held'), href }),
    z.object({
      ...service,
      status: z.literal('queued'),
      request: z.string(),
      reason: z.string(),
    }),
    z.object({ ...service, status: z.literal('unproven'), href, reason: z.string() }),
    z.object({ service: z.string(), status: z.literal('failed'), reason: z.string() }),
  ])
  .meta({
    id: 'Publication',
    description:
      'held: the service was seen to have the bytes; queued: it fetches them itself, by the `request`; unproven: it took them, no more is known',
  })

const address = z.object({ cid: z.string(), ipfs: z.string(), href: z.string() })
const root: z.ZodType<Address> = address.meta({ id: 'Address' })

/** Of a result: the scene that it is of. */
export const sourceSchema: z.ZodType<PublishableResult['item']> = z.object({
  id: z.string(),
  collection: z.string().nullable(),
  datetime: z.string().nullable(),
  href: z.string().nullable(),
  chosen: z.string(),
})

/** Fields by name. */
export const publishedFields = {
  root: root.meta({
    description: 'the published directory: `cid`, `ipfs:` address, `href` at this deployment',
  }),
  assets: z
    .record(z.string(), address.extend({ type: z.string(), size: count }))
    .meta({ description: 'each file of it: the same three, its media `type` and `size`' }),
  publications: z.array(publicationSchema).meta({
    description:
      'per publisher its `status`: `held` (seen to have the bytes), `queued` (it fetches them itself, by its `request`), `unproven` (it took them, with the `reason` why that is not known) or `failed` (with the `reason`); `cid` and `href` where it took them',
  }),
  warnings: z
    .array(z.string())
    .meta({ description: 'what a reader should know before using the numbers' }),
}
