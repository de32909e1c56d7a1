// The files of a result as one directory by content, kept in our own store.

import { blockKey, type Cid, DAG_PB } from '../ipld/cid.ts'
import type { DagBlock } from '../ipld/dag-block.ts'
import { writeDirectory } from '../ipld/importer.ts'
import { requireDirectory } from '../ipld/unixfs.ts'
import type { ContentStore } from '../kept/content-store.ts'
import type { ShelfName } from '../kept/shelves.ts'
import type { ResultAsset } from '../model/result.ts'
import type { FileContent } from '../store/file-content.ts'
import { assetKeyOf, mediaTypeOf } from './media-types.ts'

export interface PackedDirectory {
  readonly root: Cid
  /** The files by what they are. */
  readonly assets: Readonly<Record<string, ResultAsset>>
}

/**
 * Packs files under names that are also valid object keys, and keeps them. Equal files give an equal root, whatever
 * their order.
 *
 * @param shelf where they are kept: what is published at once need not be moved later
 * @throws {TypeError} for a name that is not a plain file name
 * @throws {GreenprintError} `store_failed`
 */
export async function packDirectory(
  files: ReadonlyMap<string, FileContent>,
  store: Pick<ContentStore, 'keep'>,
  shelf: ShelfName,
  signal: AbortSignal,
): Promise<PackedDirectory> {
  for (const name of files.keys()) {
    if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name))
      throw new TypeError(`${name} is not a plain file name`)
  }
  const contents = new Map([...files].map(([name, file]) => [name, file.pieces(signal)]))
  const nodes = new Map<string, DagBlock>()
  const root = await writeDirectory(contents, 'unixfs-v1-2025', (cid, bytes) => {
    if (cid.code === DAG_PB) nodes.set(blockKey(cid), { cid, bytes })
  })
  const top = nodes.get(blockKey(root))
  if (top === undefined) throw new TypeError('the importer left out the root')
  const entries = requireDirectory(root, top.bytes)
  const kept = entries.flatMap(({ name, cid }) => {
    const content = files.get(name)
    return content === undefined ? [] : [{ name, cid, type: mediaTypeOf(name), content }]
  })
  const inner = [...nodes.values()].filter((node) => node !== top)
  await store.keep({ root: top, nodes: inner, files: kept }, shelf, signal)
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
