// Reading parts of a file by its CID: exactly the asked bytes, from exactly the blocks that hold them.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decode, encode } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { systemClock } from '../../../lib/async/clock.ts'
import { type Blocks, createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile } from '../../../lib/ipfs/file.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { type Cid, DAG_PB, parseCid, RAW } from '../../../lib/ipld/cid.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { importDirectory } from '../../harness/import-dag.ts'

const signal = new AbortController().signal

/** Blocks over memory that remember what was fetched; nothing is cached. */
function recording(memory: MemoryBlocks): { blocks: Blocks; fetched: string[] } {
  const fetched: string[] = []
  const source = {
    name: 'memory',
    async get(cid: Cid) {
      fetched.push(cid.toString())
      return memory.get(cid)
    },
  }
  const network = new BlockRace([], systemClock)
  return { blocks: createBlocks({ own: [source], network, cacheBytes: 0 }), fetched }
}

async function open(memory: MemoryBlocks, cid: Cid) {
  const { blocks, fetched } = recording(memory)
  const reading = new ReadSession()
  return { file: await openFile(cid, blocks, reading, signal), fetched, reading }
}

const isRefused = (code: string, words: RegExp) => ({ code, message: words })

describe('a file of two levels (CIDv0, 256 KiB dag-pb leaves, 174 wide)', async () => {
  const bytes = noise(50_000_000)
  const memory = new MemoryBlocks()
  const cid = await memory.add(bytes, 'unixfs-v0-2015')

  it('gives any range as the whole file has it', async () => {
    const { file } = await open(memory, cid)
    assert.equal(file.size, bytes.length)
    let state = 7
    const random = (below: number) => {
      state = (Math.imul(state, 48271) >>> 0) % 2147483647
      return state % below
    }
    const ranges = Array.from({ length: 60 }, () => {
      const offset = random(bytes.length)
      return { offset, length: random(Math.min(600_000, bytes.length - offset)) }
    })
    const parts = await file.readAll(ranges, signal)
    ranges.forEach(({ offset, length }, at) => {
      assert.ok(
        Buffer.from(parts[at] ?? []).equals(bytes.subarray(offset, offset + length)),
        `range ${at}`,
      )
    })
  })

  it('fetches the blocks on the way and no other, each once', async () => {
    const { file, fetched, reading } = await open(memory, cid)
    await file.readAll(
      [
        { offset: 10, length: 100 },
        { offset: 200, length: 262_144 },
        { offset: 49_999_000, length: 1000 },
      ],
      signal,
    )
    // The root, its first and last inner node, two leaves at the front and one at the end.
    assert.equal(fetched.length, 6)
    assert.equal(new Set(fetched).size, 6)
    assert.equal(reading.ledger.totals.blocks, 6)
    assert.deepEqual(reading.ledger.totals.sources, { memory: 6 })
  })

  it('ends a range on a block boundary without the next block', async () => {
    const { file, fetched } = await open(memory, cid)
    await file.readAll([{ offset: 0, length: 262_144 }], signal)
    assert.equal(fetched.length, 3)
  })

  it('is open before an inner node has come that its front does not need', async () => {
    const last = decode(memory.get(cid) ?? new Uint8Array()).Links.at(-1)?.Hash
    const released = Promise.withResolvers<void>()
    const source = {
      name: 'memory',
      async get(asked: Cid) {
        if (last !== undefined && asked.equals(last)) await released.promise
        return memory.get(asked)
      },
    }
    const network = new BlockRace([], systemClock)
    const blocks = createBlocks({ own: [source], network, cacheBytes: 0 })
    const front = () => 1000
    const file = await openFile(cid, blocks, new ReadSession(), signal, { front })
    const end = { offset: bytes.length - 9, length: 9 }
    const read = file.readAll([end], signal)
    released.resolve()
    assert.deepEqual(await read, [bytes.subarray(-9)])
    await file.atRest
  })

  it('refuses a range beyond its end in words', async () => {
    const { file } = await open(memory, cid)
    const read = file.readAll([{ offset: bytes.length - 5, length: 6 }], signal)
    await assert.rejects(read, isRefused('raster_unusable', /cut short/))
  })

  it('refuses a missing block by its CID', async () => {
    const { file, fetched } = await open(memory, cid)
    await file.readAll([{ offset: 0, length: 1 }], signal)
    const leaf = parseCid(fetched.at(-1) ?? '')
    const holed = new MemoryBlocks()
    for (const [key, block] of memory.map) holed.map.set(key, block)
    holed.map.delete([...memory.map].find(([, block]) => block === memory.get(leaf))?.[0] ?? '')
    const again = await open(holed, cid)
    const read = again.file.readAll([{ offset: 0, length: 1 }], signal)
    await assert.rejects(read, isRefused('content_unavailable', new RegExp(leaf.toString())))
  })
})

