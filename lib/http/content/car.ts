// A CAR of what this deployment holds: a whole DAG, one block, or the part of a file that was asked for.

import { GreenprintError } from '../../errors.ts'
import type { Blocks } from '../../ipfs/blocks.ts'
import { ReadSession } from '../../ipfs/read-session.ts'
import { MAX_REPLY } from '../../ipfs/whole-files.ts'
import { encodeCar } from '../../ipld/car.ts'
import type { Cid } from '../../ipld/cid.ts'
import { blocksOfEntity, readEntityBytes } from '../../ipld/entity-bytes.ts'
import { type DagBlock, walkDag } from '../../ipld/walk-dag.ts'
import { always, tooLarge } from './reply.ts'

/** `dag-scope` and `entity-bytes` of https://specs.ipfs.tech/http-gateways/trustless-gateway/ */
export interface CarScope {
  readonly block: boolean
  readonly entityBytes: string | null
  /** Tells one answer from another in an ETag; '' for the whole DAG. */
  readonly name: string
}

export function readCarScope(query: URLSearchParams): CarScope {
  const block = query.get('dag-scope') === 'block'
  const entityBytes = query.get('entity-bytes')
  return {
    block,
    entityBytes,
    name: block ? '.block' : entityBytes === null ? '' : `.${entityBytes}`,
  }
}

/** @throws {GreenprintError} `invalid_request`, `too_large` */
export async function respondCar(
  cid: Cid,
  scope: CarScope,
  etag: string,
  blocks: Blocks,
  signal: AbortSignal,
): Promise<Response> {
  const { bytes } = await encodeCar(cid, await blocksOf(cid, scope, blocks, signal))
  if (bytes.length > MAX_REPLY) throw tooLarge(bytes.length, 'Ask for its blocks with format=raw.')
  return new Response(bytes, {
    headers: {
      ...always,
      'content-type': 'application/vnd.ipld.car; version=1; order=dfs; dups=n',
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="${cid.toString()}.car"`,
      etag,
    },
  })
}

async function blocksOf(
  cid: Cid,
  { block, entityBytes }: CarScope,
  blocks: Blocks,
  signal: AbortSignal,
): Promise<readonly DagBlock[]> {
  const reading = new ReadSession()
  const get = (child: Cid) => blocks.get(child, reading, signal)
  if (block) return [{ cid, bytes: await get(cid) }]
  if (entityBytes === null) return (await walkDag(cid, get)) ?? []
  const entity = readEntityBytes(entityBytes)
  if (entity === null) {
    throw new GreenprintError('invalid_request', 'entity-bytes is from:to, two numbers or from:*.')
  }
  return blocksOfEntity(cid, entity, get)
}
