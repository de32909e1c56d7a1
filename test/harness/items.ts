// Minimal STAC items for the fixture scenes: the product id, the level, and two assets by CID.

import type { UnixFsProfile } from '../../lib/ipld/importer.ts'
import { isJsonObject, type JsonObject } from '../../lib/model/json.ts'
import type { MemoryBlocks } from './blocks.ts'
import { sceneFile } from './scenes.ts'

interface Described {
  readonly id: string
  readonly properties: JsonObject
  /** Files of the scene's folder by the asset that each one is. */
  readonly assets: Readonly<Record<string, string>>
}

const landsat = (id: string, assets: Described['assets'] = {}): Described => ({
  id,
  properties: { 'landsat:correction': id.split('_')[1] ?? '' },
  assets: { red: 'red', nir08: 'nir08', ...assets },
})

const scenes = {
  'l9-c2l2-manaus': landsat('LC09_L2SP_231062_20230723_20230802_02_T1'),
  'l8-c2l2-brumadinho-before': landsat('LC08_L2SP_218074_20190114_20200829_02_T1'),
  'l8-c2l2-southaustralia-098084': landsat('LC08_L2SP_098084_20210503_20210508_02_T1', {
    qa_pixel: 'qa_pixel',
  }),
  // A crop of a Collection 1 scene of which nobody says which: no product is known, its quality band is a BQA.
  'l8-l1-elkton-va': {
    id: 'elkton-va',
    properties: {},
    assets: { red: 'red', nir08: 'nir08', bqa: 'qa_pixel' },
  },
  'l8-c2l1-corumba-before': landsat('LC08_L1TP_227074_20190809_20200827_02_T1'),
  's2-l2a-29RKH': {
    id: 'S2A_29RKH_20200219_0_L2A',
    properties: { 's2:processing_baseline': '02.14' },
    assets: { red: 'red', nir: 'nir08' },
  },
} as const satisfies Readonly<Record<string, Described>>

export type SceneName = keyof typeof scenes

/** Imports the bands into `blocks` and describes them. */
export async function sceneItem(
  scene: SceneName,
  blocks: MemoryBlocks,
  profile: UnixFsProfile = 'unixfs-v0-2015',
): Promise<JsonObject> {
  const { id, properties, assets } = scenes[scene]
  const imported: Record<string, JsonObject> = {}
  for (const [key, file] of Object.entries(assets)) {
    const cid = await blocks.add(await sceneFile(scene, file), profile)
    imported[key] = ipfsAsset(cid.toString())
  }
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id,
    geometry: null,
    properties: { datetime: '2020-01-01T00:00:00Z', ...properties },
    assets: imported,
    links: [],
  }
}

/** The Sentinel-2 scene of the fixtures as catalogues describe it, with files of one's own. */
export const sentinelItem = {
  type: 'Feature',
  stac_version: '1.0.0',
  id: 'S2A_29RKH_20200219_0_L2A',
  collection: 'sentinel-2-l2a',
  geometry: null,
  properties: { datetime: '2020-02-19T11:00:00Z', 's2:processing_baseline': '02.14' },
  links: [],
} as const

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
