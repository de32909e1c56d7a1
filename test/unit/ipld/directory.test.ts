// Directories by name and whole: sharded ones beside the importer of the field, and shards that lie.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Cid, parseCid } from '../../../lib/ipld/cid.ts'
import { findEntry, type GetBlock, walkDirectory } from '../../../lib/ipld/directory.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { plantRaw } from '../../harness/dags.ts'
import { importDirectory } from '../../harness/import-dag.ts'
import { plantShard, plantSharded, type ShardShape } from '../../harness/sharded.ts'

const memory = new MemoryBlocks()
const text = (value: string) => new TextEncoder().encode(value)
const names = Array.from({ length: 1_200 }, (_, index) => `${index}-ż ${index * 7919}.tif`)
const files = new Map(names.map((name) => [name, text(name)]))
const root = await plantSharded(memory, files)

function reader(asked: Cid[] = []): GetBlock {
  return async (cid) => {
    asked.push(cid)
    const bytes = memory.get(cid)
    const block = bytes && verifyBlock(cid, bytes)
    assert.ok(block !== null, `${cid.toString()} is not there`)
    return block
  }
}

const bytesOf = (cid: Cid | null) =>
  Buffer.from(cid && memory.get(cid) ? (memory.get(cid) ?? []) : [])

async function collect(directory: Cid) {
  const nodes = []
  for await (const node of walkDirectory(directory, reader())) nodes.push(node)
  return nodes
}

describe('a sharded directory', () => {
  it('is found through by every name, reading what is on the way and no more', async () => {
    let deepest = 0
    for (const name of names) {
      const asked: Cid[] = []
      const { cid, nodes } = await findEntry(root, name, reader(asked))
      assert.equal(bytesOf(cid).toString(), name)
      assert.deepEqual(
        nodes.map((node) => node.cid.toString()),
        asked.map(String),
      )
      deepest = Math.max(deepest, nodes.length)
    }
    assert.ok(deepest >= 3, 'some names share 16 bits of their hash or more')
  })

  it('proves that it has no such entry', async () => {
    for (const name of ['', 'x', '00', names[0]?.slice(1) ?? '', `${names[1]}x`]) {
      const { cid, nodes } = await findEntry(root, name, reader())
      assert.equal(cid, null, name)
      assert.ok(nodes.length > 0)
    }
  })

  it('is listed whole, each block once', async () => {
    const nodes = await collect(root)
    const listed = nodes.flatMap(({ entries }) => entries.map(({ name }) => name))
    assert.deepEqual(listed.toSorted(), names.toSorted())
    assert.equal(new Set(nodes.map(({ cid }) => cid.toString())).size, nodes.length)
    assert.ok(nodes.length > 100)
  })
})

describe('a plain directory', async () => {
  const { root: plain, blocks } = await importDirectory(
    new Map([
      ['a.txt', text('a')],
      ['b.txt', text('b')],
    ]),
    'unixfs-v1-2025',
  )
  for (const { cid, bytes } of blocks) memory.put(cid, bytes)

  it('is found through and listed in one block', async () => {
    assert.equal(bytesOf((await findEntry(plain, 'b.txt', reader())).cid).toString(), 'b')
    const { cid, nodes } = await findEntry(plain, 'c.txt', reader())
    assert.deepEqual([cid, nodes.length], [null, 1])
    const [node, ...others] = await collect(plain)
    assert.deepEqual(
      [node?.entries.map(({ name }) => name), others.length],
      [['a.txt', 'b.txt'], 0],
    )
  })

  it('is not a file', async () => {
    const file = (await findEntry(plain, 'a.txt', reader())).cid
    assert.ok(file !== null)
    await assert.rejects(findEntry(file, 'x', reader()), {
      code: 'content_unusable',
      message: `${file.toString()} is not a directory.`,
    })
  })
})

