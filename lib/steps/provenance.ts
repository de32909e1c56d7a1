// Which bytes were read, who served them, and whether they are what the data's producer published.

import { startFileChecksum } from '../ipld/cid.ts'
import { type BandProof, checksumReasons, type ProducerChecksum } from '../model/result.ts'
import type { Bands, OpenBand } from './open-bands.ts'

/** Pieces of a whole file, one in memory at a time. */
const PIECE_BYTES = 8 * 1024 * 1024

export interface Provenance {
  readonly bands: Readonly<Record<string, BandProof>>
  readonly warnings: readonly string[]
}

/** The provenance of all bands as they were read until now. */
export async function provenanceOf(
  { red, nir, qa }: Bands,
  signal: AbortSignal,
): Promise<Provenance> {
  const described = [
    ['red', red, await describeBand(red, signal)],
    ['nir', nir, await describeBand(nir, signal)],
    ...(qa === null ? [] : [['qa', qa, await describeBand(qa, signal)] as const]),
  ] as const
  const differing = described.filter(([, , band]) => band.producer_checksum.status === 'mismatch')
  return {
    bands: Object.fromEntries(described.map(([name, , band]) => [name, band])),
    warnings: differing.map(
      ([, { asset }]) =>
        `the file of asset "${asset.key}" is what its CID names, but not what its file:checksum names: the catalogue contradicts itself`,
    ),
  }
}

async function describeBand(band: OpenBand, signal: AbortSignal): Promise<BandProof> {
  const { file, reading } = band
  await file.atRest
  // Counted before the checksum reads the file again from memory and disk.
  const totals = reading.ledger.totals
  const producer_checksum = await checkProducer(band, signal)
  return { cid: file.cid.toString(), size: file.size, ...totals, producer_checksum }
}

/**
 * Compares a file with its asset's `file:checksum` when every byte of it was read anyway: nothing is fetched for it.
 */
async function checkProducer(
  { asset, file }: OpenBand,
  signal: AbortSignal,
): Promise<ProducerChecksum> {
  if (asset.checksum === undefined) return { status: 'absent' }
  const check = startFileChecksum(asset.checksum)
  if (check === null) return { status: 'unsupported', reason: checksumReasons.unsupported }
  if (!file.isWhole) return { status: 'not_read', reason: checksumReasons.not_read }
  for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, file.size - offset)
    for (const piece of await file.readAll([{ offset, length }], signal)) check.update(piece)
  }
  return { status: check.verdict(), algorithm: check.algorithm }
}
