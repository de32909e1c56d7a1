// The picture of a result that was computed just now: from memory, whatever the bucket takes to read.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemClock } from '../../../../lib/async/clock.ts'
import { rememberKept } from '../../../../lib/http/content/just-kept.ts'
import { servePicture } from '../../../../lib/http/content/picture.ts'
import { createBlocks } from '../../../../lib/ipfs/blocks.ts'
import { BlockRace } from '../../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../../lib/ipfs/read-session.ts'
import { createContentStore } from '../../../../lib/kept/content-store.ts'
import { packDirectory } from '../../../../lib/publish/directory.ts'
import { memoryContent } from '../../../../lib/store/file-content.ts'
import { noise } from '../../../harness/blocks.ts'
import { importFile } from '../../../harness/import-dag.ts'
import { createMemoryStore } from '../../../harness/memory-store.ts'

const signal = new AbortController().signal
const delivery = { mostBytes: Infinity }

const objects = createMemoryStore()
const reads: string[] = []
const counted = {
  ...objects,
  get: (...asked: Parameters<typeof objects.get>) => {
    reads.push(asked[0])
    return objects.get(...asked)
  },
}
const own = createBlocks({
  own: [createContentStore(counted)],
  network: new BlockRace([], systemClock),
  cacheBytes: 0,
})
const everything = { ownBlocks: own, ownNodes: own, wholeFiles: null }

it('a picture that was kept just now is served without a look into the store', async () => {
  const { store, content } = rememberKept(createContentStore(counted), everything, 'png')
  const figure = noise(300_000)
  const large = noise(3 * 1024 * 1024)
  const files = new Map([
    ['figure.png', memoryContent(figure)],
    ['ndvi.tif', memoryContent(large)],
  ])
  const { root, assets } = await packDirectory(files, store, 'made', signal)
  reads.length = 0
  const served = { root: root.toString(), assets }
  const asked = { file: 'figure.png', form: 'png' } as const
  const mine = await servePicture(served, asked, 'http://here', content, delivery, signal)
  assert.deepEqual(new Uint8Array(await mine.arrayBuffer()), figure)
  assert.deepEqual(reads, [])
  // What others are served comes from the store.
  const theirs = await servePicture(served, asked, 'http://here', everything, delivery, signal)
  assert.deepEqual(new Uint8Array(await theirs.arrayBuffer()), figure)
  assert.notEqual(reads.length, 0)
})

it('what was not kept by the request, or lies in several blocks, is read from the store', async () => {
  const { content } = rememberKept(createContentStore(counted), everything, 'png')
  const other = createContentStore(counted)
  const bytes = noise(2 * 1024 * 1024, 7)
  const { root, blocks } = await importFile(bytes, 'unixfs-v1-2025')
  for (const block of blocks) await other.put(block.cid, block.bytes, signal)
  reads.length = 0
  await content.ownBlocks.get(root, new ReadSession(), signal)
  assert.notEqual(reads.length, 0)
})

it('nothing is remembered for a reply that is no picture', () => {
  const store = createContentStore(counted)
  assert.deepEqual(rememberKept(store, everything, null), { store, content: everything })
})
