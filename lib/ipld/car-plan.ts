// A CAR before it is written: which blocks it will hold, in which order, and how many bytes that is.

import { GreenprintError } from '../errors.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { carHeader } from './car.ts'
import { oneByOne, type PlannedBlock, type ReadAll, sectionLength, writeCar } from './car-write.ts'
import { blockKey, type Cid, DAG_PB, inlineContent, RAW } from './cid.ts'
import type { DagBlock } from './dag-block.ts'
import { cborLinks, DAG_CBOR } from './dag-cbor.ts'
import { type GetBlock, walkDirectory } from './directory.ts'
import { type ByteSpan, type EntityBytes, spanOf } from './entity-bytes.ts'
import { MOST_LEVELS, tooDeep } from './file-dag.ts'
import { decodeFileNode, decodeUnixFs, fileNodeOf } from './unixfs.ts'

/**
 * What of the DAG at the end of a path belongs to a CAR, `dag-scope` of
 * https://specs.ipfs.tech/http-gateways/trustless-gateway/#dag-scope-request-query-parameter
 */
export type DagScope = 'block' | 'entity' | 'all'

export interface CarRequest {
  /** The blocks that prove the path. */
  readonly path: readonly DagBlock[]
  /** Where the path ends; null where it leads nowhere, and its blocks are all there is. */
  readonly end: Cid | null
  readonly scope: DagScope
  /** Of a file, and only for the scope `entity`; null = all of it. */
  readonly bytes: EntityBytes | null
  /** Whether a block stands in the CAR as often as the walk meets it. */
  readonly duplicates: boolean
}

export interface CarLimits {
  /** A larger CAR is not planned to its end. */
  readonly mostBytes: number
  /** Told in the error. */
  readonly advice: string
}

export interface CarPlan {
  /** Bytes of the whole CAR. */
  readonly size: number
  /** In their order. */
  readonly blocks: readonly PlannedBlock[]
  /**
   * Writes it. Throws what `get` throws.
   *
   * @param from bytes of it that are left out: nothing is read for them
   * @param readAll one block in memory at a time, unless it reads ahead
   */
  write(
    signal: AbortSignal,
    from?: number,
    readAll?: ReadAll,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>
}

/** Blocks that one walk meets: a DAG may name the same ones any number of times. */
const MOST_BLOCKS = 200_000
/** Of blocks that were read while planning, so that a small CAR reads each once. */
const KEPT_BYTES = 4 * 1024 * 1024

/**
 * Walks the DAG without reading leaves whose length their parent tells.
 *
 * @param root named in the header
 * @throws {GreenprintError} `too_large`; `invalid_request` for bytes that lie outside of the file; what `get` throws
 *   for
 *   a node that is missing
 */
export async function planCar(
  root: Cid,
  request: CarRequest,
  get: GetBlock,
  limits: CarLimits,
): Promise<CarPlan> {
  const planner = new Planner(await carHeader(root), request.duplicates, get, limits)
  for (const { cid, bytes } of request.path) planner.add(cid, bytes.length, bytes)
  if (request.end !== null) await planner.addScope(request.end, request)
  return planner.plan()
}

class Planner {
  readonly #header: Uint8Array<ArrayBuffer>
  readonly #duplicates: boolean
  readonly #get: GetBlock
  readonly #limits: CarLimits
  readonly #blocks: PlannedBlock[] = []
  readonly #seen = new Set<string>()
  readonly #kept = new Map<string, VerifiedBytes>()
  #size: number
  #keptBytes = 0
  #met = 0

  constructor(
    header: Uint8Array<ArrayBuffer>,
    duplicates: boolean,
    get: GetBlock,
    limits: CarLimits,
  ) {
    this.#header = header
    this.#size = header.length
    this.#duplicates = duplicates
    this.#get = get
    this.#limits = limits
  }

  plan(): CarPlan {
    const planned = {
      header: this.#header,
      blocks: this.#blocks,
      read: (cid: Cid) => this.#read(cid),
    }
    return {
      size: this.#size,
      blocks: this.#blocks,
      write: (signal, from = 0, readAll = oneByOne) => writeCar(planned, { from, readAll }, signal),
    }
  }

