// CAR version 1, https://ipld.io/specs/transport/car/carv1/: the only door to @ipld/car.

import { describeError, GreenprintError } from '../errors.ts'
import { type Cid, encodeVarint } from './cid.ts'
import type { DagBlock } from './dag-block.ts'

/** Where the bytes of a block lie in a CAR. */
export interface CarPlace {
  readonly cid: Cid
  readonly offset: number
  readonly length: number
}

export interface Car {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** In the order of the blocks. */
  readonly places: readonly CarPlace[]
}

/** As found, nothing checked: the bytes may not be what the CID says. */
export interface CarBlock extends CarPlace {
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** A CAR with one root and these blocks, in this order: depth first, each once, it makes equal DAGs equal CARs. */
export async function encodeCar(root: Cid, blocks: readonly DagBlock[]): Promise<Car> {
  const { blockLength, createWriter, headerLength } = await import('@ipld/car/buffer-writer')
  const places: CarPlace[] = []
  let end = headerLength({ roots: [root] })
  for (const block of blocks) {
    end += blockLength(block)
    const length = block.bytes.length
    places.push({ cid: block.cid, offset: end - length, length })
  }
  const bytes = new Uint8Array(end)
  const writer = createWriter(bytes.buffer, { roots: [root] })
  for (const block of blocks) writer.write(block)
  writer.close()
  return { bytes, places }
}

/** The beginning of a CAR that is written block by block. */
export async function carHeader(root: Cid): Promise<Uint8Array<ArrayBuffer>> {
  return (await encodeCar(root, [])).bytes
}

/** What stands before the bytes of a block: the length of both, and the CID. */
export function carSectionHead(cid: Cid, blockLength: number): Uint8Array<ArrayBuffer> {
  const length = encodeVarint(cid.bytes.length + blockLength)
  return Uint8Array.from([...length, ...cid.bytes])
}

/**
 * The roots and blocks of a CAR. Blocks are views of it.
 *
 * @throws {GreenprintError} `car_invalid` for bytes that are not a whole CAR of version 1
 */
export async function decodeCar(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ readonly roots: readonly Cid[]; readonly blocks: readonly CarBlock[] }> {
  const { CarIndexer } = await import('@ipld/car/indexer')
  try {
    const index = await CarIndexer.fromBytes(bytes)
    if (index.version !== 1) throw new Error(`its version is ${index.version}, not 1`)
    const blocks: CarBlock[] = []
    for await (const { cid, blockOffset: offset, blockLength: length } of index) {
      // The indexer skips by announced lengths and does not look where that leads.
      if (length < 0) throw new Error(`the section of ${cid.toString()} is shorter than its CID`)
      if (offset + length > bytes.length) throw new Error(`it ends inside block ${cid.toString()}`)
      blocks.push({ cid, offset, length, bytes: bytes.subarray(offset, offset + length) })
    }
    return { roots: await index.getRoots(), blocks }
  } catch (cause) {
    throw new GreenprintError('car_invalid', `The CAR cannot be read: ${describeError(cause)}.`, {
      cause,
    })
  }
}
