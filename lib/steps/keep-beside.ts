// What is kept with the files of a result: its record, where the bytes of its bands are, its receipt, and its place in
// the catalogue.

import { allDone } from '../async/all-or-none.ts'
import type { Clock } from '../async/clock.ts'
import type { JsonObject } from '../model/json.ts'
import type { NdviResult } from '../model/result.ts'
import type { BandSource } from '../model/result-sources.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import type { Beside } from '../publish/beside.ts'
import type { ReceiptSigner } from '../publish/receipt-signer.ts'
import type { FileContent } from '../store/file-content.ts'
import { type Listing, listResult, type madeCollections } from './list-result.ts'
import type { OpenBand } from './open-bands.ts'
import { type Computed, readItemOf } from './output-files.ts'
import { nameOfInput, type ReceiptOf, type ReceiptSource, writeReceipt } from './write-receipt.ts'

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
  /** Keeps the record of the result. */
  readonly keepRecord: (signal: AbortSignal) => Promise<void>
}

/** What is kept of, whichever kind of result it is. */
export interface Made extends Pick<ReceiptOf, 'recipe' | 'sources'> {
  readonly made: keyof typeof madeCollections
  readonly result: Pick<NdviResult, 'root' | 'id'> & {
    readonly proof: Pick<NdviResult['proof'], 'trust'>
  }
}

/** A result of one scene. */
export function madeOf(
  { recipe, scene, bands }: Pick<Computed, 'recipe' | 'scene' | 'bands'>,
  result: Pick<NdviResult, 'root' | 'id' | 'proof'>,
): Made {
  const { proof } = result
  return { made: 'ndvi', recipe, sources: [{ role: null, scene, bands, proof }], result }
}

/**
 * A bucket takes a while for each: none waits for another but the catalogue, which names what is there.
 *
 * @throws {GreenprintError} `store_failed`
 */
export async function keepBeside(
  { made, recipe, sources, result }: Made,
  files: ReadonlyMap<string, FileContent>,
  { started, isTrusted, keepRecord }: MadeBy,
  services: KeptBeside,
  signal: AbortSignal,
): Promise<void> {
  const { root } = result
  const { beside, receipts, clock } = services
  const named = sources.flatMap((source) => sourcesOf(source))
  const keepSources = (stop: AbortSignal) =>
    beside.put(root, 'sources', { root, bands: Object.fromEntries(named) }, stop)
  const keepReceipt = async (stop: AbortSignal) => {
    if (receipts === null) return
    const times = { started, finished: clock.now() }
    const statement = await writeReceipt({ recipe, sources }, files, result, times, stop)
    await beside[isTrusted ? 'put' : 'offer'](root, 'receipt', receipts.sign(statement), stop)
  }
  await allDone([keepRecord, keepSources, keepReceipt], signal)
  await listResult(made, await readItemOf(files, signal), root, services, signal)
}

/** Of bands that were read by their content: what was read over TLS alone nobody can check. */
function sourcesOf({
  role,
  bands: { red, nir, qa },
}: ReceiptSource): (readonly [name: string, source: JsonObject])[] {
  return Object.entries({ red, nir, qa }).flatMap(([name, band]) => {
    const source = band === null ? null : sourceOf(band)
    return source === null ? [] : [[nameOfInput(role, name), { ...source }] as const]
  })
}

function sourceOf({ asset, file }: OpenBand): BandSource | null {
  const { key, content, mirrors } = asset
  if (content === null) return null
  const copies = [...new Set(mirrors.map(unsignedUrl))]
  return { asset: key, cid: content.cid, path: content.path, size: file.size, copies }
}
