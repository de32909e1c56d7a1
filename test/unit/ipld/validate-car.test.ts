// Every kind of damage to a CAR is refused, by the name of the block that is wrong.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWriter } from '@ipld/car/buffer-writer'
import { encode } from '@ipld/dag-pb'
import { decodeCar, encodeCar } from '../../../lib/ipld/car.ts'
import { type Cid, DAG_PB, matchesCid, parseCid, RAW } from '../../../lib/ipld/cid.ts'
import type { DagBlock } from '../../../lib/ipld/dag-block.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { importDirectory } from '../../harness/import-dag.ts'
import { validateCar } from '../../harness/validate-car.ts'
import { sampleFiles, uploadOf } from '../publish/sample-files.ts'

const { root, bytes: car, sampleBlocks } = await uploadOf(sampleFiles())
const blocks = (await decodeCar(car)).blocks.map(({ cid, bytes }) => ({
  cid,
  bytes: verifyBlock(cid, bytes)!,
}))
const [rootBlock, firstLeaf] = blocks
assert.ok(rootBlock !== undefined && firstLeaf !== undefined)
const stray = blockOf(RAW, new TextEncoder().encode('nobody asked for me'))

function blockOf(codec: number, bytes: Uint8Array<ArrayBuffer>): DagBlock {
  const cid = cidOfBlock(codec, bytes)
  const verified = verifyBlock(cid, bytes)
  assert.ok(verified !== null)
  return { cid, bytes: verified }
}

/** A CAR with any roots and any blocks, right or wrong. */
function forge(roots: Cid[], contents: readonly { cid: Cid; bytes: Uint8Array }[]) {
  const writer = createWriter(new ArrayBuffer(car.length + 1000), { roots })
  for (const block of contents) writer.write(block)
  return new Uint8Array(writer.close())
}

async function refused(damaged: Uint8Array<ArrayBuffer>, words: RegExp, asked = root) {
  await assert.rejects(validateCar(damaged, asked), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'car_invalid')
    assert.match(error.message, words)
    return true
  })
}

test('a sound CAR passes, in whatever order its blocks are', async () => {
  await validateCar(car, root)
  const { bytes } = await encodeCar(root, blocks.toReversed())
  await validateCar(bytes, root)
})

test('CIDv0 and files of several levels pass too', async () => {
  const file = new Uint8Array(300_000).map((_, index) => index % 253)
  const dag = await importDirectory(new Map([['a.bin', file]]), 'unixfs-v0-2015')
  const { bytes, places } = await encodeCar(dag.root, dag.blocks)
  await validateCar(bytes, dag.root)
  for (const { cid, offset, length } of places) {
    assert.ok(matchesCid(cid, bytes.subarray(offset, offset + length)), cid.toString())
  }
  assert.equal(places.length, 4)
})

test('bytes that are no CAR', async () => {
  await refused(new Uint8Array(0), /cannot be read/)
  await refused(new TextEncoder().encode('<html>Welcome</html>'), /cannot be read/)
})

test('a CAR of version 2', async () => {
  const pragma = [0x0a, 0xa1, 0x67, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x02]
  const header = Buffer.alloc(40)
  header.writeBigUInt64LE(51n, 16)
  header.writeBigUInt64LE(BigInt(car.length), 24)
  await refused(new Uint8Array([...pragma, ...header, ...car]), /its version is 2/)
})

test('another root, two roots, none', async () => {
  await refused(car, /has the root .* instead of/, firstLeaf.cid)
  await refused(forge([root, firstLeaf.cid], blocks), /has 2 roots instead of one/)
  await refused(forge([], blocks), /has 0 roots/)
})

test('a CAR that was cut anywhere', async () => {
  const last = blocks.at(-1)
  assert.ok(last !== undefined)
  for (const length of [20, 58, 70, 200, car.length - last.bytes.length, car.length - 1]) {
    await refused(car.slice(0, length), /cannot be read|lacks block/)
  }
  await refused(
    car.slice(0, car.length - 1),
    new RegExp(`ends inside block ${last.cid.toString()}`),
  )
})

test('bytes after the last block', async () => {
  await refused(new Uint8Array([...car, 0]), /cannot be read/)
  await refused(new Uint8Array([...car, 5, 1, 2, 3]), /cannot be read/)
})

test('a section that is shorter than the CID it begins with', async () => {
  const { bytes } = await encodeCar(root, [rootBlock])
  const head = bytes.slice(0, bytes.length - rootBlock.bytes.length - 36)
  // The last byte of the section's length: the header of this CAR has one of 59 bytes.
  const forged = new Uint8Array([...head.slice(0, 59), 3, ...root.bytes])
  await refused(forged, /shorter than its CID/)
})

test('one flipped bit in any block', async () => {
  for (const { cid, offset, length } of sampleBlocks) {
    const damaged = car.slice()
    const at = offset + length - 1
    damaged[at] = (damaged[at] ?? 0) ^ 1
    await refused(damaged, new RegExp(`${cid.toString()} that do not hash`))
  }
})

test('any block that is missing', async () => {
  for (const lost of blocks) {
    const rest = blocks.filter((block) => block !== lost)
    await refused(forge([root], rest), new RegExp(`lacks block ${lost.cid.toString()}`))
  }
})

test('a block that comes twice', async () => {
  const twice = forge([root], [...blocks, firstLeaf])
  await refused(twice, new RegExp(`${firstLeaf.cid.toString()} twice`))
})

test('a block to which nothing leads', async () => {
  const more = forge([root], [...blocks, stray])
  await refused(more, new RegExp(`${stray.cid.toString()}, to which nothing leads`))
})

test('a block under another’s name', async () => {
  const swapped = blocks.map(({ cid, bytes }) =>
    cid === firstLeaf.cid ? { cid, bytes: stray.bytes } : { cid, bytes },
  )
  await refused(forge([root], swapped), new RegExp(`${firstLeaf.cid.toString()} that do not hash`))
})

test('a node that is none', async () => {
  const broken = blockOf(DAG_PB, new TextEncoder().encode('no protobuf'))
  const { bytes } = await encodeCar(broken.cid, [broken])
  await refused(bytes, /cannot be decoded/, broken.cid)
})

test('a link that carries its own content needs no block', async () => {
  const inline = parseCid('bafkqabtimvwgy3yk')
  const node = encode({
    Data: new Uint8Array([8, 1]),
    Links: [{ Name: 'a', Tsize: 6, Hash: inline }],
  })
  const parent = blockOf(DAG_PB, new Uint8Array(node))
  const { bytes } = await encodeCar(parent.cid, [parent])
  await validateCar(bytes, parent.cid)
})