describe('a shard that lies is refused', () => {
  const red = plantRaw(memory, text('red')).cid
  const nir = plantRaw(memory, text('nir')).cid
  const bits = (...slots: readonly number[]) => {
    const field = new Uint8Array(32)
    for (const slot of slots) {
      const at = 31 - (slot >> 3)
      field[at] = (field[at] ?? 0) | (1 << (slot & 7))
    }
    return field
  }
  // 0x11 is the slot of "red.tif" in a fanout of 256.
  const sound: ShardShape = { bitfield: bits(0x11), links: [['11red.tif', red]] }

  it('unless it is sound, with leading zeros of the bitfield or without', async () => {
    for (const bitfield of [bits(0x11), bits(0x11).slice(29)]) {
      const cid = plantShard(memory, { ...sound, bitfield })
      assert.deepEqual((await findEntry(cid, 'red.tif', reader())).cid?.toString(), red.toString())
    }
  })

  it('an entry in another slot than its hash names is not found', async () => {
    const both: ShardShape = {
      bitfield: bits(0x00, 0x11),
      links: [
        ['00red.tif', red],
        ['11red.tif', nir],
      ],
    }
    const cid = plantShard(memory, both)
    assert.equal(cid.toString(), plantShard(memory, both).toString())
    assert.equal((await findEntry(cid, 'red.tif', reader())).cid?.toString(), nir.toString())
    const wrong = plantShard(memory, { bitfield: bits(0x00), links: [['00red.tif', red]] })
    assert.equal((await findEntry(wrong, 'red.tif', reader())).cid, null)
  })

  const rows: readonly (readonly [string, ShardShape])[] = [
    ['a fanout of 1', { ...sound, fanout: 1n }],
    ['a fanout of 4', { ...sound, fanout: 4n }],
    ['a fanout of 100', { ...sound, fanout: 100n }],
    ['a fanout of 2^31', { ...sound, fanout: 2n ** 31n }],
    ['another hash', { ...sound, hashType: 0x12n }],
    ['a bitfield of 100 kB', { ...sound, bitfield: new Uint8Array(100_000) }],
    ['an empty bitfield', { ...sound, bitfield: new Uint8Array(0) }],
    ['a slot without a link', { ...sound, bitfield: bits(0x11, 0x12) }],
    ['a link in a slot that is not set', { ...sound, bitfield: bits(0x12) }],
    ['a link twice', { bitfield: bits(0x11), links: [...sound.links, ...sound.links] }],
    ['a prefix in small letters', { bitfield: bits(0xab), links: [['abred.tif', red]] }],
    ['a link without a name', { bitfield: bits(0x11), links: [['', red]] }],
  ]
  for (const [name, shape] of rows) {
    it(name, async () => {
      const cid = plantShard(memory, shape)
      const started = performance.now()
      await assert.rejects(findEntry(cid, 'red.tif', reader()), { code: 'content_unusable' })
      await assert.rejects(collect(cid), { code: 'content_unusable' })
      assert.ok(performance.now() - started < 1_000)
    })
  }

  it('a chain of shards longer than the hash', async () => {
    let cid = plantShard(memory, sound)
    for (let level = 0; level < 9; level++) {
      cid = plantShard(memory, { bitfield: bits(0x11), links: [['11', cid]] })
    }
    await assert.rejects(collect(cid), { code: 'content_unusable', message: /lies deeper/ })
  })

  it('a shard whose child is a file', async () => {
    const cid = plantShard(memory, { bitfield: bits(0x11), links: [['11', red]] })
    await assert.rejects(findEntry(cid, 'red.tif', reader()), { code: 'content_unusable' })
  })

  it('a shard whose child is one by its bytes, and raw by its CID', async () => {
    const child = plantShard(memory, sound)
    const raw = plantRaw(memory, memory.get(child) ?? new Uint8Array(0)).cid
    const cid = plantShard(memory, { bitfield: bits(0x11), links: [['11', raw]] })
    const refused = { code: 'content_unusable', message: /has codec 0x55/ }
    await assert.rejects(collect(cid), refused)
    await assert.rejects(findEntry(cid, 'red.tif', reader()), refused)
  })

  it('a directory that an identity CID carries, at the root or below', async () => {
    const inline = parseCid('bafyaagisbqfaiakvaaabearqmemaacqjbacreap7fardaai')
    const asked: Cid[] = []
    const refused = { code: 'content_unusable', message: /carries its content itself/ }
    const get: GetBlock = async (cid) => {
      asked.push(cid)
      return reader()(cid)
    }
    await assert.rejects(
      findEntry(inline, 'x', async () => reader()(root)),
      refused,
    )
    const above = plantShard(memory, { bitfield: bits(0x11), links: [['11', inline]] })
    await assert.rejects(findEntry(above, 'red.tif', get), refused)
    await assert.rejects(collect(above), refused)
    assert.deepEqual(asked.map(String), [above.toString()])
  })
})
