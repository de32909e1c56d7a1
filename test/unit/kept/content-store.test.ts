// What is kept once: blocks by their places in whole files, on two shelves, and what earlier versions kept.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { blockKey, matchesCid, parseCid, RAW } from '../../../lib/ipld/cid.ts'
import { createBlockStore } from '../../../lib/kept/block-store.ts'
import { createContentStore } from '../../../lib/kept/content-store.ts'
import type { ShelfName } from '../../../lib/kept/shelves.ts'
import { packDirectory } from '../../../lib/publish/directory.ts'
import { mediaTypeOf } from '../../../lib/publish/media-types.ts'
import { createDiskStore } from '../../../lib/store/disk/disk.ts'
import { memoryContent } from '../../../lib/store/file-content.ts'
import type { ObjectStore } from '../../../lib/store/objects.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { importDirectory, importFile } from '../../harness/import-dag.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'

const signal = new AbortController().signal
const MIB = 1024 * 1024
const tif = noise(3 * MIB + 1000)
const png = noise(5000, 7)
const contents = new Map([
  ['figure.png', png],
  ['ndvi.tif', tif],
])

async function packed(
  objects = createMemoryStore(),
  shelf: ShelfName = 'made',
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = contents,
) {
  const store = createContentStore(objects)
  const entries = [...files].map(([name, bytes]) => [name, memoryContent(bytes)] as const)
  const { root, assets } = await packDirectory(new Map(entries), store, shelf, signal)
  const cog = assets['cog'] ?? assets['request']
  return { objects, store, root, cog: parseCid(cog?.cid ?? '') }
}

const { blocks } = await importDirectory(contents, 'unixfs-v1-2025')
const leaves = (await importFile(tif, 'unixfs-v1-2025')).blocks.filter(
  ({ cid }) => cid.code === RAW,
)

describe('a directory that was kept', () => {
  for (const shelf of ['made', 'published'] as const) {
    it(`gives every block of its DAG, whoever asks first (${shelf})`, async () => {
      const { objects } = await packed(createMemoryStore(), shelf)
      for (const order of [blocks, blocks.toReversed()]) {
        const store = createContentStore(objects)
        for (const { cid, bytes } of order) {
          assert.equal(await store.has(cid, signal), true)
          assert.ok(Buffer.from(bytes).equals((await store.get(cid, signal)) ?? Buffer.of()))
        }
      }
      const { published } = createContentStore(objects)
      const stays = await published.get(leaves[0]!.cid, signal)
      assert.equal(stays !== null, shelf === 'published')
    })
  }

  it('asks for the record of one leaf, and knows by the node where the others lie', async () => {
    const { objects, cog } = await packed()
    const asked: string[] = []
    const store = createContentStore({
      ...objects,
      get: async (key, stop) => {
        asked.push(key)
        return objects.get(key, stop)
      },
    })
    await store.get(cog, signal)
    asked.length = 0
    for (const { cid, bytes } of leaves) assert.deepEqual(await store.get(cid, signal), bytes)
    const first = blockKey(leaves[0]!.cid)
    assert.deepEqual(asked, [`published/blocks/${first}`, `blocks/${first}`])
  })

  it('is found where it was moved to by who knew where it was', async () => {
    const { store, root, cog } = await packed()
    await store.get(cog, signal)
    await store.get(leaves[0]!.cid, signal)
    assert.equal(await store.publish(root, mediaTypeOf, signal), true)
    for (const { cid, bytes } of leaves) assert.deepEqual(await store.get(cid, signal), bytes)
  })

  it('is not here once its file is gone or cut short, though all records are', async () => {
    const { objects, store, cog } = await packed()
    assert.equal(await store.has(cog, signal), true)
    const key = `files/${cog.toString()}`
    objects.objects.set(key, tif.slice(0, MIB - 1))
    assert.equal(await store.has(cog, signal), false)
    objects.objects.delete(key)
    assert.equal(await store.has(cog, signal), false)
    assert.equal(await store.get(leaves[1]!.cid, signal), null)
    assert.equal(await store.locate(cog, signal), null)
    assert.equal(await store.publish(blocks[0]!.cid, mediaTypeOf, signal), false)
    assert.ok(![...objects.objects.keys()].some((each) => each.startsWith('published/blocks/')))
  })

  it('of which a file was damaged is mended by keeping it again, or by a block that comes', async () => {
    for (const shelf of ['made', 'published'] as const) {
      const { objects, root, cog } = await packed(createMemoryStore(), shelf)
      const key =
        shelf === 'made' ? `files/${cog.toString()}` : `published/${root.toString()}/ndvi.tif`
      const { cid, bytes } = leaves[1]!
      const spoil = () => objects.objects.set(key, tif.with(MIB + 5, tif[MIB + 5]! ^ 1))
      const isGood = async () => {
        const found = await createContentStore(objects).get(cid, signal)
        return found !== null && matchesCid(cid, found)
      }
      spoil()
      assert.equal(await isGood(), false)
      await packed(objects, shelf)
      assert.equal(await isGood(), true)
      spoil()
      await createContentStore(objects).put(cid, bytes, signal)
      assert.equal(await isGood(), true)
    }
  })

  it('leaves the files of another that has them too', async () => {
    const { objects, root } = await packed()
    const other = new Map([...contents, ['figure.png', noise(6000, 9)]] as const)
    const second = await packed(objects, 'made', other)
    assert.equal(await second.store.publish(root, mediaTypeOf, signal), true)
    assert.ok(!objects.objects.has(`files/${second.cog.toString()}`))
    const store = createContentStore(objects)
    for (const { cid } of (await importDirectory(other, 'unixfs-v1-2025')).blocks) {
      const found = await store.get(cid, signal)
      assert.ok(found !== null && matchesCid(cid, found), cid.toString())
    }
    assert.equal(await store.publish(second.root, mediaTypeOf, signal), true)
    assert.deepEqual(objects.objects.get(`published/${second.root.toString()}/ndvi.tif`), tif)
  })
})

