// Which bytes were read, who served them, and whether they are what the data's producer published.

import type { VerifiedFile } from '../ipfs/file.ts'
import { startFileChecksum } from '../ipld/cid.ts'
import { type BandProof, checksumReasons, type ProducerChecksum } from '../model/result.ts'
import {
  type BandAsset,
  leastOf,
  type Scene,
  type TransportSource,
  type Trust,
} from '../model/scene.ts'
import { producerChecksumOf, withAuthor, withoutChecksum } from './describe-fingerprints.ts'
import { type BandBytes, type Bands, naming, type OpenBand } from './open-bands.ts'

/** Pieces of a whole file, one in memory at a time. */
const PIECE_BYTES = 8 * 1024 * 1024

export interface Provenance {
  /** The least of all bands. */
  readonly trust: Trust
  readonly bands: Readonly<Record<string, BandProof>>
  readonly warnings: readonly string[]
}

/** The provenance of all bands as they were read until now. */
export async function provenanceOf(
  { red, nir, qa }: Pick<Bands, 'red' | 'nir' | 'qa'>,
  scene: Pick<Scene, 'properties'>,
  signal: AbortSignal,
): Promise<Provenance> {
  const described = [
    ['red', red, await describeBand(red, scene, signal)],
    ['nir', nir, await describeBand(nir, scene, signal)],
    ...(qa === null ? [] : [['qa', qa, await describeBand(qa, scene, signal)] as const]),
  ] as const
  return {
    trust: leastOf(described.map(([, , band]) => band.trust)),
    bands: Object.fromEntries(described.map(([name, , band]) => [name, band])),
    warnings: trustWarnings(described.map(([name, { asset }, band]) => [name, asset, band])),
  }
}

/** What is to be said of bands that nobody checked, and of those that are not what their item says. */
export function trustWarnings(
  bands: readonly (readonly [
    name: string,
    asset: Pick<BandAsset, 'key' | 'size'>,
    proof: Pick<BandProof, 'trust' | 'size' | 'transport' | 'producer_checksum'>,
  ])[],
): string[] {
  const unverified = bands.filter(([, , { trust }]) => trust === 'transport')
  const resized = bands.filter(([, { size }, proof]) => size !== undefined && size !== proof.size)
  const differing = bands.filter(([, , proof]) => proof.producer_checksum.status === 'mismatch')
  return [
    ...unverified.map(
      ([name, { key }, { transport }]) =>
        `not verified: the ${name} band (asset "${key}") was read over TLS, without a CID to check it against${isTagged(transport) ? '' : '; its server tells neither ETag nor Last-Modified, by which a change in the middle would show'}`,
    ),
    ...resized.map(
      ([, { key, size }, proof]) =>
        `the file of asset "${key}" has ${proof.size} bytes, and its file:size is ${size}: it is another file than the item means, or the item is out of date`,
    ),
    ...differing.map(
      ([, { key }]) =>
        `the file of asset "${key}" is what its CID names, but not what its file:checksum names: the catalogue contradicts itself`,
    ),
  ]
}

function isTagged(source: TransportSource | undefined): boolean {
  return source === undefined || source.etag !== null || source.last_modified !== null
}

async function describeBand(
  band: OpenBand,
  scene: Pick<Scene, 'properties'>,
  signal: AbortSignal,
): Promise<BandProof> {
  const described = await describeReading(band, signal)
  return {
    ...described,
    producer_checksum: withAuthor(described.producer_checksum, band.asset, scene),
  }
}

/** Bytes of a band, whether they are read as a raster or not. */
type ReadBytes = Pick<OpenBand, 'asset'> & BandBytes

export async function describeReading(band: ReadBytes, signal: AbortSignal): Promise<BandProof> {
  if (band.trust === 'transport') return describeTransport(band)
  const { file, reading, trust, record, unchanged, asset } = band
  // Also where every block came from a cache: what lies at the address is the same file, or it is told.
  await naming(asset, () => unchanged)
  await file.atRest
  // Counted before the checksum reads the file again from memory and disk.
  const totals = reading.ledger.totals
  const producer_checksum =
    record === null
      ? await checkProducer(asset, file, signal)
      : producerChecksumOf(record, asset.checksum ?? null, asset.sums)
  return { trust, cid: file.cid.toString(), size: file.size, ...totals, producer_checksum }
}

function describeTransport({
  asset,
  file,
}: Extract<ReadBytes, { readonly trust: 'transport' }>): BandProof {
  const { address, version, bytesRead, requests } = file
  const producer_checksum: ProducerChecksum =
    asset.checksum === undefined
      ? withoutChecksum(asset.sums)
      : { status: 'not_read', reason: checksumReasons.not_read }
  return {
    trust: 'transport',
    cid: null,
    transport: { href: address, ...version },
    size: file.size,
    bytes_read: bytesRead,
    blocks: 0,
    requests,
    sources: {},
    producer_checksum,
  }
}

/**
 * Compares a file with its asset's `file:checksum` when every byte of it was read anyway: nothing is fetched for it.
 */
async function checkProducer(
  asset: BandAsset,
  file: VerifiedFile,
  signal: AbortSignal,
): Promise<ProducerChecksum> {
  if (asset.checksum === undefined) return withoutChecksum(asset.sums)
  const check = startFileChecksum(asset.checksum)
  if (check === null) return { status: 'unsupported', reason: checksumReasons.unsupported }
  if (!file.isWhole) return { status: 'not_read', reason: checksumReasons.not_read }
  for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, file.size - offset)
    for (const piece of await file.readAll([{ offset, length }], signal)) check.update(piece)
  }
  return { status: check.verdict(), algorithm: check.algorithm }
}
