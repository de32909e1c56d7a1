// The files of a result as one directory by content: packed into blocks in our own store, and taken from there as a parcel.

import { GreenprintError } from '../errors.ts'
import type { BlockStore } from '../ipfs/block-store.ts'
import { MAX_REPLY, type WholeFiles } from '../ipfs/whole-files.ts'
import { type Car, encodeCar } from '../ipld/car.ts'
import { blockKey, type Cid, DAG_PB } from '../ipld/cid.ts'
import { writeDirectory } from '../ipld/importer.ts'
import { decodeDirectory, decodeFileNode } from '../ipld/unixfs.ts'
import { validateCar } from '../ipld/validate-car.ts'
import { verifyBlock } from '../ipld/verify.ts'
import { type DagBlock, walkDag } from '../ipld/walk-dag.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { ResultAsset } from '../model/result.ts'
import type { FileContent } from '../store/file-content.ts'
import { assetKeyOf, mediaTypeOf } from './media-types.ts'
import type { SampleBlock, Upload, UploadFile } from './publisher.ts'

export interface PackedDirectory {
  readonly root: Cid
  /** The files by what they are. */
  readonly assets: Readonly<Record<string, ResultAsset>>
}

/** Where the files go: all of them as blocks, those that no reply can carry also in one piece. */
export interface OwnStore {
  readonly store: Pick<BlockStore, 'put'>
  /** null = blocks alone. */
  readonly wholeFiles: Pick<WholeFiles, 'keep'> | null
}

/**
 * Packs files under names that are also sound object keys, and puts every block into the store as it is made, the root
 * last: what has a root there is whole. Equal files give an equal root, whatever their order.
 *
 * @throws {TypeError} for a name that is no plain file name
 * @throws {GreenprintError} `store_failed`
 */
export async function packDirectory(
  files: ReadonlyMap<string, FileContent>,
  { store, wholeFiles }: OwnStore,
  signal: AbortSignal,
): Promise<PackedDirectory> {
  for (const name of files.keys()) {
    if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)) throw new TypeError(`${name} is no file name`)
  }
  const contents = new Map([...files].map(([name, file]) => [name, file.pieces(signal)]))
  const nodes = new Map<string, DagBlock>()
  const root = await writeDirectory(contents, 'unixfs-v1-2025', async (cid, bytes) => {
    if (cid.code === DAG_PB) nodes.set(blockKey(cid), { cid, bytes })
    else await store.put(cid, bytes, signal)
  })
  const top = nodes.get(blockKey(root))
  if (top === undefined) throw new TypeError('the importer left out the root')
  const inner = [...nodes.values()].filter((node) => node !== top)
  await Promise.all(inner.map(({ cid, bytes }) => store.put(cid, bytes, signal)))
  const entries = entriesOf(root, top.bytes)
  for (const { name, cid } of entries) {
    const content = files.get(name)
    if (content === undefined || content.size <= MAX_REPLY) continue
    await wholeFiles?.keep(cid, content, mediaTypeOf(name), signal)
  }
  await store.put(root, top.bytes, signal)
  return { root, assets: describe(entries, files) }
}

function describe(
  entries: readonly { readonly name: string; readonly cid: Cid }[],
  files: ReadonlyMap<string, FileContent>,
): Record<string, ResultAsset> {
  const assets = entries.map(({ name, cid }) => {
    const size = files.get(name)?.size ?? 0
    const asset: ResultAsset = { file: name, cid: cid.toString(), type: mediaTypeOf(name), size }
    return [assetKeyOf(name), asset] as const
  })
  return Object.fromEntries(assets)
}

/**
 * The directory under `root` as it leaves the house, from its blocks; null when one of them is missing or damaged.
 * All of it is in memory: twice its size for a moment, once afterwards.
 *
 * @throws {GreenprintError} `content_unusable` when `root` is no directory of files; `car_invalid` when the CAR is not
 *   what its receiver will ask for
 */
export async function unpackDirectory(
  root: Cid,
  get: (cid: Cid) => Promise<Uint8Array<ArrayBuffer> | null>,
): Promise<Upload | null> {
  const blocks = await walkDag(root, async (cid) => {
    const block = await get(cid)
    return block && verifyBlock(cid, block)
  })
  if (blocks === null) return null
  const car = await encodeCar(root, blocks)
  const blockOf = blocksOfCar(car, blocks)
  const files = entriesOf(root, blockOf(root)).map(
    ({ name, cid }) => [name, parcelFile(name, cid, blockOf)] as const,
  )
  await validateCar(car.bytes, root)
  const leaves = files.map(([, { cid }]) => firstLeaf(cid, blockOf))
  const witnesses = findWitnesses([root, ...leaves], car)
  return { root, car: car.bytes, files: new Map(files), witnesses }
}

type BlockOf = (cid: Cid) => VerifiedBytes

/** The blocks as they lie in the CAR, so that nothing else of them need be kept; hashed there when they are asked for. */
function blocksOfCar({ bytes, places }: Car, blocks: readonly DagBlock[]): BlockOf {
  const byKey = new Map(blocks.map(({ cid }, at) => [blockKey(cid), places[at]]))
  return (cid) => {
    const { offset = 0, length = 0 } = byKey.get(blockKey(cid)) ?? {}
    const block = verifyBlock(cid, bytes.subarray(offset, offset + length))
    if (block === null) throw new TypeError(`${cid.toString()} is not in the CAR`)
    return block
  }
}

function entriesOf(
  root: Cid,
  block: VerifiedBytes,
): { readonly name: string; readonly cid: Cid }[] {
  const entries = decodeDirectory(root, block)
  if (entries !== null) return entries
  throw new GreenprintError('content_unusable', `${root.toString()} is no directory of files.`)
}

function parcelFile(name: string, cid: Cid, blockOf: BlockOf): UploadFile {
  return {
    cid,
    type: mediaTypeOf(name),
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

/** An empty block proves nothing, and no Range can ask for it. */
function findWitnesses(cids: readonly Cid[], { places }: Car): SampleBlock[] {
  const wanted = new Set(cids.map((cid) => cid.toString()))
  return places.filter((place) => wanted.has(place.cid.toString()) && place.length > 0)
}