  add(cid: Cid, length: number, bytes?: VerifiedBytes): void {
    if (++this.#met > MOST_BLOCKS) throw this.#tooLarge(`more than ${MOST_BLOCKS} blocks`)
    // A CID that carries its own content is never a block of a CAR.
    if (inlineContent(cid) !== null) return
    const key = blockKey(cid)
    if (bytes !== undefined) this.#keep(key, bytes)
    if (!this.#duplicates && this.#seen.has(key)) return
    this.#seen.add(key)
    this.#blocks.push({ cid, length })
    this.#size += sectionLength({ cid, length })
    const { mostBytes } = this.#limits
    if (this.#size > mostBytes) throw this.#tooLarge(`more than ${mostBytes} bytes`)
  }

  async addScope(end: Cid, { scope, bytes: asked }: CarRequest): Promise<void> {
    if (scope === 'all') return this.#addAll(end)
    const bytes = await this.#read(end)
    const type = end.code === DAG_PB ? decodeUnixFs(end, bytes).unixfs.type : null
    if (scope === 'block' || (type === null && end.code !== RAW)) {
      this.add(end, bytes.length, bytes)
    } else if (type === 'directory' || type === 'hamt-sharded-directory') {
      const nodes = walkDirectory(end, (cid) => this.#read(cid))
      for await (const node of nodes) this.add(node.cid, node.bytes.length, node.bytes)
    } else if (type === null || type === 'file' || type === 'raw') {
      const { size } = decodeFileNode(end, bytes)
      await this.#addFile(end, 0, asked === null ? { start: 0, end: size } : spanOf(asked, size), 0)
    } else this.add(end, bytes.length, bytes)
  }

  async #read(cid: Cid): Promise<VerifiedBytes> {
    return this.#kept.get(blockKey(cid)) ?? this.#get(cid)
  }

  #keep(key: string, bytes: VerifiedBytes): void {
    if (this.#kept.has(key) || this.#keptBytes + bytes.length > KEPT_BYTES) return
    this.#kept.set(key, bytes)
    this.#keptBytes += bytes.length
  }

  /** Depth first; leaves of files by the length that their parents tell. */
  async #addAll(root: Cid): Promise<void> {
    const stack: Child[] = [{ cid: root, length: null }]
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { cid, length } = next
      if (inlineContent(cid) !== null) continue
      if (!this.#duplicates && this.#seen.has(blockKey(cid))) continue
      if (length !== null) {
        this.add(cid, length)
        continue
      }
      const bytes = await this.#read(cid)
      this.add(cid, bytes.length, bytes)
      stack.push(...(await childrenOf(cid, bytes)).toReversed())
    }
  }

  /** The blocks on the way to the bytes of `span`, and no other; none but the root where it is empty. */
  async #addFile(cid: Cid, offset: number, span: ByteSpan, depth: number): Promise<void> {
    if (depth > MOST_LEVELS) throw tooDeep(cid)
    const bytes = await this.#read(cid)
    this.add(cid, bytes.length, bytes)
    for (const child of decodeFileNode(cid, bytes).children) {
      const start = offset + child.start
      const end = offset + child.end
      if (start >= span.end || end <= span.start) continue
      if (child.cid.code === RAW) this.add(child.cid, end - start)
      else if (inlineContent(child.cid) === null) {
        await this.#addFile(child.cid, start, span, depth + 1)
      }
    }
  }

  #tooLarge(what: string): GreenprintError {
    return new GreenprintError('too_large', `The CAR has ${what}. ${this.#limits.advice}`)
  }
}

/** A block that another links to, and its length where that is told: of a file's raw leaves. */
interface Child {
  readonly cid: Cid
  readonly length: number | null
}

async function childrenOf(cid: Cid, bytes: VerifiedBytes): Promise<Child[]> {
  if (cid.code === DAG_CBOR) {
    return (await cborLinks(cid, bytes)).map((child) => ({ cid: child, length: null }))
  }
  if (cid.code !== DAG_PB) return []
  const node = decodeUnixFs(cid, bytes)
  if (node.unixfs.type !== 'file') {
    return node.links.map(({ Hash }) => ({ cid: Hash, length: null }))
  }
  const { children } = fileNodeOf(cid, bytes, node)
  return children.map((child) => ({
    cid: child.cid,
    length: child.cid.code === RAW ? child.end - child.start : null,
  }))
}
