// A file named by its content, read in pieces: only the blocks that hold the asked ranges, each checked.

import type { Cid } from '../cid/cid.ts'
import { GreenprintError } from '../errors.ts'
import type { ByteRange, RandomAccess, VerifiedBytes } from '../model/bytes.ts'
import type { Blocks } from './blocks.ts'
import type { ReadLedger } from './ledger.ts'
import { type Child, decodeFileNode, type FileNode } from './unixfs.ts'
import { VerifiedAssembly } from './verify.ts'

/** Real files of 100 GB are four levels deep; a chain far below that is an attack on our patience. */
const MAX_DEPTH = 16

export interface VerifiedFile extends RandomAccess {
  readonly cid: Cid
  readonly ledger: ReadLedger
}

/** A node of the DAG and where its bytes lie in the file. */
interface Placed {
  readonly node: FileNode
  readonly offset: number
}

/**
 * Fetches and checks the root block of a file.
 *
 * @throws {GreenprintError} `content_unavailable` when no source has it, `content_unusable` when it is no file
 */
export async function openFile(
  cid: Cid,
  blocks: Blocks,
  ledger: ReadLedger,
  signal: AbortSignal,
): Promise<VerifiedFile> {
  const root = decodeFileNode(cid, await blocks.get(cid, ledger, signal))

  async function fetchChild(parent: Placed, child: Child): Promise<Placed> {
    const node = decodeFileNode(child.cid, await blocks.get(child.cid, ledger, signal))
    const claimed = child.end - child.start
    if (node.size !== claimed) {
      throw new GreenprintError(
        'content_unusable',
        `${child.cid.toString()} holds ${node.size} bytes where its parent in ${cid.toString()} claims ${claimed}.`,
      )
    }
    return { node, offset: parent.offset + child.start }
  }

  return {
    cid,
    ledger,
    size: root.size,
    async readAll(ranges, readSignal) {
      readSignal.throwIfAborted()
      const stretches = ranges.map((range) => new Stretch(range, root.size))
      let level: Placed[] = [{ node: root, offset: 0 }]
      for (let depth = 0; level.length > 0; depth++) {
        if (depth > MAX_DEPTH) throw tooDeep(cid)
        for (const placed of level) for (const stretch of stretches) stretch.take(placed)
        level = await Promise.all(
          level.flatMap((placed) =>
            wantedChildren(placed, stretches).map((child) => fetchChild(placed, child)),
          ),
        )
      }
      return stretches.map((stretch) => stretch.finish())
    },
  }
}

function wantedChildren({ node, offset }: Placed, stretches: readonly Stretch[]): Child[] {
  return node.children.filter((child) =>
    stretches.some((stretch) => stretch.overlaps(offset + child.start, offset + child.end)),
  )
}

function tooDeep(cid: Cid): GreenprintError {
  return new GreenprintError(
    'content_unusable',
    `The DAG under ${cid.toString()} is more than ${MAX_DEPTH} levels deep.`,
  )
}

/** One asked range, filling up as leaves arrive. */
class Stretch {
  readonly #from: number
  readonly #to: number
  readonly #assembly: VerifiedAssembly

  constructor({ offset, length }: ByteRange, size: number) {
    if (offset < 0 || length < 0 || offset + length > size) {
      throw new GreenprintError(
        'raster_unusable',
        `The file names bytes ${offset} to ${offset + length}, but it has only ${size}: it is cut short or damaged.`,
      )
    }
    this.#from = offset
    this.#to = offset + length
    this.#assembly = new VerifiedAssembly(length)
  }

  overlaps(start: number, end: number): boolean {
    return start < this.#to && end > this.#from
  }

  take({ node, offset }: Placed): void {
    const start = Math.max(offset, this.#from)
    const end = Math.min(offset + node.data.length, this.#to)
    if (start < end) this.#assembly.put(node.data, start - offset, end - offset, start - this.#from)
  }

  finish(): VerifiedBytes {
    return this.#assembly.finish()
  }
}
