// DAGs that are no file, lie about themselves, lack a block or have no end: refused by name, soon, never wrong bytes.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encode } from '@ipld/dag-pb'
import { UnixFS, type UnixFSType } from 'ipfs-unixfs'
import { importer } from 'ipfs-unixfs-importer'
import { systemClock } from '../../../lib/async/clock.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { type Blocks, createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile, type VerifiedFile } from '../../../lib/ipfs/file.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { resolvePath } from '../../../lib/ipfs/resolve-path.ts'
import { type Cid, DAG_PB, RAW } from '../../../lib/ipld/cid.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import {
  type Planted,
  plantBlock,
  plantChain,
  plantLeaf,
  plantNode,
  plantRaw,
  recorded,
  without,
} from '../../harness/dags.ts'

const signal = new AbortController().signal

/** A gateway's part is played by memory: what it lacks is missing from the network. */
function blocksOf(memory: MemoryBlocks): { blocks: Blocks; asked: readonly string[] } {
  const source = recorded(memory, 'https://gateway.example')
  const network = new BlockRace([source], systemClock)
  return { blocks: createBlocks({ own: [], network, cacheBytes: 0 }), asked: source.asked }
}

const open = (memory: MemoryBlocks, { cid }: Pick<Planted, 'cid'>, front = 0) =>
  openFile(cid, blocksOf(memory).blocks, new ReadSession(), signal, { front: () => front })

const whole = (file: VerifiedFile) => file.readAll([{ offset: 0, length: file.size }], signal)

function isRefused(code: string, words: RegExp, details: readonly string[] = []) {
  return (error: unknown) => {
    assert.ok(error instanceof GreenprintError, String(error))
    assert.equal(error.code, code)
    assert.match(error.message, words)
    assert.deepEqual(error.details, details)
    return true
  }
}

const unusable = (words: RegExp) => isRefused('content_unusable', words)

function plantOther(memory: MemoryBlocks, type: UnixFSType, data?: Uint8Array): Planted {
  const unixfs = new UnixFS({ type, ...(data === undefined ? {} : { data }) })
  const block = encode({ Data: unixfs.marshal(), Links: [] })
  return { cid: plantBlock(memory, DAG_PB, block), size: 10, tsize: block.length }
}

const text = (words: string) => new TextEncoder().encode(words)

describe('what is no file is refused, as the root and in the middle of one', () => {
  const impostors: readonly (readonly [string, (memory: MemoryBlocks) => Planted, RegExp])[] = [
    [
      'a symlink',
      (memory) => plantOther(memory, 'symlink', text('/etc/passwd')),
      /^bafy\w+ is a UnixFS symlink, not a file\.$/,
    ],
    [
      'a directory',
      (memory) => plantOther(memory, 'directory'),
      /^bafy\w+ is a directory: name a file in it/,
    ],
    [
      'a sharded directory',
      (memory) => plantOther(memory, 'hamt-sharded-directory'),
      /^bafy\w+ is a directory: name a file in it/,
    ],
    ['metadata', (memory) => plantOther(memory, 'metadata'), /^bafy\w+ is a UnixFS metadata/],
    [
      'dag-cbor',
      (memory) => ({ cid: plantBlock(memory, 0x71, Uint8Array.of(0xa0)), size: 10, tsize: 1 }),
      /^bafy\w+ has codec 0x71; a file is raw or dag-pb\.$/,
    ],
    [
      'dag-json',
      (memory) => ({ cid: plantBlock(memory, 0x0129, text('{}')), size: 10, tsize: 2 }),
      /^bag\w+ has codec 0x129; a file is raw or dag-pb\.$/,
    ],
    [
      'dag-pb without UnixFS',
      (memory) => ({
        cid: plantBlock(memory, DAG_PB, encode({ Links: [] })),
        size: 10,
        tsize: 0,
      }),
      /^bafy\w+ is dag-pb but not UnixFS: it has no Data field\.$/,
    ],
    [
      'bytes that are no dag-pb',
      (memory) => ({ cid: plantBlock(memory, DAG_PB, noise(60)), size: 10, tsize: 60 }),
      /^bafy\w+ is not the dag-pb that it names/,
    ],
  ]
  for (const [name, plant, words] of impostors) {
    it(name, async () => {
      const memory = new MemoryBlocks()
      const impostor = plant(memory)
      await assert.rejects(open(memory, impostor), unusable(words))
      const sound = plantRaw(memory, noise(10))
      const file = await open(memory, plantNode(memory, [sound, impostor]))
      await assert.rejects(whole(file), unusable(words))
      assert.deepEqual(await file.readAll([{ offset: 0, length: 10 }], signal), [noise(10)])
    })
  }
})