describe('what 0.3 kept, all of it in blocks', () => {
  it('is given, and published as files', async () => {
    const objects = createMemoryStore()
    const earlier = createBlockStore(objects)
    for (const { cid, bytes } of blocks) await earlier.put(cid, bytes, signal)
    const { root } = await packed()
    const store = createContentStore(objects)
    for (const { cid, bytes } of blocks) {
      assert.equal(await store.has(cid, signal), true)
      assert.deepEqual(await store.get(cid, signal), bytes)
    }
    assert.equal(await store.publish(root, mediaTypeOf, signal), true)
    for (const [name, bytes] of contents) {
      assert.deepEqual(objects.objects.get(`published/${root.toString()}/${name}`), bytes)
    }
    for (const key of objects.objects.keys()) {
      if (!key.startsWith('published/')) objects.objects.delete(key)
    }
    const later = createContentStore(objects)
    for (const { cid, bytes } of blocks) assert.deepEqual(await later.get(cid, signal), bytes)
  })
})

describe('what 0.3 kept, one block of it damaged where it lay', () => {
  const [first] = leaves
  const damage = noise(1000, 3)
  async function publishFrom(objects: ObjectStore): Promise<boolean> {
    const earlier = createBlockStore(objects)
    for (const { cid, bytes } of blocks) await earlier.put(cid, bytes, signal)
    await objects.put(`blocks/${blockKey(first!.cid)}`, damage, {}, signal)
    const { root } = await packed()
    return createContentStore(objects).publish(root, mediaTypeOf, signal)
  }

  it('is not published, in memory or on a disk', async () => {
    assert.equal(await publishFrom(createMemoryStore()), false)
    const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
    try {
      assert.equal(await publishFrom(createDiskStore(folder)), false)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('a node that is read again', () => {
  it('does not make the places of its leaves unknown', async () => {
    const { objects, root, cog } = await packed()
    const asked: string[] = []
    const watched: ObjectStore = {
      ...objects,
      get: (key, stop) => {
        asked.push(key)
        return objects.get(key, stop)
      },
    }
    const store = createContentStore(watched)
    assert.ok((await store.get(root, signal)) !== null)
    await store.get(cog, signal)
    await store.get(leaves[0]!.cid, signal)
    await store.get(cog, signal)
    asked.length = 0
    assert.deepEqual(await store.get(leaves[1]!.cid, signal), leaves[1]!.bytes)
    assert.deepEqual(asked, [])
  })
})

describe('a block that looks like the place of another', () => {
  it('is what its hash says', async () => {
    const objects = createMemoryStore()
    await objects.put('records/secret.json', new TextEncoder().encode('secret'), {}, signal)
    const bytes = new TextEncoder().encode('{"key":"records/secret.json","offset":0,"length":6}')
    const cid = cidOfBlock(RAW, bytes)
    const files = new Map([['request.json', bytes]])
    for (const shelf of ['made', 'published'] as const) {
      await packed(objects, shelf, files)
      const store = createContentStore(objects)
      assert.deepEqual(await store.get(cid, signal), bytes)
      assert.equal(await store.has(cid, signal), true)
    }
  })
})
