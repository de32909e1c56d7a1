// The three files of proj-wasm that lib/geo/proj-module.ts loads, in a folder of their own: SST packs a single file
// twice, and the whole package would pass the bar of the zips.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'

const from = 'node_modules/proj-wasm/dist'
const folder = '.sst/proj-wasm'

/** For `copyFiles`. The database is packed by Brotli: 0.8 MB less in each zip, 30 ms more where PROJ is needed. */
export function projFiles(): { from: string; to: string }[] {
  mkdirSync(folder, { recursive: true })
  for (const name of ['proj-emscripten.js', 'proj-emscripten.wasm']) {
    copyFileSync(`${from}/${name}`, `${folder}/${name}`)
  }
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  }
  const packed = brotliCompressSync(readFileSync(`${from}/proj.db`), { params })
  writeFileSync(`${folder}/proj.db.br`, packed)
  return [{ from: folder, to: 'proj-wasm' }]
}
