// Minimal STAC items for the fixture scenes: the product id, the level, and two assets by CID.

import { isJsonObject, type JsonObject } from '../../lib/model/json.ts'
import type { UnixFsProfile } from '../../lib/ipfs/importer.ts'
import type { MemoryBlocks } from './blocks.ts'
import { sceneFile } from './scenes.ts'

const products = {
  'l9-c2l2-manaus': ['LC09_L2SP_231062_20230723_20230802_02_T1', 'L2SP'],
  'l8-c2l2-brumadinho-before': ['LC08_L2SP_218074_20190114_20200829_02_T1', 'L2SP'],
  'l8-c2l1-corumba-before': ['LC08_L1TP_227074_20190809_20200827_02_T1', 'L1TP'],
} as const

export type SceneName = keyof typeof products

/** Imports both bands into `blocks` and describes them. */
export async function sceneItem(
  scene: SceneName,
  blocks: MemoryBlocks,
  profile: UnixFsProfile = 'unixfs-v0-2015',
): Promise<JsonObject> {
  const [id, correction] = products[scene]
  const asset = async (band: string) =>
    ipfsAsset((await blocks.add(await sceneFile(scene, band), profile)).toString())
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id,
    geometry: null,
    properties: { datetime: '2020-01-01T00:00:00Z', 'landsat:correction': correction },
    assets: { red: await asset('red'), nir08: await asset('nir08') },
    links: [],
  }
}

export function ipfsAsset(address: string): JsonObject {
  const href = address.includes(':') ? address : `ipfs://${address}`
  return { href, alternate: { IPFS: { href } } }
}

/** The item with some of its assets replaced or (undefined) taken away. */
export function withAssets(item: JsonObject, assets: JsonObject): JsonObject {
  return { ...item, assets: { ...assetsOf(item), ...assets } }
}

export function assetsOf(item: JsonObject): JsonObject {
  const { assets } = item
  return isJsonObject(assets) ? assets : {}
}