describe('other shapes of files', () => {
  it('raw 1 MiB leaves under a CIDv1', async () => {
    const bytes = noise(2_500_000, 3)
    const memory = new MemoryBlocks()
    const { file, fetched } = await open(memory, await memory.add(bytes, 'unixfs-v1-2025'))
    const [part] = await file.readAll([{ offset: 1_048_570, length: 12 }], signal)
    assert.deepEqual([...(part ?? [])], [...bytes.subarray(1_048_570, 1_048_582)])
    assert.equal(fetched.length, 3)
  })

  it('one block, empty, and carried in its own CID', async () => {
    const memory = new MemoryBlocks()
    for (const bytes of [noise(1000), new Uint8Array(0)]) {
      const { file } = await open(memory, await memory.add(bytes, 'unixfs-v1-2025'))
      const [whole] = await file.readAll([{ offset: 0, length: bytes.length }], signal)
      assert.deepEqual(whole, bytes)
    }
    const { file, fetched } = await open(memory, parseCid('bafkqabtimvwgy3yk'))
    const [hello] = await file.readAll([{ offset: 0, length: file.size }], signal)
    assert.equal(Buffer.from(hello ?? []).toString(), 'hello\n')
    assert.deepEqual(fetched, [])
  })

  it('duplicate leaves are fetched once', async () => {
    const memory = new MemoryBlocks()
    const { file, fetched } = await open(memory, await memory.add(new Uint8Array(3_000_000)))
    const [whole] = await file.readAll([{ offset: 0, length: 3_000_000 }], signal)
    assert.equal(whole?.length, 3_000_000)
    // The root, eleven equal leaves, and the shorter last one.
    assert.equal(fetched.length, 3)
  })

  it('a node whose Data comes before its Links', async () => {
    const memory = new MemoryBlocks()
    const leaf = noise(100)
    const leafCid = cidOfBlock(RAW, leaf)
    memory.put(leafCid, leaf)
    const data = new UnixFS({ type: 'file', blockSizes: [100n] }).marshal()
    const node = { Data: data, Links: [{ Name: '', Tsize: 100, Hash: leafCid }] }
    const block = Uint8Array.from(encode(node, { fieldOrder: 'data-first' }))
    const cid = cidOfBlock(DAG_PB, block)
    memory.put(cid, block)
    const { file } = await open(memory, cid)
    const [part] = await file.readAll([{ offset: 90, length: 10 }], signal)
    assert.deepEqual(part, leaf.slice(90))
  })

  it('bytes in the node itself come before those of its children', async () => {
    const memory = new MemoryBlocks()
    const leaf = noise(10)
    const leafCid = cidOfBlock(RAW, leaf)
    memory.put(leafCid, leaf)
    const inline = Uint8Array.of(1, 2, 3)
    const cid = addNode(memory, new UnixFS({ type: 'file', data: inline, blockSizes: [10n] }), [
      leafCid,
    ])
    const { file } = await open(memory, cid)
    const [whole] = await file.readAll([{ offset: 0, length: 13 }], signal)
    assert.deepEqual(whole, Uint8Array.of(...inline, ...leaf))
  })
})

function addNode(memory: MemoryBlocks, unixfs: UnixFS, links: readonly Cid[]): Cid {
  const Links = links.map((Hash) => ({ Name: '', Tsize: 0, Hash }))
  const block = Uint8Array.from(encode({ Data: unixfs.marshal(), Links }))
  const cid = cidOfBlock(DAG_PB, block)
  memory.put(cid, block)
  return cid
}

describe('what is no file is refused by name', () => {
  it('a directory', async () => {
    const { root, blocks } = await importDirectory(
      new Map([['a.tif', noise(10)]]),
      'unixfs-v1-2025',
    )
    const memory = new MemoryBlocks()
    for (const block of blocks) memory.put(block.cid, block.bytes)
    await assert.rejects(
      open(memory, root),
      isRefused('content_unusable', /is a directory: name a file in it/),
    )
  })

  it('a symlink', async () => {
    const memory = new MemoryBlocks()
    const target = new TextEncoder().encode('/etc/passwd')
    const cid = addNode(memory, new UnixFS({ type: 'symlink', data: target }), [])
    await assert.rejects(
      open(memory, cid),
      isRefused('content_unusable', /UnixFS symlink, not a file/),
    )
  })

  it('another codec (dag-cbor)', async () => {
    const memory = new MemoryBlocks()
    const block = Uint8Array.of(0xa0)
    const cid = cidOfBlock(0x71, block)
    memory.put(cid, block)
    await assert.rejects(open(memory, cid), isRefused('content_unusable', /codec 0x71/))
  })

  it('dag-pb that is not UnixFS', async () => {
    const memory = new MemoryBlocks()
    const block = Uint8Array.from(encode({ Links: [] }))
    const cid = cidOfBlock(DAG_PB, block)
    memory.put(cid, block)
    await assert.rejects(open(memory, cid), isRefused('content_unusable', /dag-pb but not UnixFS/))
  })

  it('a child of another size than its parent claims', async () => {
    const memory = new MemoryBlocks()
    const leaf = noise(10)
    const leafCid = cidOfBlock(RAW, leaf)
    memory.put(leafCid, leaf)
    const cid = addNode(memory, new UnixFS({ type: 'file', blockSizes: [12n] }), [leafCid])
    const { file } = await open(memory, cid)
    const read = file.readAll([{ offset: 0, length: 12 }], signal)
    await assert.rejects(
      read,
      isRefused('content_unusable', /holds 10 bytes where its parent .* claims 12/),
    )
  })

  it('more links than block sizes', async () => {
    const memory = new MemoryBlocks()
    const leaf = cidOfBlock(RAW, noise(10))
    const cid = addNode(memory, new UnixFS({ type: 'file', blockSizes: [10n] }), [leaf, leaf])
    await assert.rejects(
      open(memory, cid),
      isRefused('content_unusable', /2 links but 1 block sizes/),
    )
  })

  it('a chain of nodes without end', async () => {
    const memory = new MemoryBlocks()
    let cid = cidOfBlock(RAW, Uint8Array.of(1))
    memory.put(cid, Uint8Array.of(1))
    for (let i = 0; i < 40; i++)
      cid = addNode(memory, new UnixFS({ type: 'file', blockSizes: [1n] }), [cid])
    const { file } = await open(memory, cid)
    const read = file.readAll([{ offset: 0, length: 1 }], signal)
    await assert.rejects(read, isRefused('content_unusable', /more than 16 levels/))
  })
})
