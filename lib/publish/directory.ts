// The files of a result as one directory by content, packed into blocks in our own store.

import type { BlockStore } from '../ipfs/block-store.ts'
import { MAX_REPLY, type WholeFiles } from '../ipfs/whole-files.ts'
import { blockKey, type Cid, DAG_PB } from '../ipld/cid.ts'
import { directoryEntries } from '../ipld/directory-car.ts'
import { writeDirectory } from '../ipld/importer.ts'
import type { DagBlock } from '../ipld/walk-dag.ts'
import type { ResultAsset } from '../model/result.ts'
import type { FileContent } from '../store/file-content.ts'
import { assetKeyOf, mediaTypeOf } from './media-types.ts'

export interface PackedDirectory {
  readonly root: Cid
  /** The files by what they are. */
  readonly assets: Readonly<Record<string, ResultAsset>>
}

/** Where the files go: all of them as blocks, those too large for one reply also in one piece. */
export interface OwnStore {
  readonly store: Pick<BlockStore, 'put'>
  /** null = blocks alone. */
  readonly wholeFiles: Pick<WholeFiles, 'keep'> | null
}

/**
 * Packs files under names that are also valid object keys, and puts every block into the store as it is made, the root
 * last: a root in the store means that all of it is there. Equal files give an equal root, whatever their order.
 *
 * @throws {TypeError} for a name that is not a plain file name
 * @throws {GreenprintError} `store_failed`
 */
export async function packDirectory(
  files: ReadonlyMap<string, FileContent>,
  { store, wholeFiles }: OwnStore,
  signal: AbortSignal,
): Promise<PackedDirectory> {
  for (const name of files.keys()) {
    if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name))
      throw new TypeError(`${name} is not a plain file name`)
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
  const entries = directoryEntries(root, top.bytes)
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
