// A file named by its content, read in pieces: only the blocks that hold the asked ranges, each checked.
// Long: what a walk through the DAG may cost is bounded in one place, whatever it is for.

import { allDone } from '../async/all-or-none.ts'
import { GreenprintError } from '../errors.ts'
import type { Cid } from '../ipld/cid.ts'
import { MOST_LEVELS } from '../ipld/file-dag.ts'
import { type Child, decodeFileNode, type FileNode } from '../ipld/unixfs.ts'
import type { ByteRange, RandomAccess, VerifiedBytes } from '../model/bytes.ts'
import type { Blocks } from './blocks.ts'
import {
  blockKindOf,
  countInner,
  isLeaf,
  type Link,
  lacksInner,
  type Placed,
  SeemEmpty,
  wantedLinks,
} from './dag-links.ts'
import { LeafPlaces, type PlaceOf } from './leaf-places.ts'
import type { Mirror } from './mirror.ts'
import { RangeGatherer } from './range-gatherer.ts'
import { RangeBuffer, RangeSet } from './ranges.ts'
import type { ReadSession } from './read-session.ts'
import type { Prefetch } from './source.ts'

/** Inner nodes of a file of 4 GiB in 256 KiB leaves: so many are fetched in one parallel round, wanted or not. */
const MOST_INNER = 100
/**
 * Links that one reading looks at: 800 MB in leaves of 4 KiB. A file of one-byte leaves would keep us busy for hours.
 */
const MOST_LINKS = 200_000
/** Blocks that one reading waits for at once; what is really on its way is bounded for all readings together. */
const MOST_AT_ONCE = 64

export interface VerifiedFile extends RandomAccess {
  readAll(ranges: readonly ByteRange[], signal: AbortSignal): Promise<VerifiedBytes[]>
  readonly cid: Cid
  /**
   * The blocks that hold ranges of the file, in its order, each once: with their CIDs anybody can check what was read.
   *
   * @throws {GreenprintError} `content_unavailable` where an inner node between the root and them cannot be had
   */
  leavesOf(ranges: readonly ByteRange[], signal: AbortSignal): Promise<Cid[]>
  /** Whether every byte of the file was read by now. */
  readonly isWhole: boolean
  /** Settles once every request that was made ahead has ended: the ledger is complete then. */
  readonly atRest: Promise<void>
}

/** One walk through the DAG. */
interface Walk {
  readonly session: ReadSession
  /** Filled with what they want. */
  readonly buffers: readonly RangeBuffer[]
  /** Whether inner nodes are fetched that nothing is wanted of yet. */
  readonly opening: boolean
}

export interface OpenOptions {
  /** Bytes at the front that are wanted at once, of a file of this size. */
  readonly front?: (size: number) => number
  /** Makes the plain copies of the file, given a way to tell where its leaves lie. */
  readonly mirrors?: (placeOf: PlaceOf) => readonly Mirror[]
}

/**
 * Fetches and checks the root block of a file and the leaves at its front. Its inner nodes are on their way then.
 *
 * @throws {GreenprintError} `content_unavailable` when no source has it, `content_unusable` when it is not a file
 */
export async function openFile(
  cid: Cid,
  blocks: Blocks,
  session: ReadSession,
  signal: AbortSignal,
  { front = () => 0, mirrors }: OpenOptions = {},
): Promise<VerifiedFile> {
  const places = new LeafPlaces(cid)
  const copies = mirrors?.((leaf) => places.of(leaf)) ?? []
  const known = session.with({ root: cid, mirrors: copies })
  // Its size is not known yet: what a file of any size would want.
  const length = front(0)
  const ranges = length > 0 ? [{ offset: 0, length }] : []
  const prefetch = blocks.prefetch(cid, ranges, known, signal)
  const file = new DagFile(cid, blocks, known.with({ prefetch }), copies, places)
  await file.open(front, signal)
  return file
}

class DagFile implements VerifiedFile {
  readonly cid: Cid
  readonly isLent = false
  atRest = Promise.resolve()
  readonly #blocks: Blocks
  readonly #session: ReadSession
  readonly #mirrors: readonly Mirror[]
  readonly #places: LeafPlaces
  readonly #inner = new Map<string, FileNode>()
  readonly #seen = new Set<number>()
  readonly #together: RangeGatherer<Prefetch>
  #root: FileNode | null = null
  #seenBytes = 0

  constructor(
    cid: Cid,
    blocks: Blocks,
    session: ReadSession,
    mirrors: readonly Mirror[],
    places: LeafPlaces,
  ) {
    this.cid = cid
    this.#blocks = blocks
    this.#session = session
    this.#mirrors = mirrors
    this.#places = places
    this.#together = new RangeGatherer((spans, signal) => this.#prefetch(spans, signal))
  }

