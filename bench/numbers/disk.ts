// The pair as blocks in a store on this disk: where a deployment reads from that has them already.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createBlockStore } from '../../lib/kept/block-store.ts'
import { createDiskStore } from '../../lib/store/disk/disk.ts'
import { importFile } from '../../test/harness/import-dag.ts'
import { cache, type Pair, pairItem } from '../pair.ts'

export interface OnDisk {
  readonly name: string
  readonly dataDir: string
  /** Path of the STAC item. */
  readonly item: string
}

/** Imports both bands as `ipfs add` does, CIDv0 and 256 KiB. */
export async function importPair({ red, nir }: Pair, name: string): Promise<OnDisk> {
  const dataDir = join(cache, `data-${name}`)
  await mkdir(dataDir, { recursive: true })
  const store = createBlockStore(createDiskStore(dataDir))
  const cids: string[] = []
  for (const path of [red, nir]) cids.push(await importBand(path, store))
  const item = join(dataDir, 'item.json')
  await writeFile(item, JSON.stringify(pairItem(cids[0] ?? '', cids[1] ?? '')))
  return { name, dataDir, item }
}

async function importBand(
  path: string,
  store: ReturnType<typeof createBlockStore>,
): Promise<string> {
  const { signal } = new AbortController()
  const bytes = new Uint8Array(await readFile(path))
  const { root, blocks } = await importFile(bytes, 'unixfs-v0-2015')
  for (const { cid, bytes: block } of blocks) await store.put(cid, block, signal)
  return root.toString()
}
