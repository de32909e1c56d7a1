// One node of a sharded UnixFS directory (HAMT): its slots, and which of them a name belongs to.

import { murmur364 } from '@multiformats/murmur3'
import { GreenprintError } from '../errors.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { type Cid, DAG_PB } from './cid.ts'
import { decodeUnixFs } from './unixfs.ts'

/** Multihash code of murmur3-x64-64, the only hash that sharded directories use. */
const MURMUR3_X64_64 = 0x22n
const HASH_BITS = 64
/** Fanouts that go-unixfs reads: powers of two from 8 to 1024. */
const LOG2_FANOUTS = [3, 4, 5, 6, 7, 8, 9, 10] as const

/** What lies in a slot: an entry of the directory, or the shard that goes on below it. */
export interface ShardSlot {
  readonly cid: Cid
  /** Name of the entry; null for a child shard. */
  readonly name: string | null
}

export interface Shard {
  /** Bits of a name's hash that choose a slot of this node. */
  readonly bits: number
  readonly slots: ReadonlyMap<number, ShardSlot>
}

/**
 * Reads a shard and checks that it is what its bitfield says: one link a slot, in their order, each named by its slot.
 *
 * @throws {GreenprintError} `content_unusable` for any other block, a shard that lies, another hash or fanout
 */
export function decodeShard(cid: Cid, block: VerifiedBytes): Shard {
  if (cid.code !== DAG_PB) throw invalid(cid, `has codec 0x${cid.code.toString(16)}`)
  const { links, unixfs, data } = decodeUnixFs(cid, block)
  if (unixfs.type !== 'hamt-sharded-directory') throw invalid(cid, `is a ${unixfs.type}`)
  const fanout = Number(unixfs.fanout ?? 0n)
  const bits = LOG2_FANOUTS.find((log) => 2 ** log === fanout)
  if (bits === undefined) throw invalid(cid, `has the fanout ${fanout}`)
  if (hashTypeOf(data) !== MURMUR3_X64_64) throw invalid(cid, 'is not hashed by murmur3-x64-64')
  const bitfield = unixfs.data ?? new Uint8Array(0)
  if (bitfield.length > fanout / 8) throw invalid(cid, `has a bitfield of ${bitfield.length} bytes`)
  const expected = setBits(bitfield)
  if (expected.length !== links.length) {
    throw invalid(cid, `has ${links.length} links for ${expected.length} slots`)
  }
  const width = (fanout - 1).toString(16).length
  const slots = new Map<number, ShardSlot>()
  for (const [index, slot] of expected.entries()) {
    const link = links[index]
    const name = link?.Name ?? ''
    const prefix = slot.toString(16).toUpperCase().padStart(width, '0')
    if (link === undefined || !name.startsWith(prefix)) {
      throw invalid(cid, `has another link than ${prefix} in slot ${slot}`)
    }
    slots.set(slot, { cid: link.Hash, name: name.length === width ? null : name.slice(width) })
  }
  return { bits, slots }
}

/** Slots of a name, level by level: the bits of its hash, the highest first. */
export interface SlotPath {
  /** The next slot, of a node that is chosen from by so many bits; null when the hash is used up. */
  next(bits: number): number | null
}

export async function slotPath(name: string): Promise<SlotPath> {
  const digest = await murmur364.encode(new TextEncoder().encode(name))
  const hash = Buffer.from(digest).readBigUInt64BE()
  let used = 0
  return {
    next(bits) {
      used += bits
      if (used > HASH_BITS) return null
      return Number((hash >> BigInt(HASH_BITS - used)) & BigInt(2 ** bits - 1))
    },
  }
}

/** The bitfield is one big-endian number whose leading zeros may be absent. */
function setBits(bitfield: Uint8Array): number[] {
  const found: number[] = []
  for (let at = bitfield.length - 1, slot = 0; at >= 0; at--, slot += 8) {
    const byte = bitfield[at] ?? 0
    for (let bit = 0; bit < 8; bit++) if ((byte >> bit) & 1) found.push(slot + bit)
  }
  return found
}

/**
 * Field 5 (`hashType`) of a UnixFS message, which ipfs-unixfs reads and drops; null when it is absent.
 * https://specs.ipfs.tech/unixfs/#data-structures
 */
function hashTypeOf(message: Uint8Array): bigint | null {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; at < message.length && shift < 70n; shift += 7n) {
      const byte = message[at++] ?? 0
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    return value
  }
  let found: bigint | null = null
  while (at < message.length) {
    const tag = Number(varint())
    const wire = tag & 7
    const value = wire === 0 || wire === 2 ? varint() : 0n
    if (wire === 0 && tag >> 3 === 5) found = value
    // 64-bit, bytes and 32-bit fields are skipped by their length; what is longer than the message ends the loop.
    at += wire === 1 ? 8 : wire === 2 ? Number(value) : wire === 5 ? 4 : 0
    if (wire === 3 || wire === 4 || wire > 5) return null
  }
  return found
}

function invalid(cid: Cid, what: string): GreenprintError {
  const message = `${cid.toString()} ${what}; it is not a sharded directory that can be read.`
  return new GreenprintError('content_unusable', message)
}
