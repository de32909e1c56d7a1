// The pair of bands that the benches read: a fixture mirrored to the size of a scene, made once and kept.

import { execFile } from 'node:child_process'
import { access, mkdir, rename } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { JsonObject } from '../../lib/model/json.ts'
import { ipfsAsset } from '../harness/items.ts'

const run = promisify(execFile)
/** Debian's Python has rasterio; another one on the path may not. */
export const PYTHON = '/usr/bin/python3'

const here = new URL('./', import.meta.url)
const scene = new URL('../fixtures/scenes/l8-c2l1-corumba-before/', here)
/** Git-ignored; deleting it costs a minute. */
export const cache = new URL('../../.bench/', here)

/** Rows and columns of a whole Landsat scene. */
export const SCENE: readonly [number, number] = [7700, 7800]

export interface Pair {
  readonly red: string
  readonly nir: string
}

/** Paths of both bands, `rows` by `cols` pixels of 30 m. */
export async function makePair([rows, cols]: readonly [number, number]): Promise<Pair> {
  await mkdir(cache, { recursive: true })
  const [red, nir] = await Promise.all(
    ['red', 'nir08'].map(async (band) => {
      const path = fileURLToPath(new URL(`${band}-${rows}x${cols}.tif`, cache))
      const exists = await access(path).then(
        () => true,
        () => false,
      )
      if (exists) return path
      const script = fileURLToPath(new URL('make_pair.py', here))
      const crop = fileURLToPath(new URL(`${band}.tif`, scene))
      await run(PYTHON, [script, crop, `${path}.new`, String(rows), String(cols)])
      await rename(`${path}.new`, path)
      return path
    }),
  )
  return { red: red ?? '', nir: nir ?? '' }
}

/** A minimal item of the pair's product, its bands by CID. */
export function pairItem(red: string, nir: string): JsonObject {
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: 'LC08_L1TP_227074_20190809_20200827_02_T1',
    geometry: null,
    properties: { datetime: '2019-08-09T13:57:35Z', 'landsat:correction': 'L1TP' },
    assets: { red: ipfsAsset(red), nir08: ipfsAsset(nir) },
    links: [],
  }
}
