// Where leaves lie, as far as it follows from nodes that were read before: spares a look at each one's own record.

import { blockKey, type Cid } from '../ipld/cid.ts'
import { beginsWithLinks, decodeFileNode } from '../ipld/unixfs.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { BlockPlace } from './block-place.ts'

/** Nodes of at most some thousand leaves each. */
const MOST_NODES = 16

/** The leaves of one node: they lie in one file, one after the other. */
interface Family {
  readonly children: readonly string[]
  /** Where the node's own bytes begin; null until one of its leaves was found. */
  home: { readonly key: string; readonly start: number } | null
}

interface Member {
  readonly family: Family
  readonly start: number
  readonly length: number
}

/** What it tells is a guess: a block may lie in several files. The hash decides. */
export class KnownPlaces {
  readonly #members = new Map<string, Member>()
  /** By the key of their node, the one read last at the end. */
  readonly #families = new Map<string, Family>()

  /** Told each block that was read; leaves of dag-pb, which are many, are passed over unread. */
  noteNode(cid: Cid, bytes: Uint8Array<ArrayBuffer>): void {
    if (!beginsWithLinks(cid, bytes)) return
    const node = blockKey(cid)
    const known = this.#families.get(node)
    if (known !== undefined) {
      this.#families.delete(node)
      this.#families.set(node, known)
      return
    }
    const children = childrenOf(cid, bytes)
    if (children.length === 0) return
    const family: Family = { children: children.map((child) => blockKey(child.cid)), home: null }
    this.#families.set(node, family)
    for (const { cid: child, start, end } of children) {
      this.#members.set(blockKey(child), { family, start, length: end - start })
    }
    if (this.#families.size > MOST_NODES) this.#forgetOldest()
  }

  /** Told where a leaf was found. */
  noteLeaf(cid: Cid, { key, offset }: BlockPlace): void {
    const member = this.#members.get(blockKey(cid))
    if (member !== undefined) member.family.home = { key, start: offset - member.start }
  }

  /** null where nothing is known. */
  of(cid: Cid): BlockPlace | null {
    const member = this.#members.get(blockKey(cid))
    const home = member?.family.home ?? null
    if (member === undefined || home === null) return null
    const offset = home.start + member.start
    return offset < 0 ? null : { key: home.key, offset, length: member.length }
  }

  /** What it told was wrong. */
  refute(cid: Cid): void {
    const member = this.#members.get(blockKey(cid))
    if (member !== undefined) member.family.home = null
  }

  #forgetOldest(): void {
    const [oldest] = this.#families
    if (oldest === undefined) return
    const [node, family] = oldest
    this.#families.delete(node)
    for (const key of family.children) {
      if (this.#members.get(key)?.family === family) this.#members.delete(key)
    }
  }
}

/** None of what is no file's node. */
function childrenOf(cid: Cid, bytes: Uint8Array<ArrayBuffer>) {
  const block = verifyBlock(cid, bytes)
  if (block === null) return []
  try {
    return decodeFileNode(cid, block).children
  } catch {
    return []
  }
}
