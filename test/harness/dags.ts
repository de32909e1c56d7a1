// DAGs made by hand, node by node: shapes that no importer here makes, and some that nobody should make.

import { encode, prepare } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import type { BlockSource } from '../../lib/ipfs/source.ts'
import { blockKey, type Cid, DAG_PB, RAW } from '../../lib/ipld/cid.ts'
import type { LeafEncoding } from '../../lib/ipld/leaf-encoding.ts'
import { MemoryBlocks } from './blocks.ts'
import { cidOfBlock } from './cid-of-block.ts'
import { randomFrom } from './random.ts'

/** A part of a file that is in the blocks. */
export interface Planted {
  readonly cid: Cid
  /** Bytes of the file. */
  readonly size: number
  /** Bytes of its blocks, as a dag-pb link tells them. */
  readonly tsize: number
}

export function plantBlock(memory: MemoryBlocks, codec: number, block: Uint8Array): Cid {
  const cid = cidOfBlock(codec, block)
  memory.put(cid, Uint8Array.from(block))
  return cid
}

export function plantRaw(memory: MemoryBlocks, bytes: Uint8Array): Planted {
  return { cid: plantBlock(memory, RAW, bytes), size: bytes.length, tsize: bytes.length }
}

/** A leaf whose CID holds its bytes: there is no block of it anywhere. */
export function inlineLeaf(bytes: Uint8Array): Planted {
  const cid = CID.createV1(RAW, createDigest(0x00, bytes))
  return { cid, size: bytes.length, tsize: bytes.length }
}

/** A node of UnixFS whose CID holds it. */
export function inlineNode(fields: ConstructorParameters<typeof UnixFS>[0]): Cid {
  const block = encode({ Data: new UnixFS(fields).marshal(), Links: [] })
  return CID.createV1(DAG_PB, createDigest(0x00, block))
}

/** A leaf in dag-pb, its UnixFS message written field by field. */
export function plantLeaf(
  memory: MemoryBlocks,
  bytes: Uint8Array,
  { type, filesize }: LeafEncoding = { type: 2, filesize: true },
): Planted {
  const Data = Buffer.concat([
    numberField(1, type),
    Buffer.from([0x12]),
    varint(bytes.length),
    bytes,
    ...(filesize ? [numberField(3, bytes.length)] : []),
  ])
  const block = encode({ Data, Links: [] })
  return { cid: versionZero(memory, block), size: bytes.length, tsize: block.length }
}

/** A leaf with fields that no plain copy of the file can know. */
export function plantDatedLeaf(memory: MemoryBlocks, bytes: Uint8Array): Planted {
  const mtime = { secs: 1_690_000_000n, nsecs: 7 }
  const unixfs = new UnixFS({ type: 'file', data: bytes, mode: 0o644, mtime })
  const block = encode({ Data: unixfs.marshal(), Links: [] })
  return { cid: versionZero(memory, block), size: bytes.length, tsize: block.length }
}

export interface NodeOptions {
  /** Bytes of the file in the node itself, before those of its children. */
  readonly data?: Uint8Array
  /** What it says of its children's sizes, where that is not the truth. */
  readonly blockSizes?: readonly number[]
  /** What its links say of the children's blocks, where that is not the truth. */
  readonly tsizes?: readonly (number | undefined)[]
  readonly dated?: boolean
  readonly dataFirst?: boolean
}

export function plantNode(
  memory: MemoryBlocks,
  children: readonly Planted[],
  { data, blockSizes, tsizes, dated = false, dataFirst = false }: NodeOptions = {},
): Planted {
  const sizes = blockSizes ?? children.map(({ size }) => size)
  const unixfs = new UnixFS({
    type: 'file',
    blockSizes: sizes.map(BigInt),
    ...(data === undefined ? {} : { data }),
    ...(dated ? { mode: 0o600, mtime: { secs: 1_690_000_000n } } : {}),
  })
  const Links = children.map(({ cid: Hash, tsize }, index) => {
    const Tsize = tsizes === undefined ? tsize : tsizes[index]
    return { Name: '', Hash, ...(Tsize === undefined ? {} : { Tsize }) }
  })
  const node = prepare({ Data: unixfs.marshal(), Links })
  const block = encode(node, { fieldOrder: dataFirst ? 'data-first' : 'links-first' })
  const size = (data?.length ?? 0) + sizes.reduce((sum, length) => sum + length, 0)
  const tsize = block.length + children.reduce((sum, child) => sum + child.tsize, 0)
  return { cid: versionZero(memory, block), size, tsize }
}

