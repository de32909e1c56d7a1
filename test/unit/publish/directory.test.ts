// Packing: the same files give the same root and the same CAR, byte for byte, and unpacking gives them back.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { decodeCar } from '../../../lib/ipld/car.ts'
import { blockKey, type Cid, matchesCid, parseCid } from '../../../lib/ipld/cid.ts'
import { fileCid } from '../../../lib/ipld/importer.ts'
import { createContentStore } from '../../../lib/kept/content-store.ts'
import { packDirectory } from '../../../lib/publish/directory.ts'
import { mediaTypeOf } from '../../../lib/publish/media-types.ts'
import { type FileContent, memoryContent, readContent } from '../../../lib/store/file-content.ts'
import type { ObjectStore } from '../../../lib/store/objects.ts'
import { buildDirectoryCar } from '../../harness/directory-car.ts'
import { importDirectory } from '../../harness/import-dag.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'
import { sampleFiles, textFile, uploadOf } from './sample-files.ts'

const signal = new AbortController().signal

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/**
 * Of `sampleFiles()`. The root is also what @ipld/unixfs, another implementation, gives. When these
 * change, so do the names of everybody's results.
 */
const ROOT = 'bafybeihmv2bmne6ho64gohteybk6cmwijlbtwnx7zglw2d7bkdk67mlnpi'
const CAR_SHA256 = 'b2edf23091aeafb3f9efadc7d08a8127a2bbf64ee2b69856113edb498ff20e06'

/** Packed into a store of its own, with the keys in the order in which they were written. */
async function pack(files: ReadonlyMap<string, FileContent>) {
  const keys: string[] = []
  const objects = createMemoryStore((key) => void keys.push(key))
  const store = createContentStore(objects)
  return { ...(await packDirectory(files, store, 'made', signal)), keys, objects, store }
}

test('equal files have an equal root and an equal CAR, whatever their order', async () => {
  const files = sampleFiles()
  const { root, bytes: car } = await uploadOf(files)
  assert.equal(root.toString(), ROOT)
  assert.equal(sha256(car), CAR_SHA256)
  const reversed = await uploadOf(new Map([...files].toReversed()))
  assert.equal(reversed.root.toString(), ROOT)
  assert.equal(sha256(reversed.bytes), CAR_SHA256)
})

test('every block is in the store, the root last', async () => {
  const { root, keys, store } = await pack(sampleFiles())
  assert.equal(keys.at(-1), `blocks/${blockKey(root)}`)
  const { blocks } = await importDirectory(await contentsOf(sampleFiles()), 'unixfs-v1-2025')
  // The two equal megabytes of ndvi.tif are one block, as are the two equal files.
  assert.equal(blocks.length, 7)
  for (const { cid, bytes } of blocks) assert.deepEqual(await store.get(cid, signal), bytes)
})

test('a file that comes in pieces of any length is the same as one that is whole', async () => {
  const files = sampleFiles()
  const whole = await readContent(files.get('ndvi.tif') ?? memoryContent(new Uint8Array(0)), signal)
  async function* inPieces() {
    for (let at = 0; at < whole.length; at += 70_001) yield whole.slice(at, at + 70_001)
  }
  files.set('ndvi.tif', { size: whole.length, pieces: inPieces })
  assert.equal((await pack(files)).root.toString(), ROOT)
})

test('a store that takes no more ends the packing, and has no root', async () => {
  const objects = createMemoryStore()
  const full: ObjectStore = {
    ...objects,
    put: async (...write) => {
      if (objects.objects.size >= 3) throw new Error('disk full')
      return objects.put(...write)
    },
  }
  const store = createContentStore(full)
  await assert.rejects(packDirectory(sampleFiles(), store, 'made', signal), /disk full/)
  assert.equal(await createContentStore(objects).get(parseCid(ROOT), signal), null)
})

