// Every shape of DAG that a file can have: the right bytes of any range, as the reference reader has them.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exporter } from 'ipfs-unixfs-exporter'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { trickle } from 'ipfs-unixfs-importer/layout'
import { systemClock } from '../../../lib/async/clock.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile, type VerifiedFile } from '../../../lib/ipfs/file.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { type Cid, inlineContent } from '../../../lib/ipld/cid.ts'
import { leafEncodings } from '../../../lib/ipld/leaf-encoding.ts'
import type { ByteRange } from '../../../lib/model/bytes.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import {
  cut,
  dice,
  inlineLeaf,
  type Planted,
  plantAnything,
  plantBalanced,
  plantDatedLeaf,
  plantLeaf,
  plantNode,
  plantRaw,
  plantTrickle,
  recorded,
} from '../../harness/dags.ts'

const signal = new AbortController().signal

/** Without any cache, so that every read is a walk of its own. */
async function open(memory: MemoryBlocks, cid: Cid, front = 0) {
  const source = recorded(memory)
  const network = new BlockRace([], systemClock)
  const blocks = createBlocks({ own: [source], network, cacheBytes: 0 })
  const file = await openFile(cid, blocks, new ReadSession(), signal, { front: () => front })
  return { file, asked: source.asked }
}

/** What the IPFS project's own reader makes of a range. */
async function reference(memory: MemoryBlocks, cid: Cid, range: ByteRange): Promise<Uint8Array> {
  const blockstore = {
    async *get(name: Cid) {
      const block = inlineContent(name) ?? memory.get(name)
      assert.ok(block)
      yield block
    },
  }
  const entry = await exporter(cid.toString(), blockstore)
  assert.ok(entry.type === 'file' || entry.type === 'raw')
  const parts: Uint8Array[] = []
  for await (const part of entry.content(range)) parts.push(part)
  return Buffer.concat(parts)
}

function someRanges(size: number, count: number, roll: (below: number) => number): ByteRange[] {
  const random = Array.from({ length: count }, () => {
    const offset = roll(size + 1)
    return { offset, length: roll(size - offset + 1) }
  })
  return [{ offset: 0, length: size }, { offset: size, length: 0 }, ...random]
}

async function isRead(file: VerifiedFile, bytes: Uint8Array, ranges: readonly ByteRange[]) {
  assert.equal(file.size, bytes.length)
  const parts = await file.readAll(ranges, signal)
  for (const [at, { offset, length }] of ranges.entries()) {
    const expected = bytes.subarray(offset, offset + length)
    assert.ok(Buffer.from(parts[at] ?? [1]).equals(expected), `${length} bytes from ${offset}`)
  }
}

type Build = (memory: MemoryBlocks, bytes: Uint8Array) => Planted | Promise<Planted>

const pieces = (bytes: Uint8Array, size: number) => cut(bytes, () => size)

/** As `ipfs add --trickle` writes it, by the importer's own layout. */
async function importTrickle(memory: MemoryBlocks, bytes: Uint8Array): Promise<Planted> {
  const blockstore = {
    put(cid: Cid, block: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
      assert.ok(block instanceof Uint8Array)
      memory.put(cid, Uint8Array.from(block))
      return cid
    },
  }
  const options = {
    profile: 'unixfs-v0-2015',
    layout: trickle({ layerRepeat: 3, maxChildrenPerNode: 4 }),
    chunker: fixedSize({ chunkSize: 500 }),
  } as const
  for await (const { cid } of importer([{ content: bytes }], blockstore, options))
    return { cid, size: bytes.length, tsize: 0 }
  throw new RangeError('the importer gave no root')
}

