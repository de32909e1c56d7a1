// The sample scene: Manaus by Landsat 9, as blocks beside this file, with its STAC item.

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type BlockStore, createBlockStore } from '../kept/block-store.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { defaultOutputs, type NdviRequest } from '../model/request.ts'
import { createDiskStore } from '../store/disk/disk.ts'

const folder = new URL('./scene/', import.meta.url)

/** The blocks of both bands: an ordinary disk store that is only read. */
export function sampleBlocks(): Pick<BlockStore, 'name' | 'get'> {
  return { ...createBlockStore(createDiskStore(fileURLToPath(folder))), name: 'sample' }
}

export async function sampleItem(): Promise<JsonObject> {
  return readJson('item.json')
}

/** Id of the collection that the sample's item says it is of. */
export const SAMPLE_COLLECTION = 'landsat-c2l2-sr'

/** The main job: every default, which is the whole scene at full resolution, since it is small. */
export async function sampleRequest(): Promise<NdviRequest> {
  return {
    item: await sampleItem(),
    scale: 'auto',
    mask: [],
    max_size: 1024,
    colormap_name: 'rdylgn',
    rescale: [-1, 1],
    outputs: defaultOutputs({ max_size: 1024 }),
  }
}

/** Root CID of the sample's result under this version of the software. */
export async function sampleRoot(): Promise<string> {
  const { root } = await readJson('result.json')
  if (typeof root !== 'string') throw new TypeError('result.json of the sample has no root')
  return root
}

async function readJson(name: string): Promise<JsonObject> {
  const value: unknown = JSON.parse(await readFile(new URL(name, folder), 'utf8'))
  if (!isJsonObject(value)) throw new TypeError(`${name} of the sample is not a JSON object`)
  return value
}
