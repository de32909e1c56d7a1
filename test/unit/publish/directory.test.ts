// Packing: the same files give the same root and the same CAR, byte for byte, and unpacking gives them back.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { type Cid, matchesCid } from '../../../lib/cid/cid.ts'
import { decodeCar } from '../../../lib/ipfs/car.ts'
import { packDirectory, unpackDirectory } from '../../../lib/publish/directory.ts'
import { sampleFiles } from './sample-files.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/**
 * Of `sampleFiles()`. The root is also what @ipld/unixfs, another implementation, gives. When these
 * change, so do the names of everybody's results.
 */
const ROOT = 'bafybeihmv2bmne6ho64gohteybk6cmwijlbtwnx7zglw2d7bkdk67mlnpi'
const CAR_SHA256 = 'b2edf23091aeafb3f9efadc7d08a8127a2bbf64ee2b69856113edb498ff20e06'

test('equal files have an equal root and an equal CAR, whatever their order', async () => {
  const files = sampleFiles()
  const packed = await packDirectory(files)
  assert.equal(packed.root.toString(), ROOT)
  assert.equal(sha256(packed.car), CAR_SHA256)
  const reversed = await packDirectory(new Map([...files].toReversed()))
  assert.equal(reversed.root.toString(), ROOT)
  assert.deepEqual(reversed.car, packed.car)
  assert.deepEqual([...reversed.files.keys()], [...packed.files.keys()])
})

test('the CAR holds the blocks in depth-first order, each once', async () => {
  const { root, car, blocks } = await packDirectory(sampleFiles())
  const decoded = await decodeCar(car)
  assert.deepEqual(decoded.roots.map(String), [root.toString()])
  assert.deepEqual(
    decoded.blocks.map(({ cid }) => cid.toString()),
    blocks.map(({ cid }) => cid.toString()),
  )
  assert.equal(blocks[0]?.cid.toString(), root.toString())
  // The two equal megabytes of ndvi.tif are one block, as are the two equal files.
  assert.equal(new Set(blocks.map(({ cid }) => cid.toString())).size, blocks.length)
  assert.equal(blocks.length, 7)
})

test('witnesses are the root and the first leaf of each file, where the CAR has them', async () => {
  const { root, car, files, witnesses } = await packDirectory(sampleFiles())
  const found = witnesses.map(({ cid, offset, length }) => {
    assert.ok(matchesCid(cid, car.subarray(offset, offset + length)))
    return cid.toString()
  })
  const raw = [...files.values()].filter(
    ({ bytes }) => bytes.length > 0 && bytes.length < 1_000_000,
  )
  const expected = new Set([root.toString(), ...raw.map(({ cid }) => cid.toString())])
  for (const cid of expected) assert.ok(found.includes(cid), cid)
  assert.equal(found.length, expected.size + 1, 'and one leaf of the file that has several')
  assert.ok(witnesses.every(({ length }) => length > 0))
  assert.ok(witnesses.some(({ length }) => length === 1024 * 1024))
})

test('the assets say what each file is', async () => {
  const { assets, files } = await packDirectory(sampleFiles())
  assert.deepEqual(Object.keys(assets).toSorted(), ['empty', 'figure', 'item', 'ndvi', 'request'])
  assert.deepEqual(assets['item'], {
    file: 'item.json',
    cid: files.get('item.json')?.cid.toString(),
    type: 'application/geo+json',
    size: 15,
  })
})

test('what was packed is unpacked from its blocks', async () => {
  const packed = await packDirectory(sampleFiles())
  const again = await unpackDirectory(packed.root, storeOf(packed.blocks))
  assert.ok(again !== null)
  // Compared by hash first: megabytes that differ take minutes to print.
  for (const [name, { bytes }] of packed.files) {
    assert.equal(sha256(again.files.get(name)?.bytes ?? bytes.subarray(1)), sha256(bytes), name)
  }
  assert.equal(sha256(again.car), sha256(packed.car))
  assert.deepEqual(again, packed)
})

test('nothing is unpacked when a block is missing or damaged', async () => {
  const packed = await packDirectory(sampleFiles())
  for (const lost of packed.blocks) {
    const others = packed.blocks.filter((block) => block !== lost)
    assert.equal(await unpackDirectory(packed.root, storeOf(others)), null)
    const damaged = { cid: lost.cid, bytes: new Uint8Array([...lost.bytes, 0]) }
    assert.equal(await unpackDirectory(packed.root, storeOf([...others, damaged])), null)
  }
})

test('what is no directory of files is not unpacked', async () => {
  const { files, blocks } = await packDirectory(sampleFiles())
  const figure = files.get('figure.png')?.cid
  assert.ok(figure !== undefined)
  await assert.rejects(unpackDirectory(figure, storeOf(blocks)), { code: 'content_unusable' })
})

test('a name must be a plain file name', async () => {
  for (const name of ['', '.', '..', '.hidden', 'a/b', 'a b', 'ä.png', '~tmp']) {
    const file = { bytes: new Uint8Array(1), type: 'image/png' }
    await assert.rejects(packDirectory(new Map([[name, file]])), TypeError)
  }
})

function storeOf(
  blocks: readonly { readonly cid: Cid; readonly bytes: Uint8Array<ArrayBuffer> }[],
) {
  const byCid = new Map(blocks.map(({ cid, bytes }) => [cid.toString(), bytes]))
  return async (cid: Cid) => byCid.get(cid.toString()) ?? null
}
