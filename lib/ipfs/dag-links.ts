// Which children of a DAG's nodes a read needs, and what is known of them before they are fetched.

import { matchesCid, nodeKey, RAW } from '../ipld/cid.ts'
import type { Child, FileNode } from '../ipld/unixfs.ts'
import type { LeafPlace } from './leaf-places.ts'
import { mayBeLeaf } from './mirror.ts'
import type { RangeSet } from './ranges.ts'
import type { BlockKind } from './store-gaps.ts'

/** A node of the DAG and where its bytes lie in the file. */
export interface Placed {
  readonly node: FileNode
  readonly offset: number
}

/** A wanted child, and where its parent says that it lies. */
export interface Link {
  readonly key: string
  readonly child: Child
  readonly place: LeafPlace
}

/** @param besides children that are wanted though they hold nothing of the ranges */
export function wantedLinks(
  { node, offset }: Placed,
  wanted: RangeSet,
  besides: (child: Child) => boolean = () => false,
): Link[] {
  return node.children
    .filter((child) => wanted.overlaps(offset + child.start, offset + child.end) || besides(child))
    .map((child) => ({
      key: nodeKey(child.cid),
      child,
      place: { offset: offset + child.start, length: child.end - child.start },
    }))
}

export function countInner(level: readonly Placed[]): number {
  let count = 0
  for (const { node } of level) count += node.children.filter((child) => !isLeaf(child)).length
  return count
}

/** Whether a node between the root and the ranges is not at hand: their leaves are not known then. */
export function lacksInner(
  root: FileNode,
  wanted: RangeSet,
  inner: ReadonlyMap<string, FileNode>,
): boolean {
  const ahead: Placed[] = [{ node: root, offset: 0 }]
  for (let placed = ahead.pop(); placed !== undefined; placed = ahead.pop()) {
    for (const { key, child, place } of wantedLinks(placed, wanted)) {
      if (isLeaf(child)) continue
      const node = inner.get(key)
      if (node === undefined) return true
      ahead.push({ node, offset: place.offset })
    }
  }
  return false
}

const NOTHING = new Uint8Array(0)

/**
 * Children that hold nothing, as their parents say. They are looked into: other readers take what there is in them, and
 * read the rest of the file behind it. One at many places is looked into once, and one that its CID shows to be empty
 * never: an importer once wrote it into files of some sizes (https://github.com/ipld/js-unixfs/pull/52).
 */
export class SeemEmpty {
  readonly #taken = new Set<string>()

  takes({ cid, start, end }: Child): boolean {
    if (start < end || this.#taken.has(nodeKey(cid))) return false
    if (cid.code === RAW && matchesCid(cid, NOTHING)) return false
    this.#taken.add(nodeKey(cid))
    return true
  }
}

/** Certain of raw blocks; of dag-pb when the link's sizes leave room for nothing but one leaf's frame. */
export function isLeaf({ cid, start, end, tsize }: Child): boolean {
  return mayBeLeaf(cid, end - start, tsize)
}

export function blockKindOf(child: Child, { offset }: LeafPlace): BlockKind {
  if (!isLeaf(child)) return 'inner'
  return offset === 0 ? 'front' : 'leaf'
}
