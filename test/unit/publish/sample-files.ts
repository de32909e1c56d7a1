// A small result as the pipeline would hand it over: every shape of file that packing must get right.

import assert from 'node:assert/strict'
import { type ContentStore, createContentStore } from '../../../lib/kept/content-store.ts'
import { packDirectory } from '../../../lib/publish/directory.ts'
import { mediaTypeOf } from '../../../lib/publish/media-types.ts'
import { openUpload, type Upload } from '../../../lib/publish/upload.ts'
import { type FileContent, memoryContent } from '../../../lib/store/file-content.ts'
import { buildDirectoryCar, type DirectoryCar } from '../../harness/directory-car.ts'
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

/** An upload, and what it has to be: the CAR and its files in memory. */
export interface SampleUpload extends Upload {
  readonly files: DirectoryCar['files']
  readonly sampleBlocks: DirectoryCar['sampleBlocks']
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Any bytes in place of a CAR. */
export function carOfBytes(bytes: Uint8Array<ArrayBuffer>): Upload['car'] {
  return {
    size: bytes.length,
    async *pieces(_, from = 0) {
      for (let at = from; at < bytes.length; at += 1_000_003)
        yield bytes.subarray(at, at + 1_000_003)
    },
  }
}

/** Packed into a store, and taken from there to be published. */
export async function uploadOf(
  files: ReadonlyMap<string, FileContent>,
  store: Pick<ContentStore, 'keep' | 'get' | 'nodesOf'> = createContentStore(createMemoryStore()),
): Promise<SampleUpload> {
  const { root } = await packDirectory(files, store, 'made', signal)
  const upload = await openUpload(root, store, signal)
  const whole = await buildDirectoryCar(root, (cid) => store.get(cid, signal), mediaTypeOf)
  assert.ok(upload !== null && whole !== null)
  const samples = ({ sampleBlocks }: Upload) => sampleBlocks.map(({ cid }) => cid.toString())
  assert.deepEqual(samples(upload), samples({ ...upload, ...whole, car: upload.car }))
  return { ...upload, files: whole.files, sampleBlocks: whole.sampleBlocks, bytes: whole.car }
}
