// A scene that takes long to compute, from two files of some hundred kilobytes.

import { deflateSync } from 'node:zlib'
import type { JsonObject } from '../../lib/model/json.ts'
import { type MemoryBlocks, noise } from './blocks.ts'
import { hostileTiff } from './hostile-tiffs.ts'
import { ipfsAsset } from './items.ts'

const TILE = 512

/** Pixels of noise: every tile of a band has the same bytes in the file. */
function largeBand(side: number, seed: number): Uint8Array<ArrayBuffer> {
  const data = deflateSync(noise(TILE * TILE, seed))
  return hostileTiff({
    width: side,
    height: side,
    tile: { width: TILE, rows: TILE },
    compression: 8,
    ranges: (tiles) => Array.from({ length: tiles }, () => [0, data.length]),
    data,
  })
}

/** @param side of the scene in pixels; 8,192 take ten seconds or more */
export async function largeScene(blocks: MemoryBlocks, side: number): Promise<JsonObject> {
  const [red, nir] = [await blocks.add(largeBand(side, 1)), await blocks.add(largeBand(side, 2))]
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: 'large',
    geometry: null,
    properties: { datetime: '2020-01-01T00:00:00Z' },
    assets: { red: ipfsAsset(red.toString()), nir: ipfsAsset(nir.toString()) },
    links: [],
  }
}
