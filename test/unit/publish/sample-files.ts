// A small result as the pipeline would hand it over: every shape of file that packing must get right.

import assert from 'node:assert/strict'
import { buildDirectoryCar } from '../../../lib/ipld/directory-car.ts'
import { type ContentStore, createContentStore } from '../../../lib/kept/content-store.ts'
import { packDirectory } from '../../../lib/publish/directory.ts'
import { mediaTypeOf } from '../../../lib/publish/media-types.ts'
import type { Upload } from '../../../lib/publish/publisher.ts'
import { type FileContent, memoryContent } from '../../../lib/store/file-content.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'

const signal = new AbortController().signal

/** A raw leaf, two equal files, an empty one, and one of more than two chunks of which two are equal. */
export function sampleFiles(): Map<string, FileContent> {
  const tif = new Uint8Array(2 * 1024 * 1024 + 1000)
  tif.fill(7)
  return new Map([
    ['figure.png', textFile('not really a picture')],
    ['item.json', textFile('{"same":"text"}')],
    ['request.json', textFile('{"same":"text"}')],
    ['ndvi.tif', memoryContent(tif)],
    ['empty', textFile('')],
  ])
}

export function textFile(text: string): FileContent {
  return memoryContent(new TextEncoder().encode(text))
}

/** Packed into a store, and taken from there to be published. */
export async function uploadOf(
  files: ReadonlyMap<string, FileContent>,
  store: Pick<ContentStore, 'keep' | 'get'> = createContentStore(createMemoryStore()),
): Promise<Upload> {
  const { root } = await packDirectory(files, store, 'made', signal)
  const upload = await buildDirectoryCar(root, (cid) => store.get(cid, signal), mediaTypeOf)
  assert.ok(upload !== null)
  return upload
}
