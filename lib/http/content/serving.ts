// A request for content on its way to its answer.

import { clip, GreenprintError } from '../../errors.ts'
import type { Blocks } from '../../ipfs/blocks.ts'
import { blockKey } from '../../ipld/cid.ts'
import { MAX_REPLY, type WholeFiles } from '../../kept/whole-files.ts'
import type { VerifiedBytes } from '../../model/bytes.ts'
import { LightResponse } from '../light/response.ts'
import type { Bindings } from '../time-limit.ts'
import type { ContentPath } from './content-path.ts'
import { IMMUTABLE, isKnown } from './headers.ts'

export interface OwnContent {
  /** Of our own stores only: this is not a proxy. */
  readonly ownBlocks: Blocks
  /** Also blocks of which no file is served. */
  readonly ownNodes: Blocks
  /** Where files are downloaded that are too large for one reply. */
  readonly wholeFiles: WholeFiles | null
}

export interface Delivery {
  /** Of a reply; Infinity where replies are streamed. */
  readonly mostBytes: number
}

export interface Serving extends ContentPath, Delivery {
  readonly request: Request
  readonly query: URLSearchParams
  readonly wholeFiles: WholeFiles | null
  /** Each block read once. */
  readonly blocks: Blocks
  /** Of every answer to it that has content. */
  readonly headers: Readonly<Record<string, string>>
  readonly etag: string
  readonly signal: AbortSignal
}

/** What content may have besides, with its headers. */
const AROUND_BYTES = 64 * 1024

/** In JSON, three bytes are four letters of base64. */
export function deliveryOf({ streams = false, mostBytes = Infinity }: Bindings): Delivery {
  const carried = Math.floor((mostBytes - AROUND_BYTES) / 4) * 3
  return { mostBytes: streams ? Infinity : Math.min(MAX_REPLY, carried) }
}

/**
 * 304 where the caller has it already, else null. A tag that something on the way has made weak is as good, for what it
 * names does not change.
 *
 * @throws {GreenprintError} `condition_failed` where the caller wants something else than what is there
 */
export function notModified({ request, headers, etag }: Serving): Response | null {
  const wanted = request.headers.get('if-match')
  if (wanted !== null && !isKnown(wanted, etag)) {
    const message = `The content there has the tag ${etag}, and If-Match wants another: ${clip(wanted)}.`
    throw new GreenprintError('condition_failed', message)
  }
  if (!isKnown(request.headers.get('if-none-match'), etag)) return null
  return new LightResponse(null, {
    status: 304,
    headers: { ...headers, 'cache-control': IMMUTABLE },
  })
}

/** Blocks that are kept between the walk to what is served and the serving: each at most 2 MiB. */
const MOST_KEPT = 4

/** The walk and what is served at its end meet the same blocks: the first few are read once. */
export function readOnce(blocks: Blocks): Blocks {
  const kept = new Map<string, VerifiedBytes>()
  return {
    async get(cid, ...rest) {
      const known = kept.get(blockKey(cid))
      if (known !== undefined) return known
      const block = await blocks.get(cid, ...rest)
      if (kept.size < MOST_KEPT) kept.set(blockKey(cid), block)
      return block
    },
    prefetch: (...asked) => blocks.prefetch(...asked),
    keepReads: (...asked) => blocks.keepReads(...asked),
    keep: (...block) => blocks.keep(...block),
    settle: () => blocks.settle(),
  }
}
