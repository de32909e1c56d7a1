// GET and HEAD /ipfs as their callers see them.

import type { ErrorCode } from '../../errors.ts'
import * as z from '../../request/zod.ts'
import type { Operation, Parameter, Reply } from './operation.ts'

const cid: Parameter = {
  in: 'path',
  name: 'cid',
  description: 'of a file, a directory or a block that this deployment computed or published',
  schema: z.string(),
}

const path: Parameter = {
  in: 'path',
  name: 'path',
  description: 'of a file in the directory; may have several segments',
  schema: z.string(),
}

const text = z.string().optional()

const query: readonly Parameter[] = [
  {
    in: 'query',
    name: 'format',
    description:
      '`raw`: the block itself; `car`: many blocks; `json`: the file, if it is JSON. By default what `Accept` says, or the file',
    schema: z.enum(['raw', 'car', 'json']).optional(),
  },
  {
    in: 'query',
    name: 'dag-scope',
    description: 'of a CAR: `block` alone, the file or directory (`entity`), or `all` of the DAG',
    schema: text,
  },
  {
    in: 'query',
    name: 'entity-bytes',
    description: 'of a CAR: the part of a file whose blocks are wanted, `from:to`, both inclusive',
    schema: text,
    example: '0:1048575',
  },
  {
    in: 'query',
    name: 'car-dups',
    description: 'of a CAR: `y` where a block comes again each time that the DAG names it',
    schema: text,
  },
  {
    in: 'query',
    name: 'filename',
    description: 'the name that a browser keeps it under',
    schema: text,
  },
  {
    in: 'query',
    name: 'download',
    description: '`true`: to be kept, not shown',
    schema: text,
  },
  { in: 'header', name: 'Range', description: 'one range', schema: text, example: 'bytes=0-65535' },
  {
    in: 'header',
    name: 'If-Match',
    description: 'tags of which the answer must have one: 412 where it has another',
    schema: text,
  },
  {
    in: 'header',
    name: 'If-None-Match',
    description: 'tags of answers that are at hand',
    schema: text,
  },
  {
    in: 'header',
    name: 'Cache-Control',
    description: '`only-if-cached`: 412 where it is not here',
    schema: text,
  },
]

const located = {
  'X-Ipfs-Path': 'what was asked for',
  'X-Ipfs-Roots': 'the CIDs along the path',
  ETag: 'names the content and its form',
}
const bytes = { '*/*': null }

const replies: Readonly<Record<number, Reply>> = {
  200: { description: 'The file, block, CAR or listing', content: bytes, headers: located },
  206: {
    description: 'The range',
    content: bytes,
    headers: { ...located, 'Content-Range': 'which part of how much' },
  },
  301: { description: 'A directory, whose address ends with a slash', headers: { Location: '' } },
  304: { description: 'What the caller has is right', headers: located },
  307: {
    description: 'Too large for one reply: where it is downloaded',
    headers: { Location: 'an address for this caller alone' },
  },
  416: {
    description: 'The range lies outside the file',
    headers: { 'Content-Range': 'how much there is' },
  },
}

const problems: readonly ErrorCode[] = [
  'invalid_request',
  'not_found',
  'not_acceptable',
  'not_cached',
  'condition_failed',
  'too_large',
  'store_failed',
  'deadline_exceeded',
]

const preflight: Readonly<Record<number, Reply>> = {
  204: {
    description: 'What pages of other origins may ask for',
    headers: {
      'Access-Control-Allow-Methods': 'methods',
      'Access-Control-Allow-Headers': 'headers',
    },
  },
}

const description =
  'As a trustless gateway: https://specs.ipfs.tech/http-gateways/trustless-gateway/'

const summaries = {
  get: 'Content by its CID',
  head: 'How much there is, and in which form',
  options: 'For pages of other origins',
} as const

function operationsAt(address: string, suffix: string, parameters: readonly Parameter[]) {
  return (['get', 'head', 'options'] as const).map((method): Operation => {
    const named = { method, path: address, id: `${method}Content${suffix}` }
    const summary = summaries[method]
    if (method === 'options')
      return { ...named, summary, parameters, replies: preflight, problems: [] }
    return {
      ...named,
      summary,
      description,
      parameters: [...parameters, ...query],
      replies,
      problems,
    }
  })
}

export const contentOperations: readonly Operation[] = [
  ...operationsAt('/ipfs/{cid}', '', [cid]),
  ...operationsAt('/ipfs/{cid}/{path}', 'AtPath', [cid, path]),
]
