// The full-size pair on disk: made once by make_pair.py, kept in a folder that git ignores.

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { PerBand } from './content.ts'

/** Debian's, which has python3-rasterio; another one on the PATH may not. */
export const PYTHON = '/usr/bin/python3'

const recipe = fileURLToPath(new URL('make_pair.py', import.meta.url))
const crop = fileURLToPath(
  new URL('../../fixtures/scenes/l8-c2l1-corumba-before/', import.meta.url),
)
const cache = fileURLToPath(new URL('../../../.greenprint/bench/', import.meta.url))

export async function hasRasterio(): Promise<boolean> {
  return promisify(execFile)(PYTHON, ['-c', 'import rasterio']).then(
    () => true,
    () => false,
  )
}

/** Paths of the pair, made now where this recipe has not made it before. */
export async function makePair(): Promise<PerBand> {
  const name = createHash('sha256')
    .update(await readFile(recipe))
    .digest('hex')
    .slice(0, 12)
  const folder = join(cache, name)
  const pair = { red: join(folder, 'red.tif'), nir: join(folder, 'nir.tif') }
  if ((await exists(pair.red)) && (await exists(pair.nir))) return pair
  await mkdir(folder, { recursive: true })
  await promisify(execFile)(PYTHON, [recipe, crop, folder])
  return pair
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
