// What publishers are given: a directory as a CAR that is written from the store while it is sent.

import { readAhead } from '../async/read-ahead.ts'
import { GreenprintError } from '../errors.ts'
import { planCar } from '../ipld/car-plan.ts'
import type { PlannedBlock, ReadAll } from '../ipld/car-write.ts'
import { blockKey, type Cid } from '../ipld/cid.ts'
import type { GetBlock } from '../ipld/directory.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { ContentStore } from '../kept/content-store.ts'
import type { FileContent } from '../store/file-content.ts'
import { sampleCids } from './sample-cids.ts'

/** One root, every block present; each is hashed as it is sent. */
export interface Upload {
  readonly root: Cid
  readonly car: CarContent
  /** Blocks that prove possession: the root and the first leaf of every file. None is empty. */
  readonly sampleBlocks: readonly { readonly cid: Cid }[]
  /** Whether a block turned out to be gone or damaged while the CAR was written. */
  isDamaged(): boolean
}

/** CARv1 with the whole DAG under the root, depth first, each block once: the same bytes whenever it is written. */
export interface CarContent extends FileContent {
  /**
   * Some blocks of it are in memory at a time.
   *
   * @param from bytes of it that are left out
   * @throws {GreenprintError} `store_failed` where a block is gone or damaged by now
   */
  pieces(signal: AbortSignal, from?: number): AsyncIterable<Uint8Array<ArrayBuffer>>
}

/** Of blocks that are read before they are written. */
const AHEAD_BYTES = 4 * 1024 * 1024

const WHOLE = { path: [], scope: 'all', bytes: null, duplicates: false } as const
/** None: what a publisher takes at most, it tells itself. */
const LIMITS = { mostBytes: Number.MAX_SAFE_INTEGER, advice: '' }

/**
 * @param signal of whoever publishes: blocks are read as long as it lets
 * @returns null when a part of the directory is not in the store any more, or is damaged
 * @throws {GreenprintError} `content_unusable` when `root` is no directory of files; `store_failed`
 */
export async function openUpload(
  root: Cid,
  store: Pick<ContentStore, 'get' | 'nodesOf'>,
  signal: AbortSignal,
): Promise<Upload | null> {
  const nodes = await store.nodesOf(root, signal)
  if (nodes === null) return null
  let isDamaged = false
  const get: GetBlock = async (cid) => {
    const node = nodes.get(blockKey(cid))
    if (node !== undefined) return node
    const bytes = await store.get(cid, signal)
    const block = bytes && verifyBlock(cid, bytes)
    if (block !== null) return block
    isDamaged = true
    const message = `The store lost or damaged block ${cid.toString()} of ${root.toString()}: ask for the result with Cache-Control: no-cache, which makes it anew.`
    throw new GreenprintError('store_failed', message)
  }
  try {
    const plan = await planCar(root, { ...WHOLE, end: root }, get, LIMITS)
    const samples = new Set((await sampleCids(root, get)).map(String))
    return {
      root,
      car: { size: plan.size, pieces: (reader, from) => plan.write(reader, from, readSomeAhead) },
      sampleBlocks: plan.blocks.filter(
        ({ cid, length }) => length > 0 && samples.has(cid.toString()),
      ),
      isDamaged: () => isDamaged,
    }
  } catch (error) {
    if (isDamaged) return null
    throw error
  }
}

const readSomeAhead: ReadAll = (blocks, read, signal) => {
  const weigh = ({ length }: PlannedBlock) => length
  const run = ({ cid }: PlannedBlock) => read(cid)
  return readAhead(blocks, { weigh, most: AHEAD_BYTES, run }, signal)
}