describe('a node that lies about a child', () => {
  const cases = [
    ['claiming too little', 9],
    ['claiming too much', 11],
    ['claiming nothing', 0],
  ] as const
  for (const [name, claimed] of cases.slice(0, 2)) {
    for (const kind of ['raw leaf', 'dag-pb leaf', 'node'] as const) {
      it(`${name}, of a ${kind}`, async () => {
        const memory = new MemoryBlocks()
        const leaf =
          kind === 'raw leaf' ? plantRaw(memory, noise(10)) : plantLeaf(memory, noise(10))
        const child = kind === 'node' ? plantNode(memory, [leaf]) : leaf
        const last = plantRaw(memory, noise(5, 2))
        const file = await open(
          memory,
          plantNode(memory, [child, last], { blockSizes: [claimed, 5] }),
        )
        const words = new RegExp(
          `^${child.cid.toString()} holds 10 bytes where its parent in ${file.cid.toString()} claims ${claimed}\\.$`,
        )
        await assert.rejects(file.readAll([{ offset: 0, length: 1 }], signal), unusable(words))
        await assert.rejects(whole(file), unusable(words))
      })
    }
  }

  it('taking from one what it gives to the next: the sum is right, the bytes would not be', async () => {
    const memory = new MemoryBlocks()
    const leaves = [plantRaw(memory, noise(10)), plantRaw(memory, noise(10, 2))]
    const file = await open(memory, plantNode(memory, leaves, { blockSizes: [12, 8] }))
    assert.equal(file.size, 20)
    await assert.rejects(whole(file), unusable(/holds 10 bytes where its parent .* claims 12/))
  })

  it('once as it is and once not: the block that was read already is held to it too', async () => {
    const memory = new MemoryBlocks()
    const branch = plantNode(memory, [plantRaw(memory, noise(10))])
    const file = await open(memory, plantNode(memory, [branch, branch], { blockSizes: [10, 12] }))
    await file.readAll([{ offset: 0, length: 10 }], signal)
    await assert.rejects(whole(file), unusable(/holds 10 bytes where its parent .* claims 12/))
  })

  it('in a way that no size could be', async () => {
    const memory = new MemoryBlocks()
    const leaf = plantRaw(memory, noise(10))
    const most = Number.MAX_SAFE_INTEGER
    await assert.rejects(
      open(memory, plantNode(memory, [leaf, leaf], { blockSizes: [most, most] })),
      unusable(/claims an impossible size/),
    )
  })

  it('by having more links than sizes, or fewer', async () => {
    const memory = new MemoryBlocks()
    const leaf = plantRaw(memory, noise(10))
    for (const [links, sizes] of [
      [2, 1],
      [1, 2],
    ] as const) {
      const options = { blockSizes: Array.from({ length: sizes }, () => 10) }
      const node = plantNode(
        memory,
        Array.from({ length: links }, () => leaf),
        options,
      )
      const words = new RegExp(`has ${links} links but ${sizes} block sizes`)
      await assert.rejects(open(memory, node), unusable(words))
    }
  })
})