  async open(front: (size: number) => number, signal: AbortSignal): Promise<void> {
    const block = await this.#blocks.get(this.cid, this.#session, signal, 'root')
    this.#root = decodeFileNode(this.cid, block)
    this.#places.open()
    const length = Math.min(front(this.size), this.size)
    if (length === 0) return
    // The header is read while inner nodes come that the front does not need. A read that needs one waits for
    // the same request, and gets its failure.
    const walk = { session: this.#session, buffers: [] }
    this.atRest = this.#walk([], { ...walk, opening: true }, signal).catch(() => undefined)
    await this.#walk([{ offset: 0, length }], { ...walk, opening: false }, signal)
  }

  get size(): number {
    return this.#root?.size ?? 0
  }

  get isWhole(): boolean {
    return this.#seenBytes === this.size
  }

  async readAll(ranges: readonly ByteRange[], signal: AbortSignal) {
    signal.throwIfAborted()
    const buffers = ranges.map((range) => new RangeBuffer(range, this.size))
    const prefetch = this.#isFar(ranges) ? await this.#together.join(ranges, signal) : null
    const session = prefetch === null ? this.#session : this.#session.with({ prefetch })
    await this.#walk(ranges, { session, buffers, opening: false }, signal)
    return buffers.map((buffer) => buffer.finish())
  }

  async leavesOf(ranges: readonly ByteRange[], signal: AbortSignal): Promise<Cid[]> {
    if (this.#root === null) throw new TypeError('the file is not open')
    if (this.#root.children.length === 0) return [this.cid]
    const wanted = new RangeSet(ranges)
    const leaves = new Map<string, Cid>()
    let level: Placed[] = [{ node: this.#root, offset: 0 }]
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > MOST_LEVELS) throw this.#tooDeep()
      const links = level.flatMap((placed) => wantedLinks(placed, wanted))
      for (const { key, child, place } of links) {
        if (blockKindOf(child, place) !== 'inner') leaves.set(key, child.cid)
      }
      const inner = links.filter(({ key }) => !leaves.has(key))
      level = await this.#fetchLevel(inner, this.#session, signal)
    }
    return [...leaves.values()]
  }

  /** Whether inner nodes have to come over the network before the leaves are known: a round trip that a CAR saves. */
  #isFar(ranges: readonly ByteRange[]): boolean {
    if (this.#root === null || !this.#session.gaps.isRemote) return false
    return lacksInner(this.#root, new RangeSet(ranges), this.#inner)
  }

  #prefetch(spans: readonly ByteRange[], signal: AbortSignal): Prefetch | null {
    const prefetch = this.#blocks.prefetch(this.cid, spans, this.#session, signal)
    prefetch?.start()
    return prefetch
  }

  /** Level by level: all blocks of a level that the ranges need are fetched at once. */
  async #walk(
    ranges: readonly ByteRange[],
    { session, opening, buffers }: Walk,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#root === null) throw new TypeError('the file is not open')
    const wanted = new RangeSet(ranges)
    // Of the whole walk: nodes that hold nothing may name each other any number of times.
    let ahead = opening ? MOST_INNER : 0
    const seemEmpty = new SeemEmpty()
    let links = 0
    let level: Placed[] = [{ node: this.#root, offset: 0 }]
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > MOST_LEVELS) throw this.#tooDeep()
      for (const placed of level) {
        this.#take(placed, buffers)
        links += placed.node.children.length
        if (links > MOST_LINKS) throw this.#tooFine()
      }
      const inner = ahead > 0 ? countInner(level) : Infinity
      const allInner = inner <= ahead
      if (allInner) ahead -= inner
      const besides = (child: Child) => seemEmpty.takes(child) || (allInner && !isLeaf(child))
      const next = level.flatMap((placed) => wantedLinks(placed, wanted, besides))
      level = await this.#fetchLevel(next, session, signal)
    }
  }

  /** Each block once, however often the file has it: a file of zeros is one block at thousands of places. */
  async #fetchLevel(
    links: readonly Link[],
    session: ReadSession,
    signal: AbortSignal,
  ): Promise<Placed[]> {
    const nodes = new Map<string, FileNode>()
    const first = new Map(links.map((link) => [link.key, link]))
    const queue = first.entries()
    const fetchSome = async (stop: AbortSignal): Promise<void> => {
      for (const [key, link] of queue) nodes.set(key, await this.#fetch(link, session, stop))
    }
    const tasks = Array.from({ length: Math.min(first.size, MOST_AT_ONCE) }, () => fetchSome)
    await allDone(tasks, signal)
    return links.map((link) => this.#place(link, nodes.get(link.key)))
  }

  #take({ node, offset }: Placed, buffers: readonly RangeBuffer[]): void {
    for (const buffer of buffers) buffer.take(node.data, offset)
    if (node.data.length === 0 || this.#seen.has(offset)) return
    this.#seen.add(offset)
    this.#seenBytes += node.data.length
  }

  async #fetch(
    { key, child, place }: Link,
    session: ReadSession,
    signal: AbortSignal,
  ): Promise<FileNode> {
    const known = this.#inner.get(key)
    if (known !== undefined) return known
    const kind = blockKindOf(child, place)
    if (kind !== 'inner') this.#places.note(key, place)
    const block = await this.#blocks.get(child.cid, session, signal, kind)
    // Another walk may have brought it meanwhile.
    const node = this.#inner.get(key) ?? decodeFileNode(child.cid, block)
    if (node.children.length > 0) this.#inner.set(key, node)
    else for (const mirror of this.#mirrors) mirror.judge(child.cid, node.data)
    return node
  }

  #place({ child, place }: Link, node: FileNode | undefined): Placed {
    if (node === undefined) throw new TypeError('a block of the level was not fetched')
    if (node.size !== place.length) throw this.#wrongSize(child.cid, node.size, place.length)
    return { node, offset: place.offset }
  }

  #wrongSize(child: Cid, size: number, claimed: number): GreenprintError {
    return new GreenprintError(
      'content_unusable',
      `${child.toString()} holds ${size} bytes where its parent in ${this.cid.toString()} claims ${claimed}.`,
    )
  }

  #tooFine(): GreenprintError {
    return new GreenprintError(
      'content_unusable',
      `The DAG under ${this.cid.toString()} is cut into more than ${MOST_LINKS} pieces where it was to be read.`,
    )
  }

  #tooDeep(): GreenprintError {
    return new GreenprintError(
      'content_unusable',
      `The DAG under ${this.cid.toString()} is more than ${MOST_LEVELS} levels deep.`,
    )
  }
}
