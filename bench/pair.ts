// The pair of bands that the benches read: a fixture mirrored to the size of a scene, made once and kept.

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { JsonObject } from '../lib/model/json.ts'
import { ipfsAsset } from '../test/harness/items.ts'
import { missing, PYTHON } from '../test/harness/requires.ts'

const run = promisify(execFile)
const recipe = fileURLToPath(new URL('make_pair.py', import.meta.url))
const crop = fileURLToPath(
  new URL('../test/fixtures/scenes/l8-c2l1-corumba-before/', import.meta.url),
)
/** Git-ignored; deleting it costs a minute. */
export const cache = fileURLToPath(new URL('../.greenprint/bench/', import.meta.url))

/** Rows and columns of a whole Landsat scene. */
export const SCENE: readonly [rows: number, cols: number] = [7700, 7800]

export interface Pair {
  readonly red: string
  readonly nir: string
}

/** Words for a bench that cannot be run without its peer, or null where rasterio is at hand. */
export function lacksRasterio(): string | null {
  const packages = 'python3-rasterio python3-matplotlib'
  const reason = missing({ commands: [], pythonModules: ['rasterio', 'matplotlib'], packages })
  return reason && `ABSENT: ${reason}. They make the files and are the peer: NOTHING WAS MEASURED.`
}

/** Paths of both bands; made now where this recipe has not made them before. */
export async function makePair([rows, cols]: readonly [number, number] = SCENE): Promise<Pair> {
  const digest = createHash('sha256')
    .update(await readFile(recipe))
    .digest('hex')
  const folder = join(cache, digest.slice(0, 12))
  await mkdir(folder, { recursive: true })
  const make = async (band: string): Promise<string> => {
    const path = join(folder, `${band}-${rows}x${cols}.tif`)
    if (await exists(path)) return path
    await run(PYTHON, [recipe, join(crop, `${band}.tif`), path, String(rows), String(cols)])
    return path
  }
  return { red: await make('red'), nir: await make('nir08') }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
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
