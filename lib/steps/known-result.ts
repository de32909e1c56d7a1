// A result as it is kept, and as it is told to whoever asks for it later: what depends on an item is of that caller's.

import { checksumAlgorithm } from '../ipld/cid.ts'
import { perObject } from '../model/per-object.ts'
import {
  type BandProof,
  checksumReasons,
  type NdviResult,
  type ProducerChecksum,
  type ResultFacts,
} from '../model/result.ts'
import type { BandAsset, Scene } from '../model/scene.ts'
import { producerChecksumOf, withAuthor, withoutChecksum } from './describe-fingerprints.ts'
import { dataWarnings, describeScene, itemWarnings, withNames } from './describe-result.ts'
import { type BandContent, type FoundContent, leastTrust } from './find-content.ts'
import type { FoundScene } from './find-scene.ts'
import type { Bands, OpenBand } from './open-bands.ts'
import { checkPlace } from './open-crs.ts'
import type { Computed } from './output-files.ts'
import { trustWarnings } from './provenance.ts'
import type { Recipe } from './recipe.ts'

/** The record of a result: without addresses of the caller's, with what other callers are told instead. */
export function recordOf(result: NdviResult, computed: Computed): NdviResult {
  const { bbox, geometry } = computed.selected.covered
  const { bands, compared } = keptBands(result.proof.bands, computed.bands)
  const facts: ResultFacts = {
    warnings: dataWarnings(computed),
    ground: { bbox, geometry },
    compared,
  }
  const { names: _, ...proof } = result.proof
  const { href: __, chosen: ___, ...item } = result.item
  return {
    ...result,
    item: { ...item, href: null, chosen: '' },
    proof: { ...proof, bands },
    warnings: facts.warnings,
    facts,
  }
}

type BandProofs = NdviResult['proof']['bands']

/** The proof of bands as a record has it, and the checksums that they were compared with. */
export function keptBands(
  proofs: BandProofs,
  { red, nir, qa }: Bands,
): { readonly bands: BandProofs; readonly compared: ResultFacts['compared'] } {
  const opened: Readonly<Record<string, OpenBand | null>> = { red, nir, qa }
  const told = Object.entries(proofs)
  const compared = told.flatMap(([name, { producer_checksum: found }]) => {
    const checksum = opened[name]?.asset.checksum
    const isVerdict = found.status === 'verified' || found.status === 'mismatch'
    if (checksum === undefined || !isVerdict) return []
    const { status, algorithm } = found
    const verdict = { status, ...(algorithm === undefined ? {} : { algorithm }) }
    return [[name, { checksum, found: verdict }] as const]
  })
  const kept = told.map(([name, band]) => [name, withoutCopies(band, opened[name] ?? null)])
  return { bands: Object.fromEntries(kept), compared: Object.fromEntries(compared) }
}

/** Blocks by the source that served them, with the caller's plain copies under one name. */
function withoutCopies(proof: BandProof, band: OpenBand | null): BandProof {
  if (band === null || band.trust === 'transport') return proof
  const sources: Record<string, number> = {}
  for (const [source, count] of Object.entries(proof.sources)) {
    const name = band.copies.includes(source) ? 'copies' : source
    sources[name] = (sources[name] ?? 0) + count
  }
  return { ...proof, sources }
}

/** Whose item a known result is told for. */
export interface AskedAgain extends FoundContent, Pick<FoundScene, 'chosen' | 'names'> {
  readonly recipe: Recipe
}

/**
 * @throws {GreenprintError} `raster_unusable` where the raster lies elsewhere than this caller's item says
 */
export function describeKnown(known: NdviResult, asked: AskedAgain): NdviResult {
  const { scene, rules, recipe, chosen, names } = asked
  const { facts, ...result } = known
  const bands = bandsAgain(result.proof.bands, asked, facts?.compared ?? {})
  const told: NdviResult = {
    ...result,
    item: describeScene(scene, chosen),
    proof: {
      ...result.proof,
      trust: leastTrust(asked),
      bands: Object.fromEntries(bands.map(([name, , proof]) => [name, proof])),
    },
    warnings:
      facts === undefined
        ? result.warnings
        : [
            ...itemWarnings({ scene, recipe, rules }, placeAgain(facts.ground, scene)),
            ...facts.warnings,
            ...trustWarnings(bands),
            ...warningsSince(known),
          ],
  }
  return withNames(told, names)
}

/** Those who ask at the same time are given the same record. */
const placeAgain = perObject((ground: ResultFacts['ground'], scene: Scene) =>
  checkPlace(scene, ground),
)

/** Behind those of the record: what the publication of a known result just now came to. */
export function warningsSince({
  warnings,
  facts,
}: {
  readonly warnings: readonly string[]
  readonly facts?: { readonly warnings: readonly string[] }
}): readonly string[] {
  return warnings.slice(facts?.warnings.length ?? 0)
}

/** The proof of bands as it is for the item of who asks now. */
export function bandsAgain(
  proofs: BandProofs,
  { scene, rules, found }: FoundContent,
  compared: ResultFacts['compared'],
): (readonly [name: string, asset: BandAsset, proof: BandProof])[] {
  const assets: Readonly<Record<string, BandAsset | undefined>> = {
    red: scene.red,
    nir: scene.nir,
    qa: rules.masking?.qa,
  }
  return Object.entries(proofs).map(([name, proof]) => {
    const asset = assets[name]
    if (asset === undefined) throw new TypeError(`the known result has another band, ${name}`)
    const content = found[asset.key] ?? { trust: 'cid' }
    const checked = checksumOf(asset, content, compared[name] ?? null)
    const producer_checksum = withAuthor(checked, asset, scene)
    return [name, asset, { ...proof, trust: content.trust, producer_checksum }]
  })
}

/** What this item's checksum says of a file that was not read for this answer. */
function checksumOf(
  { checksum, sums }: BandAsset,
  content: BandContent,
  compared: ResultFacts['compared'][string] | null,
): ProducerChecksum {
  if (content.trust === 'fingerprint') {
    return producerChecksumOf(content.record, checksum ?? null, sums)
  }
  if (checksum === undefined) return withoutChecksum(sums)
  const algorithm = checksumAlgorithm(checksum)
  if (algorithm === null) return { status: 'unsupported', reason: checksumReasons.unsupported }
  if (content.trust === 'transport' || compared === null) {
    return { status: 'not_read', reason: checksumReasons.known }
  }
  const { found } = compared
  if (checksum.toLowerCase() === compared.checksum.toLowerCase()) return found
  const isOther = found.status === 'verified' && checksumAlgorithm(compared.checksum) === algorithm
  return isOther
    ? { status: 'mismatch', algorithm }
    : { status: 'not_read', reason: checksumReasons.known }
}

/** A copy that tells neither ETag nor Last-Modified may be another with each reading. */
export function isCacheable({ found }: Pick<FoundContent, 'found'>): boolean {
  return Object.values(found).every(
    (band) =>
      band.trust !== 'transport' ||
      band.file.version.etag !== null ||
      band.file.version.last_modified !== null,
  )
}
