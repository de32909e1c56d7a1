// The files of a result as one directory by content: its root, its blocks, and the CAR that carries them.

import { blockKey, type Cid } from '../cid/cid.ts'
import { GreenprintError } from '../errors.ts'
import { type Car, encodeCar } from '../ipfs/car.ts'
import { type DagBlock, walkDag } from '../ipfs/dag.ts'
import { importDirectory } from '../ipfs/importer.ts'
import { decodeDirectory, decodeFileNode } from '../ipfs/unixfs.ts'
import { verifyBlock } from '../ipfs/verify.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { ResultAsset } from '../model/result.ts'
import { mediaTypeOf } from './media-types.ts'
import type { Parcel, ParcelFile, Witness } from './publisher.ts'
import { validateCar } from './validate-car.ts'

export interface OutputFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Media type. */
  readonly type: string
}

export interface PackedDirectory extends Parcel {
  /** Depth first from the root, each once: the order of the CAR. */
  readonly blocks: readonly DagBlock[]
  /** The files by what they are: their names without the ending. */
  readonly assets: Readonly<Record<string, ResultAsset>>
}

/**
 * Packs files under names that are also sound object keys; equal files give equal bytes, whatever their order.
 *
 * @throws {TypeError} for a name that is no plain file name
 * @throws {GreenprintError} `car_invalid` when the CAR is not what its receiver will ask for
 */
export async function packDirectory(
  files: ReadonlyMap<string, OutputFile>,
): Promise<PackedDirectory> {
  for (const name of files.keys()) {
    if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)) throw new TypeError(`${name} is no file name`)
  }
  const contents = new Map([...files].map(([name, file]) => [name, file.bytes]))
  const { root, blocks } = await importDirectory(contents, 'unixfs-v1-2025')
  return assemble(root, blocks, (name) => files.get(name))
}

/**
 * The directory that was packed under `root`, from its blocks; null when one of them is missing or damaged.
 *
 * @throws {GreenprintError} `content_unusable` when `root` is no directory of files
 */
export async function unpackDirectory(
  root: Cid,
  get: (cid: Cid) => Promise<Uint8Array<ArrayBuffer> | null>,
): Promise<PackedDirectory | null> {
  const blocks = await walkDag(root, async (cid) => {
    const block = await get(cid)
    return block && verifyBlock(cid, block)
  })
  return blocks && assemble(root, blocks, () => undefined)
}

/** Files that are not given are put together from their blocks. */
async function assemble(
  root: Cid,
  blocks: readonly DagBlock[],
  given: (name: string) => OutputFile | undefined,
): Promise<PackedDirectory> {
  const byKey = new Map(blocks.map(({ cid, bytes }) => [blockKey(cid), bytes]))
  const blockOf: BlockOf = (cid) => {
    const block = byKey.get(blockKey(cid))
    if (block === undefined) throw new TypeError(`${cid.toString()} was not walked to`)
    return block
  }
  const entries = decodeDirectory(root, blockOf(root))
  if (entries === null) {
    throw new GreenprintError('content_unusable', `${root.toString()} is no directory of files.`)
  }
  const files = new Map<string, ParcelFile>()
  const leaves: Cid[] = []
  for (const { name, cid } of entries) {
    const { bytes, type } = given(name) ?? {
      bytes: joinFile(cid, blockOf),
      type: mediaTypeOf(name),
    }
    files.set(name, { cid, bytes, type })
    leaves.push(firstLeaf(cid, blockOf))
  }
  const car = await encodeCar(root, blocks)
  await validateCar(car.bytes, root)
  const witnesses = findWitnesses([root, ...leaves], car)
  return { root, car: car.bytes, files, witnesses, blocks, assets: describe(files) }
}

type BlockOf = (cid: Cid) => VerifiedBytes

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

/** An empty block proves nothing, and no Range can ask for it. */
function findWitnesses(cids: readonly Cid[], { places }: Car): Witness[] {
  const wanted = new Set(cids.map((cid) => cid.toString()))
  return places.filter((place) => wanted.has(place.cid.toString()) && place.length > 0)
}

function describe(files: ReadonlyMap<string, ParcelFile>): Record<string, ResultAsset> {
  const assets = [...files].map(([file, { cid, bytes, type }]) => {
    const asset: ResultAsset = { file, cid: cid.toString(), type, size: bytes.length }
    return [file.replace(/\.[^.]*$/, ''), asset] as const
  })
  return Object.fromEntries(assets)
}
