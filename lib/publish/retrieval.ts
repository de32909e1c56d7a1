// Whether a published result can be retrieved: asked of gateways that other operators run, and kept by root.

import type { Clock } from '../async/clock.ts'
import { GreenprintError } from '../errors.ts'
import type { BlockSource } from '../ipfs/source.ts'
import type { Cid } from '../ipld/cid.ts'
import type { GetBlock } from '../ipld/directory.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { BlockStore } from '../kept/block-store.ts'
import type { PublicationRecord } from '../model/result.ts'
import type { Publications } from './publications.ts'
import { readBack } from './read-back.ts'
import { sampleCids } from './sample-cids.ts'

export interface RetrievalCheck {
  /** Named by what they are: a host each. */
  readonly gateways: readonly BlockSource[]
  readonly store: Pick<BlockStore, 'get'>
  readonly publications: Publications
  readonly clock: Pick<Clock, 'now'>
}

/** Of a directory: more files than any result has. */
const MOST_FILES = 32

/**
 * Asks every gateway for the root and the first leaf of each file, all gateways at once, and records who had them.
 *
 * @throws {GreenprintError} `not_found` for a root that nobody published here; `publishing_disabled` without a gateway
 *   to ask; `store_failed`
 */
export async function checkRetrieval(
  root: Cid,
  { gateways, store, publications, clock }: RetrievalCheck,
  signal: AbortSignal,
): Promise<PublicationRecord> {
  const name = root.toString()
  if ((await publications.get(name, signal)) === null) throw neverPublished(name)
  if (gateways.length === 0) {
    const message = 'No gateway of another operator is named: set PUBLIC_GATEWAY.'
    throw new GreenprintError('publishing_disabled', message)
  }
  const cids = await sampleCids(root, getOwn(root, store, signal), MOST_FILES)
  const outcomes = await Promise.all(
    gateways.map(async (gateway) => ({
      operator: operatorOf(gateway),
      reason: await readBack(gateway, cids, signal),
    })),
  )
  const at = new Date(clock.now()).toISOString()
  const retrievable = outcomes.flatMap(({ operator, reason }) =>
    reason === null ? [{ operator, at }] : [],
  )
  const missing = outcomes.flatMap(({ operator, reason }) =>
    reason === null ? [] : [{ operator, at, reason }],
  )
  return publications.mergeChecks(name, { retrievable, missing }, signal)
}

export function neverPublished(root: string): GreenprintError {
  const message = `${root.slice(0, 100)} was not published by this deployment.`
  return new GreenprintError('not_found', message)
}

function operatorOf({ name }: BlockSource): string {
  return URL.parse(name)?.hostname ?? name
}

/** Of the own store. @throws {GreenprintError} `not_found` for a block that it lost */
function getOwn(root: Cid, store: Pick<BlockStore, 'get'>, signal: AbortSignal): GetBlock {
  return async (cid) => {
    const bytes = await store.get(cid, signal)
    const block = bytes === null ? null : verifyBlock(cid, bytes)
    if (block !== null) return block
    const message = `The store has lost a part of ${root.toString()}: publish it again first.`
    throw new GreenprintError('not_found', message)
  }
}