const shapes: readonly (readonly [name: string, build: Build])[] = [
  [
    'two links wide and ten levels deep',
    (memory, bytes) =>
      plantBalanced(
        memory,
        pieces(bytes, 25).map((piece) => plantLeaf(memory, piece)),
        2,
      ),
  ],
  [
    '1,024 links wide',
    (memory, bytes) =>
      plantBalanced(
        memory,
        pieces(bytes, 10).map((piece) => plantRaw(memory, piece)),
        1024,
      ),
  ],
  [
    'a trickle of three links',
    (memory, bytes) =>
      plantTrickle(
        memory,
        pieces(bytes, 100).map((piece) => plantLeaf(memory, piece)),
        3,
      ),
  ],
  ['a trickle as the importer makes it', importTrickle],
  [
    'leaves of every size and encoding, raw ones among them',
    (memory, bytes) => {
      const roll = dice(5)
      const leaves = cut(bytes, () => roll(700)).map((piece, at) => {
        const encoding = leafEncodings[at % (leafEncodings.length + 1)]
        return encoding === undefined ? plantRaw(memory, piece) : plantLeaf(memory, piece, encoding)
      })
      return plantBalanced(memory, leaves, 5)
    },
  ],
  [
    'leaves inside their CIDs',
    (memory, bytes) => plantBalanced(memory, pieces(bytes, 90).map(inlineLeaf), 50),
  ],
  [
    'leaves with mode and mtime',
    (memory, bytes) =>
      plantBalanced(
        memory,
        pieces(bytes, 800).map((piece) => plantDatedLeaf(memory, piece)),
        8,
      ),
  ],
  [
    'one leaf right under the root',
    (memory, bytes) => plantNode(memory, [plantLeaf(memory, bytes)]),
  ],
  ['one leaf and nothing else', plantLeaf],
  [
    'empty leaves between the others',
    (memory, bytes) => {
      const empty = [plantRaw(memory, new Uint8Array(0)), plantLeaf(memory, new Uint8Array(0))]
      const leaves = pieces(bytes, 1000).flatMap((piece) => [...empty, plantRaw(memory, piece)])
      return plantBalanced(memory, [...leaves, ...empty], 7)
    },
  ],
  [
    'Data before Links in every node',
    (memory, bytes) => {
      const leaves = pieces(bytes, 900).map((piece) => plantLeaf(memory, piece))
      const nodes = [leaves.slice(0, 9), leaves.slice(9)].map((some) =>
        plantNode(memory, some, { dataFirst: true }),
      )
      return plantNode(memory, nodes, { dataFirst: true })
    },
  ],
  [
    'links that do not tell the sizes of blocks, or tell wrong ones',
    (memory, bytes) => {
      const leaves = pieces(bytes, 900).map((piece) => plantLeaf(memory, piece))
      return plantNode(memory, leaves, {
        tsizes: leaves.map((_, at) => (at % 2 === 0 ? undefined : 7)),
      })
    },
  ],
]

describe('any range is right of', () => {
  for (const [name, build] of shapes) {
    it(name, async () => {
      const bytes = noise(20_011, 3)
      const memory = new MemoryBlocks()
      const { cid } = await build(memory, bytes)
      const { file } = await open(memory, cid)
      const ranges = someRanges(bytes.length, 12, dice(11))
      await isRead(file, bytes, ranges)
      for (const range of ranges.slice(0, 4)) {
        const { offset, length } = range
        const same = Buffer.from(await reference(memory, cid, range))
        assert.ok(same.equals(bytes.subarray(offset, offset + length)), 'the reference differs')
      }
    })
  }

  it('three hundred trees of any shape', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const roll = dice(seed)
      const bytes = noise(1 + roll(3_000), seed)
      const memory = new MemoryBlocks()
      const { cid } = plantAnything(memory, bytes, roll)
      const { file } = await open(memory, cid, roll(200))
      await isRead(file, bytes, someRanges(bytes.length, 8, roll))
      assert.ok(file.isWhole, `seed ${seed}`)
    }
  })

  it('bytes in inner nodes, which come before those of their children', async () => {
    const memory = new MemoryBlocks()
    const bytes = noise(1_000)
    const leaf = plantLeaf(memory, bytes.subarray(300, 600))
    const inner = plantNode(memory, [leaf], { data: bytes.subarray(100, 300) })
    const last = plantRaw(memory, bytes.subarray(600))
    const { cid } = plantNode(memory, [inner, last], { data: bytes.subarray(0, 100) })
    const { file, asked } = await open(memory, cid)
    await isRead(file, bytes, someRanges(bytes.length, 50, dice(2)))
    asked.length = 0
    await isRead(file, bytes, [{ offset: 20, length: 80 }])
    assert.deepEqual(asked, [], 'the root was read already')
  })

  it('an empty file, in each of its encodings', async () => {
    const nothing = new Uint8Array(0)
    const memory = new MemoryBlocks()
    const leaves = leafEncodings.map((encoding) => plantLeaf(memory, nothing, encoding))
    for (const { cid } of [plantRaw(memory, nothing), plantNode(memory, []), ...leaves]) {
      const { file } = await open(memory, cid, 65_536)
      await isRead(file, nothing, [{ offset: 0, length: 0 }])
      assert.ok(file.isWhole)
    }
  })
})

