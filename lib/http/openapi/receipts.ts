// Receipts and their keys as their callers see them.

import type { DsseEnvelope } from '../../publish/dsse.ts'
import * as z from '../../request/zod.ts'
import type { ReceiptKeysReply } from '../receipts.ts'
import type { Operation } from './operation.ts'

const receipt: z.ZodType<DsseEnvelope> = z
  .object({
    payload: z.string().meta({ description: 'an in-toto Statement v1, in base64' }),
    payloadType: z.literal('application/vnd.in-toto+json'),
    signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
  })
  .meta({ id: 'Receipt', description: 'DSSE envelope, signed with Ed25519' })

const keys: z.ZodType<ReceiptKeysReply> = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        kid: z.string().meta({ description: 'the `keyid` of signatures' }),
        use: z.literal('sig'),
      }),
    ),
  })
  .meta({ id: 'ReceiptKeys', description: 'JWK Set; empty where no receipts are signed' })

export const receiptOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/results/{root}/receipt.json',
    id: 'getResultReceipt',
    summary: 'What this deployment signed of a result',
    description:
      'Its files by SHA-256, what they were made of, by which request and software, and when. Covered by no CID.',
    parameters: [
      { in: 'path', name: 'root', description: 'of a result made here', schema: z.string() },
    ],
    replies: { 200: { description: 'Its receipt', content: { 'application/json': receipt } } },
    problems: ['not_found', 'store_failed', 'deadline_exceeded'],
  },
  {
    method: 'get',
    path: '/.well-known/receipt-keys.json',
    id: 'getReceiptKeys',
    summary: 'Public keys of receipts',
    replies: { 200: { description: 'The keys', content: { 'application/json': keys } } },
    problems: [],
  },
]
