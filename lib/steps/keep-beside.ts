// What is kept beside a result: its place in the catalogue, and where the bytes of its bands are.

import type { JsonObject } from '../model/json.ts'
import type { BandSource } from '../model/result-sources.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import type { Beside } from '../publish/beside.ts'
import type { FileContent } from '../store/file-content.ts'
import { type Listing, listResult } from './list-result.ts'
import type { Bands, OpenBand } from './open-bands.ts'
import { type Computed, readItemOf } from './output-files.ts'

export interface KeptBeside extends Listing {
  readonly beside: Beside
}

/** @throws {GreenprintError} `store_failed` */
export async function keepBeside(
  { bands }: Pick<Computed, 'bands'>,
  files: ReadonlyMap<string, FileContent>,
  root: string,
  services: KeptBeside,
  signal: AbortSignal,
): Promise<void> {
  await services.beside.put(root, 'sources', { root, bands: sourcesOf(bands) }, signal)
  await listResult('ndvi', await readItemOf(files, signal), root, services, signal)
}

/** Of bands that were read by their content: what was read over TLS alone nobody can check. */
function sourcesOf({ red, nir, qa }: Bands): JsonObject {
  const named = Object.entries({ red, nir, qa }).flatMap(([name, band]) => {
    const source = band === null ? null : sourceOf(band)
    return source === null ? [] : [[name, { ...source }] as const]
  })
  return Object.fromEntries(named)
}

function sourceOf({ asset, file }: OpenBand): BandSource | null {
  const { key, content, mirrors } = asset
  if (content === null) return null
  const copies = [...new Set(mirrors.map(unsignedUrl))]
  return { asset: key, cid: content.cid, path: content.path, size: file.size, copies }
}
