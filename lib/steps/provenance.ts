// What was read, who served it, and whether it is what the data's producer published.

import { startFileChecksum } from '../ipld/cid.ts'
import { type BandProof, checksumReasons, type ProducerChecksum } from '../model/result.ts'
import type { Bands, OpenBand } from './open-bands.ts'

/** Pieces of a whole file, one in memory at a time. */
const PIECE_BYTES = 8 * 1024 * 1024

export interface Provenance {
  readonly bands: Readonly<Record<string, BandProof>>
  readonly warnings: readonly string[]
}

/** The proof of all bands as they were read until now. */
export async function provenanceOf(
  { red, nir, qa }: Bands,
  signal: AbortSignal,
): Promise<Provenance> {
  const proofs = [
    ['red', red, await proveBand(red, signal)],
    ['nir', nir, await proveBand(nir, signal)],
    ...(qa === null ? [] : [['qa', qa, await proveBand(qa, signal)] as const]),
  ] as const
  const differing = proofs.filter(([, , proof]) => proof.producer_checksum.status === 'mismatch')
  return {
    bands: Object.fromEntries(proofs.map(([name, , proof]) => [name, proof])),
    warnings: differing.map(
      ([, { asset }]) =>
        `the file of asset "${asset.key}" is what its CID names, but not what its file:checksum names: the catalogue contradicts itself`,
    ),
  }
}

async function proveBand(band: OpenBand, signal: AbortSignal): Promise<BandProof> {
  const { file, reading } = band
  await file.atRest
  // Counted before the checksum reads the file again from memory and disk.
  const totals = reading.ledger.totals
  const producer_checksum = await checkProducer(band, signal)
  return { cid: file.cid.toString(), size: file.size, ...totals, producer_checksum }
}

/** Compares a file with its asset's `file:checksum` when every byte of it was read anyway: nothing is fetched for it. */
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