describe('a block', () => {
  it('that lies at many places of a file is fetched once, a whole branch too', async () => {
    const memory = new MemoryBlocks()
    const same = noise(500)
    const branch = plantNode(memory, [plantLeaf(memory, same), plantRaw(memory, same)])
    const { cid } = plantNode(memory, [branch, plantRaw(memory, same), branch, branch])
    const { file, asked } = await open(memory, cid)
    const bytes = new Uint8Array(Buffer.concat(Array.from({ length: 7 }, () => same)))
    await isRead(file, bytes, someRanges(bytes.length, 40, dice(9)))
    assert.equal(new Set(asked).size, 4)
    const branches = asked.filter((name) => name === branch.cid.toString())
    assert.equal(branches.length, 1)
    assert.ok(file.isWhole)
  })

  it('is fetched by one request where many ranges touch it, and not at all where none does', async () => {
    const memory = new MemoryBlocks()
    const bytes = noise(4_000)
    const leaves = pieces(bytes, 1_000).map((piece) => plantLeaf(memory, piece))
    const { cid } = plantBalanced(memory, leaves, 2)
    const { file, asked } = await open(memory, cid)
    const ranges = Array.from({ length: 100 }, (_, at) => ({ offset: 1_990 + at, length: 11 }))
    await isRead(file, bytes, ranges)
    // The root, both nodes below it, and the two leaves in the middle.
    assert.equal(asked.length, 5)
    assert.ok(!asked.includes(leaves[0]?.cid.toString() ?? ''))
    assert.ok(!file.isWhole)
  })
})

describe('the bytes of a node that lie in its file as well, as raw', () => {
  it('are what they are at either place, whatever sizes they have', async () => {
    const memory = new MemoryBlocks()
    // Of this many bytes a node is as long as what it links: sizes do not tell the two apart.
    for (const length of [20, 52]) {
      const part = noise(length)
      const node = plantNode(memory, [plantRaw(memory, part)])
      const block = memory.get(node.cid) ?? noise(0)
      const raw = plantRaw(memory, block)
      for (const children of [
        [node, raw],
        [raw, node],
        [node, plantNode(memory, [raw, node])],
      ]) {
        const parts = children.flatMap((child) =>
          child === node ? [part] : child === raw ? [block] : [block, part],
        )
        const { file } = await open(memory, plantNode(memory, children).cid)
        const bytes = Buffer.concat(parts)
        await isRead(file, bytes, someRanges(bytes.length, 5, dice(3)))
      }
    }
  })
})

describe('opening a file', () => {
  for (const [inner, ahead] of [
    [60, true],
    [99, true],
    [101, false],
  ] as const) {
    it(`fetches ${ahead ? 'all' : 'one'} of its ${inner} inner nodes ahead`, async () => {
      const memory = new MemoryBlocks()
      const bytes = noise(inner * 40)
      const leaves = pieces(bytes, 20).map((piece) => plantLeaf(memory, piece))
      const nodes = Array.from({ length: inner }, (_, at) =>
        plantNode(memory, leaves.slice(at * 2, at * 2 + 2)),
      )
      const { asked } = await open(memory, plantNode(memory, nodes).cid, 10)
      // The root, its inner nodes, and the one leaf at the front.
      assert.equal(asked.length, 1 + (ahead ? inner : 1) + 1)
    })
  }
})
