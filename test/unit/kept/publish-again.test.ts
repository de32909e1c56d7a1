// What publishing a directory asks of the store, which is paid by the request: the second time next to nothing.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { blockKey, parseCid, RAW } from '../../../lib/ipld/cid.ts'
import { createContentStore } from '../../../lib/kept/content-store.ts'
import type { ShelfName } from '../../../lib/kept/shelves.ts'
import { packDirectory } from '../../../lib/publish/directory.ts'
import { mediaTypeOf } from '../../../lib/publish/media-types.ts'
import { memoryContent } from '../../../lib/store/file-content.ts'
import type { ObjectStore } from '../../../lib/store/objects.ts'
import { noise } from '../../harness/blocks.ts'
import { importFile } from '../../harness/import-dag.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'

const signal = new AbortController().signal
const tif = noise(3 * 1024 * 1024 + 1000)

async function packed(shelf: ShelfName) {
  const objects = createMemoryStore()
  const files = new Map([
    ['figure.png', memoryContent(noise(5000, 7))],
    ['ndvi.tif', memoryContent(tif)],
  ])
  const { root, assets } = await packDirectory(files, createContentStore(objects), shelf, signal)
  return { objects, root, cog: parseCid(assets['cog']?.cid ?? '') }
}

/** Its requests, one line each: the method and the key, of a copy the one that is written. */
function told(objects: ObjectStore): { readonly store: ObjectStore; readonly lines: string[] } {
  const lines: string[] = []
  const store: ObjectStore = {
    ...objects,
    put(key, ...rest) {
      lines.push(`write ${key}`)
      return objects.put(key, ...rest)
    },
    putContent(key, ...rest) {
      lines.push(`write ${key}`)
      return objects.putContent(key, ...rest)
    },
    copy(from, to, stop) {
      lines.push(`write ${to}`)
      return objects.copy(from, to, stop)
    },
    size(key, stop) {
      lines.push(`size ${key}`)
      return objects.size(key, stop)
    },
  }
  return { store, lines }
}

it('what stays already is not written again', async () => {
  const { objects, root } = await packed('published')
  const { store, lines } = told(objects)
  assert.equal(await createContentStore(store).publish(root, mediaTypeOf, signal), true)
  assert.deepEqual(
    lines.filter((line) => line.startsWith('write')),
    [],
  )
})

it('unless a part of it was lost', async () => {
  const { objects, root } = await packed('published')
  const { blocks } = await importFile(tif, 'unixfs-v1-2025')
  const leaf = blocks.find(({ cid }) => cid.code === RAW)
  assert.ok(leaf !== undefined)
  for (const key of [
    `published/blocks/${blockKey(leaf.cid)}`,
    `published/${root.toString()}/ndvi.tif`,
  ]) {
    const before = objects.objects.get(key)
    assert.ok(before !== undefined, key)
    objects.objects.delete(key)
    const isThere = await createContentStore(objects).publish(root, mediaTypeOf, signal)
    assert.equal(isThere, !key.endsWith('.tif'))
    if (isThere) assert.deepEqual(objects.objects.get(key), before)
  }
})

it('a file that moves is looked for once, and once more before it is removed', async () => {
  const { objects, root, cog } = await packed('made')
  const { store, lines } = told(objects)
  assert.equal(await createContentStore(store).publish(root, mediaTypeOf, signal), true)
  const file = `files/${cog.toString()}`
  assert.equal(lines.filter((line) => line === `size ${file}`).length, 2)
  assert.ok(objects.objects.has(`published/${root.toString()}/ndvi.tif`))
})

it('small files move some at a time', async () => {
  const objects = createMemoryStore()
  const files = new Map(
    Array.from({ length: 6 }, (_, at) => [`${at}.png`, memoryContent(noise(5000, at))] as const),
  )
  const { root } = await packDirectory(files, createContentStore(objects), 'made', signal)
  let running = 0
  let most = 0
  const store: ObjectStore = {
    ...objects,
    async putContent(...put) {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 5))
      const outcome = await objects.putContent(...put)
      running--
      return outcome
    },
  }
  assert.equal(await createContentStore(store).publish(root, mediaTypeOf, signal), true)
  assert.ok(objects.objects.has(`published/${root.toString()}/5.png`))
  assert.equal(most, 4)
})