test('the CAR holds the blocks in depth-first order, each once', async () => {
  const { root, bytes: car } = await uploadOf(sampleFiles())
  const decoded = await decodeCar(car)
  assert.deepEqual(decoded.roots.map(String), [root.toString()])
  const names = decoded.blocks.map(({ cid }) => cid.toString())
  const { blocks } = await importDirectory(await contentsOf(sampleFiles()), 'unixfs-v1-2025')
  assert.deepEqual(
    names,
    blocks.map(({ cid }) => cid.toString()),
  )
  assert.equal(new Set(names).size, 7)
})

test('sample blocks are the root and the first leaf of each file, where the CAR has them', async () => {
  const { root, bytes: car, files, sampleBlocks } = await uploadOf(sampleFiles())
  const found = sampleBlocks.map(({ cid, offset, length }) => {
    assert.ok(matchesCid(cid, car.subarray(offset, offset + length)))
    return cid.toString()
  })
  const raw = [...files.values()].filter(
    ({ bytes }) => bytes.length > 0 && bytes.length < 1_000_000,
  )
  const expected = new Set([root.toString(), ...raw.map(({ cid }) => cid.toString())])
  for (const cid of expected) assert.ok(found.includes(cid), cid)
  assert.equal(found.length, expected.size + 1, 'and one leaf of the file that has several')
  assert.ok(sampleBlocks.every(({ length }) => length > 0))
  assert.ok(sampleBlocks.some(({ length }) => length === 1024 * 1024))
})

test('the assets say what each file is', async () => {
  const { assets } = await pack(sampleFiles())
  const { files } = await uploadOf(sampleFiles())
  assert.deepEqual(Object.keys(assets).toSorted(), ['cog', 'empty', 'figure', 'item', 'request'])
  assert.deepEqual(assets['item'], {
    file: 'item.json',
    cid: files.get('item.json')?.cid.toString(),
    type: 'application/geo+json',
    size: 15,
  })
  const { file, type, size } = assets['cog'] ?? {}
  assert.deepEqual(
    [file, type, size],
    ['ndvi.tif', 'image/tiff; application=geotiff; profile=cloud-optimized', 2_098_152],
  )
})

test('what was packed is unpacked from its blocks', async () => {
  const given = sampleFiles()
  const { files } = await uploadOf(given)
  assert.deepEqual([...files.keys()].toSorted(), [...given.keys()].toSorted())
  for (const [name, { bytes, cid }] of files) {
    const content = given.get(name)
    assert.ok(content !== undefined)
    // Compared by hash: megabytes that differ take minutes to print.
    assert.equal(sha256(bytes), sha256(await readContent(content, signal)), name)
    assert.equal((await fileCid(content.pieces(signal))).toString(), cid.toString())
  }
})

test('no CAR is built when a block is missing or damaged', async () => {
  const { root, store } = await pack(sampleFiles())
  const { blocks } = await importDirectory(await contentsOf(sampleFiles()), 'unixfs-v1-2025')
  for (const { cid: lost } of blocks) {
    const get = async (cid: Cid) => (cid.equals(lost) ? null : store.get(cid, signal))
    assert.equal(await buildDirectoryCar(root, get, mediaTypeOf), null)
    const damage = async (cid: Cid) => {
      const block = await store.get(cid, signal)
      return block && cid.equals(lost) ? new Uint8Array([...block, 0]) : block
    }
    assert.equal(await buildDirectoryCar(root, damage, mediaTypeOf), null)
  }
})

test('no CAR is built of what is not a directory of files', async () => {
  const { store } = await pack(sampleFiles())
  const { files } = await uploadOf(sampleFiles())
  const figure = files.get('figure.png')?.cid
  assert.ok(figure !== undefined)
  await assert.rejects(
    buildDirectoryCar(figure, (cid) => store.get(cid, signal), mediaTypeOf),
    { code: 'content_unusable' },
  )
})

test('a name must be a plain file name', async () => {
  for (const name of ['', '.', '..', '.hidden', 'a/b', 'a b', 'ä.png', '~tmp']) {
    await assert.rejects(pack(new Map([[name, textFile('x')]])), TypeError)
  }
})

async function contentsOf(files: ReadonlyMap<string, FileContent>) {
  const read = [...files].map(
    async ([name, file]) => [name, await readContent(file, signal)] as const,
  )
  return new Map(await Promise.all(read))
}
