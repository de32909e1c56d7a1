// Records of results and publications as they are read: as they are written now, or as version 0.1 wrote them.

import { isJsonObject } from '../model/json.ts'
import {
  type BandProof,
  checksumReasons,
  type NdviResult,
  type ProducerChecksum,
  type Publication,
  type PublicationRecord,
} from '../model/result.ts'

/** The words of 0.1. */
type EarlierChecksum = 'verified' | 'mismatch' | 'none given' | 'not checked (range)' | 'unusable'

type EarlierBand = Omit<BandProof, 'producer_checksum' | 'trust'> & {
  readonly trust?: BandProof['trust']
  readonly producer_checksum: EarlierChecksum
}

interface EarlierPublication {
  readonly service: string
  readonly ok: boolean
  readonly held: boolean
  readonly cid?: string
  readonly href?: string
  readonly reason?: string
}

/** null where there is no record, or one of another kind. */
export function readResult(record: unknown): NdviResult | null {
  if (!isResult(record)) return null
  const { proof } = record
  const bands = Object.entries(proof.bands).map(([name, band]) => [name, readBand(band)] as const)
  // There was no other trust before 0.2.
  const { trust }: { readonly trust?: NdviResult['proof']['trust'] } = proof
  return { ...record, proof: { ...proof, trust: trust ?? 'cid', bands: Object.fromEntries(bands) } }
}

/** null where there is no record. What 0.1 did not write is empty. */
export function readPublicationRecord(record: unknown): PublicationRecord | null {
  if (!isPublications(record)) return null
  const { publications, retrievable = [], missing = [] } = record
  return { publications: publications.map(readPublication), retrievable, missing }
}

function readBand(band: BandProof | EarlierBand): BandProof {
  const { producer_checksum, trust = 'cid' } = band
  return { ...band, trust, producer_checksum: readChecksum(producer_checksum) }
}

function readChecksum(checksum: ProducerChecksum | EarlierChecksum): ProducerChecksum {
  switch (checksum) {
    case 'verified':
    case 'mismatch':
      return { status: checksum }
    case 'none given':
      return { status: 'absent' }
    case 'not checked (range)':
      return { status: 'not_read', reason: checksumReasons.not_read }
    case 'unusable':
      return { status: 'unsupported', reason: checksumReasons.unsupported }
    default:
      return checksum
  }
}

function readPublication(publication: Publication | EarlierPublication): Publication {
  if ('status' in publication) return publication
  const { service, ok, held, cid = '', href, reason = '' } = publication
  if (!ok) return { service, status: 'failed', reason }
  const where = { service, cid, ...(href === undefined ? {} : { href }) }
  return held ? { ...where, status: 'held' } : { ...where, status: 'unproven', reason }
}

/** Records are written here only, under an id that holds the software's version: their shape is ours. */
function isResult(record: unknown): record is NdviResult {
  return isJsonObject(record) && typeof record['root'] === 'string' && isJsonObject(record['proof'])
}

interface WrittenRecord extends Partial<Omit<PublicationRecord, 'publications'>> {
  readonly publications: readonly (Publication | EarlierPublication)[]
}

function isPublications(record: unknown): record is WrittenRecord {
  return isJsonObject(record) && Array.isArray(record['publications'])
}
