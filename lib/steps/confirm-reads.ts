// A result by transport: what was read unchecked, confirmed or refuted by the fingerprints that are known now.

import { allOrNone } from '../async/all-or-none.ts'
import { createLimit } from '../async/limit.ts'
import { describeVersions, isSameVersion } from '../copies/plain-copy.ts'
import { GreenprintError } from '../errors.ts'
import type { Fingerprints } from '../fingerprints/fingerprints.ts'
import type { Fingerprint } from '../fingerprints/record.ts'
import type { Blocks } from '../ipfs/blocks.ts'
import { openFile } from '../ipfs/file.ts'
import type { KeptReads } from '../ipfs/kept-reads.ts'
import { ReadSession } from '../ipfs/read-session.ts'
import { parseCid } from '../ipld/cid.ts'
import { unixFsProfiles } from '../model/fingerprint-request.ts'
import type { Json } from '../model/json.ts'
import { type BandProof, UNCHECKED_READS } from '../model/result.ts'
import type { TransportSource } from '../model/scene.ts'
import type { ReadVerdict, Verification } from '../model/verification.ts'
import type { VerifyRequest } from '../model/verify-request.ts'
import { describeReads } from './describe-verification.ts'
import { differingRanges } from './differing-ranges.ts'
import type { FoundPublished } from './find-published.ts'
import { copiesByScene } from './named-copies.ts'
import { openBytes } from './open-bands.ts'
import { type SourceServices, withOutboards } from './open-published.ts'
import { describeReading } from './provenance.ts'
import type { RecomputingRun } from './recomputed.ts'
import { readUncheckedReads, type UncheckedFile, unusable } from './unchecked-reads.ts'

/** Of transport.json: some 140,000 ranges. */
const MOST_LIST_BYTES = 16 * 1024 * 1024
const FILES_AT_ONCE = 4
/** Ranges of a file that are told. */
const MOST_TOLD = 20

/**
 * @throws {GreenprintError} `item_invalid` for an item without its directory; `content_unusable` for a transport.json
 *   that cannot be read; `invalid_request` for copies of what it is not made of; `content_unavailable`
 */
export async function confirmReads(
  published: FoundPublished,
  wish: VerifyRequest,
  services: SourceServices,
  { tell, isTrusted }: Pick<RecomputingRun, 'tell' | 'isTrusted'>,
  signal: AbortSignal,
): Promise<Verification> {
  const { root, files: held } = published
  const listCid = held[UNCHECKED_READS]
  if (root === null || listCid === undefined) throw withoutList()
  const listed = await readList(listCid, services.blocks, signal)
  const { claim, roles, files } = readUncheckedReads(published.item, listed)
  const copies = copiesByScene(wish, roles)
  tell('bands')
  const sources = await withOutboards(wish, services, signal)
  await using reads = services.blocks.keepReads(isTrusted, signal)
  const limit = createLimit(FILES_AT_ONCE)
  const tasks = files.map((file) => (stop: AbortSignal) => {
    const mirrors = copies.get(file.role)?.[file.band] ?? []
    return limit.run(() => confirmFile(file, mirrors, sources, { isTrusted, reads }, stop), stop)
  })
  const confirmed = await allOrNone(tasks, signal)
  reads.succeeded()
  const verdicts = files.map(({ name }, at) => [name, confirmed[at]!.verdict] as const)
  const proofs = files.flatMap(({ name }, at) => {
    const proof = confirmed[at]?.proof ?? null
    return proof === null ? [] : [[name, proof] as const]
  })
  const bands = Object.fromEntries(proofs)
  return describeReads({ ...published, root }, claim, Object.fromEntries(verdicts), bands)
}

interface ConfirmedFile {
  readonly verdict: ReadVerdict
  /** How the file was read for it; null where it was not. */
  readonly proof: BandProof | null
}

async function confirmFile(
  { key, source, ranges }: UncheckedFile,
  mirrors: readonly string[],
  services: SourceServices,
  { isTrusted, reads }: { readonly isTrusted: boolean; readonly reads: KeptReads },
  signal: AbortSignal,
): Promise<ConfirmedFile> {
  const record = await findRecord(source, services.fingerprints, signal)
  if (typeof record === 'string')
    return { verdict: { ...source, status: 'unknown', reason: record }, proof: null }
  const { cid } = record
  const asset = {
    key,
    band: null,
    content: { cid, path: '' },
    // What lies at its address may have changed since: every byte is hashed.
    mirrors: [...new Set([...mirrors, record.href])],
  }
  const reading = { front: () => 0, isTrusted, found: {}, reads }
  const bytes = await openBytes(asset, reading, services, signal)
  reads.opened()
  const differing = await differingRanges(ranges, bytes.file, signal)
  const proof = await describeReading({ asset, ...bytes }, signal)
  const known = { ...source, cid, ranges: ranges.length }
  const first = differing.slice(0, MOST_TOLD)
  return {
    verdict:
      differing.length === 0
        ? { ...known, status: 'confirmed' }
        : { ...known, status: 'refuted', differing: differing.length, first },
    proof: { ...proof, trust: 'fingerprint' },
  }
}

/** Of the very version that was read; else why there is none. */
async function findRecord(
  source: TransportSource,
  fingerprints: Pick<Fingerprints, 'byAddress'>,
  signal: AbortSignal,
): Promise<Fingerprint | string> {
  const seek = unixFsProfiles.map(
    (profile) => (stop: AbortSignal) => fingerprints.byAddress(source.href, profile, stop),
  )
  const known = (await allOrNone(seek, signal)).filter((record) => record !== null)
  const same = known.find((record) => isSameVersion(record, source))
  if (same !== undefined) return same
  const [other] = known
  if (other === undefined) {
    return 'no fingerprint of the file is known here: POST /fingerprint of its scene makes one, and needs a token'
  }
  const [was, is] = describeVersions(source, other)
  return `the fingerprint that is known here is of another version: ${was} was read, and ${is} was fingerprinted`
}

async function readList(cid: string, blocks: Blocks, signal: AbortSignal): Promise<Json> {
  const file = await openFile(parseCid(cid), blocks, new ReadSession(), signal)
  if (file.size > MOST_LIST_BYTES)
    throw unusable(`it has ${file.size} bytes, and at most ${MOST_LIST_BYTES} are read`)
  const [bytes] = await file.readAll([{ offset: 0, length: file.size }], signal)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw unusable('it is not JSON', cause)
  }
}

function withoutList(): GreenprintError {
  return new GreenprintError(
    'item_invalid',
    `The result says that it is not verified: its files were read over TLS, and nobody named them by content. Give the CID of its directory, whose ${UNCHECKED_READS} lists what was read: a fingerprint that is known here confirms or refutes it.`,
  )
}
