// The picture that a request is answered with, from what the request itself kept: not read back from the bucket.

import { blockKey, RAW } from '../../ipld/cid.ts'
import type { ContentStore } from '../../kept/content-store.ts'
import { type KeptDirectory, readBlock } from '../../kept/keep-directory.ts'
import type { VerifiedBytes } from '../../model/bytes.ts'
import type { PictureForm } from '../picture-form.ts'
import type { OwnContent } from './serving.ts'

export interface Remembered {
  /** The same store; what is kept through it is remembered. */
  readonly store: ContentStore
  /** The same content, and before it what was remembered: nodes of directories, and files of one block. */
  readonly content: OwnContent
}

/**
 * For one request: a result's files of one block have at most a megabyte each.
 *
 * @param form null where the reply is no picture: it reads nothing, and nothing is remembered
 */
export function rememberKept(
  store: ContentStore,
  content: OwnContent,
  form: PictureForm | null,
): Remembered {
  if (form === null) return { store, content }
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
  for (const file of files) {
    if (file.cid.code === RAW) blocks.set(blockKey(file.cid), await readBlock(file, signal))
  }
  return blocks
}
