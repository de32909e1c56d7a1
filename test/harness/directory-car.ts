// A directory of files as one CAR in memory, from its blocks, checked as its receiver would: what a streamed one has to
// be like.

import { type Car, type CarPlace, encodeCar } from '../../lib/ipld/car.ts'
import { blockKey, type Cid } from '../../lib/ipld/cid.ts'
import type { DagBlock } from '../../lib/ipld/dag-block.ts'
import { decodeFileNode, requireDirectory } from '../../lib/ipld/unixfs.ts'
import { verifyBlock } from '../../lib/ipld/verify.ts'
import type { VerifiedBytes } from '../../lib/model/bytes.ts'
import { walkDag } from './import-dag.ts'
import { validateCar } from './validate-car.ts'

/** A directory with every block present and hashed, under one root. */
export interface DirectoryCar {
  readonly root: Cid
  /** CARv1 that holds the whole DAG under `root`. */
  readonly car: Uint8Array<ArrayBuffer>
  /** The directory's files, by name. */
  readonly files: ReadonlyMap<string, CarFile>
  /** Where blocks that prove possession lie in `car`: the root and the first leaf of every file. */
  readonly sampleBlocks: readonly CarPlace[]
}

export interface CarFile {
  readonly cid: Cid
  /** Assembled from the blocks each time it is asked for. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Media type. */
  readonly type: string
}

/**
 * The directory under `root` from its blocks; null when one of them is missing or damaged.
 * All of it is in memory: twice its size for a moment, once afterwards.
 *
 * @throws {GreenprintError} `content_unusable` when `root` is not a directory of files; `car_invalid` when the CAR is
 *   not
 *   what its receiver will ask for
 */
export async function buildDirectoryCar(
  root: Cid,
  get: (cid: Cid) => Promise<Uint8Array<ArrayBuffer> | null>,
  mediaTypeOf: (name: string) => string,
): Promise<DirectoryCar | null> {
  const blocks = await walkDag(root, async (cid) => {
    const block = await get(cid)
    return block && verifyBlock(cid, block)
  })
  if (blocks === null) return null
  const car = await encodeCar(root, blocks)
  const blockOf = blocksOfCar(car, blocks)
  const files = requireDirectory(root, blockOf(root)).map(
    ({ name, cid }) => [name, carFile(cid, mediaTypeOf(name), blockOf)] as const,
  )
  await validateCar(car.bytes, root)
  const leaves = files.map(([, { cid }]) => firstLeaf(cid, blockOf))
  const sampleBlocks = findSampleBlocks([root, ...leaves], car)
  return { root, car: car.bytes, files: new Map(files), sampleBlocks }
}

type BlockOf = (cid: Cid) => VerifiedBytes

/**
 * The blocks as they lie in the CAR, so that nothing else of them need be kept; hashed there when they are asked for.
 */
function blocksOfCar({ bytes, places }: Car, blocks: readonly DagBlock[]): BlockOf {
  const byKey = new Map(blocks.map(({ cid }, at) => [blockKey(cid), places[at]]))
  return (cid) => {
    const { offset = 0, length = 0 } = byKey.get(blockKey(cid)) ?? {}
    const block = verifyBlock(cid, bytes.subarray(offset, offset + length))
    if (block === null) throw new TypeError(`${cid.toString()} is not in the CAR`)
    return block
  }
}

function carFile(cid: Cid, type: string, blockOf: BlockOf): CarFile {
  return {
    cid,
    type,
    get bytes() {
      return joinFile(cid, blockOf)
    },
  }
}

function joinFile(root: Cid, blockOf: BlockOf): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(decodeFileNode(root, blockOf(root)).size)
  let end = 0
  const append = (cid: Cid): void => {
    const { data, children } = decodeFileNode(cid, blockOf(cid))
    whole.set(data, end)
    end += data.length
    for (const child of children) append(child.cid)
  }
  append(root)
  return whole
}

function firstLeaf(cid: Cid, blockOf: BlockOf): Cid {
  const child = decodeFileNode(cid, blockOf(cid)).children[0]
  return child === undefined ? cid : firstLeaf(child.cid, blockOf)
}

/** An empty block proves nothing, and no Range header can ask for it. */
function findSampleBlocks(cids: readonly Cid[], { places }: Car): CarPlace[] {
  const wanted = new Set(cids.map((cid) => cid.toString()))
  return places.filter((place) => wanted.has(place.cid.toString()) && place.length > 0)
}
