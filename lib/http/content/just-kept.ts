// The picture that a request is answered with, from what the request itself kept: not read back from the bucket.

import { blockKey, RAW } from '../../ipld/cid.ts'
import { verifyBlock } from '../../ipld/verify.ts'
import type { ContentStore } from '../../kept/content-store.ts'
import type { KeptDirectory } from '../../kept/keep-directory.ts'
import type { VerifiedBytes } from '../../model/bytes.ts'
import { readContent } from '../../store/file-content.ts'
import type { OwnContent } from './serving.ts'

export interface Remembered {
  /** The same store; what is kept through it is remembered. */
  readonly store: ContentStore
  /** The same content, and before it what was remembered: nodes of directories, and files of one block. */
  readonly content: OwnContent
}

/** For one request: a result's files of one block have at most a megabyte each. */
export function rememberKept(store: ContentStore, content: OwnContent): Remembered {
  const blocks = new Map<string, VerifiedBytes>()
  const { ownBlocks } = content
  return {
    store: {
      ...store,
      async keep(directory, shelf, signal) {
        await store.keep(directory, shelf, signal)
        for (const [key, bytes] of await blocksOf(directory, signal)) blocks.set(key, bytes)
      },
    },
    content: {
      ...content,
      ownBlocks: {
        ...ownBlocks,
        get: async (cid, ...rest) => blocks.get(blockKey(cid)) ?? ownBlocks.get(cid, ...rest),
      },
    },
  }
}

async function blocksOf({ root, nodes, files }: KeptDirectory, signal: AbortSignal) {
  const blocks = new Map([root, ...nodes].map(({ cid, bytes }) => [blockKey(cid), bytes]))
  for (const { cid, content } of files) {
    if (cid.code !== RAW) continue
    const block = verifyBlock(cid, await readContent(content, signal))
    if (block !== null) blocks.set(blockKey(cid), block)
  }
  return blocks
}