/** `levels` nodes above one leaf, each with one child. */
export function plantChain(memory: MemoryBlocks, leaf: Planted, levels: number): Planted {
  let top = leaf
  for (let level = 0; level < levels; level++) top = plantNode(memory, [top])
  return top
}

/** Stretches of bytes, none empty. */
export function cut(bytes: Uint8Array, sizes: (index: number) => number): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + Math.max(1, sizes(pieces.length)))
    pieces.push(bytes.subarray(at, end))
    at = end
  }
  return pieces
}

/** Full levels below one root, the shape that importers make. */
export function plantBalanced(
  memory: MemoryBlocks,
  leaves: readonly Planted[],
  width: number,
): Planted {
  let level = [...leaves]
  do {
    const above: Planted[] = []
    for (let at = 0; at < level.length; at += width)
      above.push(plantNode(memory, level.slice(at, at + width)))
    level = above
  } while (level.length > 1)
  return level[0] ?? plantNode(memory, [])
}

/** Leaves at the root, and deeper and deeper trees after them: `ipfs add --trickle`. */
export function plantTrickle(
  memory: MemoryBlocks,
  leaves: readonly Planted[],
  width: number,
): Planted {
  const left = [...leaves]
  const grow = (depth: number): Planted => {
    const children = left.splice(0, width)
    for (let below = 0; below < depth && left.length > 0; below++) {
      for (let twice = 0; twice < 2 && left.length > 0; twice++) children.push(grow(below))
    }
    return plantNode(memory, children)
  }
  return grow(leaves.length)
}

/** Whole numbers from 0 up to a bound that each call names, the same on every run. */
export function dice(seed: number): (below: number) => number {
  const random = randomFrom(seed)
  return (below) => random.whole(0, below - 1)
}

/** A tree of any shape over `bytes`: leaves of every kind and size, bytes in inner nodes, uneven depths. */
export function plantAnything(
  memory: MemoryBlocks,
  bytes: Uint8Array,
  roll: (below: number) => number,
  depth = 0,
): Planted {
  if (bytes.length <= 64 || depth > 6 || roll(4) === 0) return plantAnyLeaf(memory, bytes, roll)
  const inline = roll(4) === 0 ? roll(20) : 0
  const pieces = cut(bytes.subarray(inline), () => 1 + roll(bytes.length))
  const children = pieces.map((piece) => plantAnything(memory, piece, roll, depth + 1))
  return plantNode(memory, children, {
    dated: roll(5) === 0,
    dataFirst: roll(3) === 0,
    ...(inline > 0 ? { data: bytes.subarray(0, inline) } : {}),
    ...(roll(6) === 0 ? { tsizes: [] } : {}),
  })
}

function plantAnyLeaf(
  memory: MemoryBlocks,
  bytes: Uint8Array,
  roll: (below: number) => number,
): Planted {
  const kind = roll(8)
  if (kind === 0 && bytes.length < 100) return inlineLeaf(bytes)
  if (kind === 1) return plantDatedLeaf(memory, bytes)
  if (kind < 4) return plantRaw(memory, bytes)
  return plantLeaf(memory, bytes, { type: kind % 2 === 0 ? 2 : 0, filesize: roll(3) > 0 })
}

export interface Recorded extends BlockSource {
  /** CIDs asked for, in order. */
  readonly asked: string[]
}

/** A source over blocks in memory that remembers what it was asked. */
export function recorded(memory: MemoryBlocks, name = 'recorded'): Recorded {
  const asked: string[] = []
  return {
    name,
    asked,
    async get(cid) {
      asked.push(cid.toString())
      return memory.get(cid)
    },
  }
}

/** The same blocks without some. */
export function without(memory: MemoryBlocks, ...cids: readonly Cid[]): MemoryBlocks {
  const rest = new MemoryBlocks()
  for (const [key, block] of memory.map) rest.map.set(key, block)
  for (const cid of cids) rest.map.delete(blockKey(cid))
  return rest
}

function versionZero(memory: MemoryBlocks, block: Uint8Array): Cid {
  return plantBlock(memory, DAG_PB, block).toV0()
}

function numberField(number: number, value: number): Uint8Array {
  return Buffer.concat([Buffer.from([number << 3]), varint(value)])
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Buffer.from([...bytes, rest])
}
