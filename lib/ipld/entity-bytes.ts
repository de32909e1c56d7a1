// The blocks of part of a file in the order of a CAR: what `entity-bytes` of the trustless gateway asks for.

import type { VerifiedBytes } from '../model/bytes.ts'
import type { Cid } from './cid.ts'
import { decodeFileNode } from './unixfs.ts'
import type { DagBlock } from './walk-dag.ts'

/** Both ends belong to it; a negative one counts from the end of the file; `null` is the last byte. */
export interface EntityBytes {
  readonly from: number
  readonly to: number | null
}

/** `from:to` of https://specs.ipfs.tech/http-gateways/trustless-gateway/#entity-bytes-request-query-parameter, or null. */
export function readEntityBytes(text: string): EntityBytes | null {
  const match = /^(-?\d{1,15}):(-?\d{1,15}|\*)$/.exec(text)
  if (match === null) return null
  return { from: Number(match[1]), to: match[2] === '*' ? null : Number(match[2]) }
}

/**
 * Depth first from the root of a file, the blocks on the way to the asked bytes and no other.
 *
 * @throws {GreenprintError} `content_unusable` when the root is not a file
 */
export async function blocksOfEntity(
  root: Cid,
  { from, to }: EntityBytes,
  get: (cid: Cid) => Promise<VerifiedBytes>,
): Promise<DagBlock[]> {
  const found: DagBlock[] = []
  const first = await get(root)
  const { size } = decodeFileNode(root, first)
  const start = from < 0 ? Math.max(0, size + from) : from
  const end = to === null ? size : (to < 0 ? size + to : to) + 1

  async function visit(cid: Cid, bytes: VerifiedBytes, offset: number): Promise<void> {
    found.push({ cid, bytes })
    for (const child of decodeFileNode(cid, bytes).children) {
      const wanted = offset + child.start < end && offset + child.end > start
      if (wanted) await visit(child.cid, await get(child.cid), offset + child.start)
    }
  }

  await visit(root, first, 0)
  return found
}
