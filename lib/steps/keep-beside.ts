// What is kept beside a result: where the bytes of its bands are, its receipt, and its place in the catalogue.

import type { Clock } from '../async/clock.ts'
import type { JsonObject } from '../model/json.ts'
import type { NdviResult } from '../model/result.ts'
import type { BandSource } from '../model/result-sources.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import type { Beside } from '../publish/beside.ts'
import type { ReceiptSigner } from '../publish/receipt-signer.ts'
import type { FileContent } from '../store/file-content.ts'
import { type Listing, listResult } from './list-result.ts'
import type { Bands, OpenBand } from './open-bands.ts'
import { type Computed, readItemOf } from './output-files.ts'
import { writeReceipt } from './write-receipt.ts'

export interface KeptBeside extends Listing {
  readonly beside: Beside
  /** null = results have none. */
  readonly receipts: ReceiptSigner | null
  readonly clock: Clock
}

export interface MadeBy {
  /** When the run began: milliseconds since 1970. */
  readonly started: number
  /** Whose receipt may take the place of an earlier one of the same root. */
  readonly isTrusted: boolean
}

/** @throws {GreenprintError} `store_failed` */
export async function keepBeside(
  computed: Pick<Computed, 'bands' | 'recipe' | 'scene'>,
  files: ReadonlyMap<string, FileContent>,
  result: NdviResult,
  { started, isTrusted }: MadeBy,
  services: KeptBeside,
  signal: AbortSignal,
): Promise<void> {
  const { root } = result
  const { beside, receipts, clock } = services
  await beside.put(root, 'sources', { root, bands: sourcesOf(computed.bands) }, signal)
  if (receipts !== null) {
    const times = { started, finished: clock.now() }
    const statement = await writeReceipt(computed, files, result, times, signal)
    await beside[isTrusted ? 'put' : 'offer'](root, 'receipt', receipts.sign(statement), signal)
  }
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
