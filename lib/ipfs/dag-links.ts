// Which children of a DAG's nodes a read needs, and what is known of them before they are fetched.

import { blockKey } from '../ipld/cid.ts'
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

/** @param allInner whether inner nodes are wanted that hold nothing of the ranges, too */
export function wantedLinks({ node, offset }: Placed, wanted: RangeSet, allInner: boolean): Link[] {
  return node.children
    .filter(
      (child) =>
        wanted.overlaps(offset + child.start, offset + child.end) || (allInner && !isLeaf(child)),
    )
    .map((child) => ({
      key: blockKey(child.cid),
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
    for (const { key, child, place } of wantedLinks(placed, wanted, false)) {
      if (isLeaf(child)) continue
      const node = inner.get(key)
      if (node === undefined) return true
      ahead.push({ node, offset: place.offset })
    }
  }
  return false
}

/** Certain of raw blocks; of dag-pb when the link's sizes leave room for nothing but one leaf's frame. */
function isLeaf({ cid, start, end, tsize }: Child): boolean {
  return mayBeLeaf(cid, end - start, tsize)
}

export function blockKindOf(child: Child, { offset }: LeafPlace): BlockKind {
  if (!isLeaf(child)) return 'inner'
  return offset === 0 ? 'front' : 'leaf'
}