describe('a missing block', () => {
  for (const missing of ['leaf', 'node'] as const) {
    it(`in the middle (${missing}) is named by its CID; the bytes around it are read`, async () => {
      const memory = new MemoryBlocks()
      const parts = [1, 2, 3].map((seed) => noise(100, seed))
      const leaves = parts.map((part) => plantLeaf(memory, part))
      const nodes = leaves.map((leaf) => plantNode(memory, [leaf]))
      const root = plantNode(memory, nodes)
      const { cid } = (missing === 'leaf' ? leaves : nodes)[1] ?? root
      const holed = without(memory, cid)
      const file = await open(holed, root)
      const read = file.readAll([{ offset: 100, length: 1 }], signal)
      const words = new RegExp(`No source could serve block ${cid.toString()}\\.`)
      const line = 'https://gateway.example: does not have it'
      await assert.rejects(read, isRefused('content_unavailable', words, [line]))
      const around = [
        { offset: 0, length: 100 },
        { offset: 200, length: 100 },
      ]
      assert.deepEqual(await file.readAll(around, signal), [parts[0], parts[2]])
      await assert.rejects(whole(file), isRefused('content_unavailable', words, [line]))
    })
  }
})

describe('a block that its parent says is empty', () => {
  const parts = [noise(4), noise(6, 2)] as const

  it('and is not, is refused: others read it in front of what follows', async () => {
    for (const plant of [plantRaw, plantLeaf]) {
      const memory = new MemoryBlocks()
      const [first, second] = parts.map((part) => plant(memory, part))
      assert.ok(first && second)
      const hidden = { ...first, size: 0 }
      const inner = { ...plantNode(memory, [first]), size: 0 }
      for (const children of [
        [hidden, second],
        [second, hidden],
        [inner, second],
      ]) {
        const words = /holds 4 bytes where its parent in \w+ claims 0/
        const root = plantNode(memory, children, { tsizes: [] })
        await assert.rejects(whole(await open(memory, root)), unusable(words))
        await assert.rejects(open(memory, root, 65_536), unusable(words))
      }
    }
  })

  it('and is, is nothing; nobody has to have it where its CID shows that', async () => {
    const memory = new MemoryBlocks()
    const part = plantRaw(memory, parts[1])
    const [raw, leaf] = [plantRaw(memory, noise(0)), plantLeaf(memory, noise(0))]
    const root = plantNode(memory, [raw, part, raw, leaf])
    assert.deepEqual(await whole(await open(memory, root)), [parts[1]])
    assert.deepEqual(await whole(await open(without(memory, raw.cid), root)), [parts[1]])
    const words = new RegExp(`No source could serve block ${leaf.cid.toString()}`)
    const holed = await open(without(memory, leaf.cid), root)
    await assert.rejects(whole(holed), { code: 'content_unavailable', message: words })
  })
})

