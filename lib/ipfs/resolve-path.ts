// From `ipfs://<cid>/<path>` to the CID of the file it names, through directories and HAMT shards.

import { GreenprintError } from '../errors.ts'
import { type Cid, DAG_PB, parseCid, RAW } from '../ipld/cid.ts'
import { isDirectory } from '../ipld/unixfs.ts'
import type { ContentReference } from '../model/scene.ts'
import type { Blocks } from './blocks.ts'
import type { ReadSession } from './read-session.ts'

/**
 * @throws {GreenprintError} `not_found` when the directory has no such entry, `content_unusable` when the path
 *   leads through something that is no directory, `content_unavailable` when a block of it cannot be had
 */
export async function resolvePath(
  reference: ContentReference,
  blocks: Blocks,
  reading: ReadSession,
  signal: AbortSignal,
): Promise<Cid> {
  const root = parseCid(reference.cid)
  if (reference.path === '') return root
  const { walkPath } = await import('ipfs-unixfs-exporter')
  const blockstore = {
    async *get(cid: Cid) {
      if (cid.code !== DAG_PB && cid.code !== RAW) {
        const codec = `0x${cid.code.toString(16)}`
        throw unusable(
          reference,
          `leads through ${cid.toString()} of codec ${codec}; directories are dag-pb.`,
        )
      }
      yield await blocks.get(cid, reading, signal)
    },
  }
  let reached = root
  let ahead: readonly string[] = []
  try {
    const steps = walkPath(`${root.toString()}/${reference.path}`, blockstore, { signal })
    for await (const { cid, remainder } of steps) {
      reached = cid
      ahead = remainder
    }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof GreenprintError) throw error
    const absent = error instanceof Error && error.name === 'NotFoundError'
    if (!absent || !isDirectory(reached, await blocks.get(reached, reading, signal)))
      throw noDirectory(reference, reached, error)
    throw new GreenprintError(
      'not_found',
      `There is no ${reference.path} under ${reference.cid}.`,
      { cause: error },
    )
  }
  // The walk ends without a word at a file of one block, or a symlink, that the path goes on from.
  if (ahead.length > 0) throw noDirectory(reference, reached)
  return reached
}

function noDirectory(reference: ContentReference, cid: Cid, cause?: unknown): GreenprintError {
  return unusable(reference, `leads through ${cid.toString()}, which is no directory.`, cause)
}

function unusable(reference: ContentReference, what: string, cause?: unknown): GreenprintError {
  return new GreenprintError(
    'content_unusable',
    `ipfs://${reference.cid}/${reference.path} ${what}`,
    { cause },
  )
}