describe('a DAG without end', () => {
  it('is followed for sixteen levels and refused at the seventeenth', async () => {
    const memory = new MemoryBlocks()
    const leaf = plantRaw(memory, noise(10))
    const deepest = await open(memory, plantChain(memory, leaf, 16))
    assert.deepEqual(await whole(deepest), [noise(10)])
    const words = /^The DAG under Qm\w+ is more than 16 levels deep\.$/
    const tooDeep = plantChain(memory, leaf, 17)
    await assert.rejects(whole(await open(memory, tooDeep)), unusable(words))
    await assert.rejects(open(memory, tooDeep, 65_536), unusable(words))
  })

  it('of nodes that hold nothing and name each other a thousand times is walked once', async () => {
    const memory = new MemoryBlocks()
    let nothing = plantNode(memory, [])
    for (let level = 0; level < 12; level++)
      nothing = plantNode(
        memory,
        Array.from({ length: 1_000 }, () => nothing),
        { tsizes: [] },
      )
    const parts = [nothing, plantRaw(memory, noise(10)), nothing]
    const { cid } = plantNode(memory, parts, { tsizes: [] })
    const { blocks, asked } = blocksOf(memory)
    const file = await openFile(cid, blocks, new ReadSession(), signal, { front: () => 65_536 })
    assert.deepEqual(await whole(file), [noise(10)])
    assert.ok(asked.length <= 20, `${asked.length} blocks`)
  })

  it('that makes a petabyte of one leaf is read where it is asked, and no further', async () => {
    const memory = new MemoryBlocks()
    let branch = plantRaw(memory, noise(1_000))
    for (let level = 0; level < 6; level++)
      branch = plantNode(
        memory,
        Array.from({ length: 100 }, () => branch),
      )
    const { cid } = branch
    const { blocks, asked } = blocksOf(memory)
    const file = await openFile(cid, blocks, new ReadSession(), signal, { front: () => 65_536 })
    assert.equal(file.size, 1e15)
    const ranges = [{ offset: 5e14 + 995, length: 10 }]
    const [part] = await file.readAll(ranges, signal)
    assert.deepEqual(part, Uint8Array.from([...noise(1_000).slice(995), ...noise(5)]))
    assert.ok(asked.length <= 9, `${asked.length} blocks`)
  })

  it('that cuts its bytes into millions of pieces is refused before they are all looked at', async () => {
    const memory = new MemoryBlocks()
    let branch = plantRaw(memory, noise(1))
    for (let level = 0; level < 4; level++)
      branch = plantNode(
        memory,
        Array.from({ length: 100 }, () => branch),
      )
    const file = await open(memory, branch)
    const read = file.readAll([{ offset: 0, length: 8_000_000 }], signal)
    await assert.rejects(read, unusable(/is cut into more than \d+ pieces/))
  })
})

describe('a path', () => {
  const files = Array.from({ length: 800 }, (_, at) => ({
    path: `scene/band-${at}.tif`,
    content: noise(10, at),
  }))

  async function importSharded(memory: MemoryBlocks): Promise<Cid> {
    const blockstore = {
      put(cid: Cid, block: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
        assert.ok(block instanceof Uint8Array)
        memory.put(cid, Uint8Array.from(block))
        return cid
      },
    }
    const options = { profile: 'unixfs-v0-2015', shardSplitThresholdBytes: 100 } as const
    let root: Cid | null = null
    for await (const entry of importer(files, blockstore, options)) root = entry.cid
    assert.ok(root)
    return root
  }

  it('through shards leads to the right file, and a missing shard is named', async () => {
    const memory = new MemoryBlocks()
    const cid = (await importSharded(memory)).toString()
    for (const at of [0, 17, 799]) {
      const { blocks } = blocksOf(memory)
      const path = `band-${at}.tif`
      const found = await resolvePath({ cid, path }, blocks, new ReadSession(), signal)
      const file = await openFile(found, blocks, new ReadSession(), signal)
      assert.deepEqual(await whole(file), [noise(10, at)])
    }
    const { blocks, asked } = blocksOf(memory)
    await resolvePath({ cid, path: 'band-5.tif' }, blocks, new ReadSession(), signal)
    const holed = new MemoryBlocks()
    const last = asked.at(-1)
    assert.ok(last !== undefined && asked.length > 1)
    for (const [key, block] of memory.map)
      if (cidOfBlock(DAG_PB, block).toV0().toString() !== last) holed.map.set(key, block)
    const search = resolvePath(
      { cid, path: 'band-5.tif' },
      blocksOf(holed).blocks,
      new ReadSession(),
      signal,
    )
    await assert.rejects(search, (error) => {
      assert.ok(error instanceof GreenprintError && error.code === 'content_unavailable')
      return error.message.includes(last)
    })
  })

  it('through a file of many blocks is refused as such', async () => {
    const memory = new MemoryBlocks()
    const leaves = [plantRaw(memory, noise(10)), plantRaw(memory, noise(10, 2))]
    const cid = plantNode(memory, leaves).cid.toString()
    assert.equal(leaves[0]?.cid.code, RAW)
    const { blocks } = blocksOf(memory)
    const search = resolvePath({ cid, path: 'a.tif' }, blocks, new ReadSession(), signal)
    await assert.rejects(search, unusable(/which is not a directory\.$/))
  })
})
