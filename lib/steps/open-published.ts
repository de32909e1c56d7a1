// A published result's bands, opened wherever their bytes can be had: whatever is named, for every byte is hashed.

import { allOrNone } from '../async/all-or-none.ts'
import type { Clock } from '../async/clock.ts'
import { createLimit } from '../async/limit.ts'
import type { OpenCopy } from '../copies/open-copy.ts'
import type { ReadAddress } from '../copies/read-address.ts'
import { GreenprintError } from '../errors.ts'
import type { Fingerprints } from '../fingerprints/fingerprints.ts'
import type { Blocks } from '../ipfs/blocks.ts'
import { withGivenBlocks } from '../ipfs/given-blocks.ts'
import { ReadSession } from '../ipfs/read-session.ts'
import { openPath } from '../ipfs/resolve-path.ts'
import { decodeCar } from '../ipld/car.ts'
import { blockKey, parseCid } from '../ipld/cid.ts'
import { verifyBlock } from '../ipld/verify.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { BandAsset } from '../model/scene.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import { type BandName, bandNames, type VerifyRequest } from '../model/verify-request.ts'
import { findContentReference } from '../stac/content-reference.ts'
import type { Documents } from '../stac/documents.ts'
import { readFileAsset } from '../stac/file-asset.ts'
import { readItem } from '../stac/item.ts'
import type { PublishedScene } from '../stac/published-scene.ts'
import { type AreaWish, type Bands, openBands } from './open-bands.ts'

export interface SourceServices {
  readonly blocks: Blocks
  readonly openCopy: OpenCopy
  readonly readAddress: ReadAddress
  readonly fingerprints: Fingerprints
  readonly documents: Documents
  readonly clock: Clock
}

/** An outboard of a file of 100 GB has 5 MB. */
const MOST_OUTBOARD_BYTES = 16 * 1024 * 1024
/** Of one request: all are held until it is answered. */
const MOST_BYTES_TOGETHER = 4 * MOST_OUTBOARD_BYTES
const OUTBOARDS_AT_ONCE = 4
/** The source item is a help, not a need. */
const SOURCE_ITEM_MS = 4_000

/** What is to be opened. */
type Claim = PublishedScene & { readonly request: AreaWish }

/**
 * From gateways and own stores, and from plain copies: those that the request names, that of an own fingerprint; where
 * all of them together do not do, those that the source item names too.
 *
 * @param copies of this scene, as the request names them
 * @throws {GreenprintError} what openBands throws
 */
export async function openPublished(
  claim: Claim,
  copies: Readonly<Partial<Record<BandName, readonly string[]>>>,
  services: SourceServices,
  isTrusted: boolean,
  signal: AbortSignal,
): Promise<Bands> {
  const own = await ownCopies(claim, services, signal)
  const open = (from: CopiesOf) => openFrom(claim, from, services, isTrusted, signal)
  const known: CopiesOf = (name) => [...(copies[name] ?? []), ...own(name)]
  try {
    return await open(known)
  } catch (error) {
    if (!(error instanceof GreenprintError) || error.code !== 'content_unavailable') throw error
    const more = await sourceCopies(claim, services, signal)
    if (bandNames.every((name) => more(name).length === 0)) throw error
    return open((name) => [...known(name), ...more(name)])
  }
}

/**
 * The same services, whose blocks are those of outboards too.
 *
 * @throws {GreenprintError} `content_unusable` for an outboard that is none, and what reading it throws
 */
export async function withOutboards<Services extends SourceServices>(
  { outboards = [] }: VerifyRequest,
  services: Services,
  signal: AbortSignal,
): Promise<Services> {
  const limit = createLimit(OUTBOARDS_AT_ONCE)
  let bytes = 0
  const given = new Map<string, VerifiedBytes>()
  const tasks = outboards.map((text) => async (stop: AbortSignal) => {
    const blocks = await limit.run(() => readOutboard(text, services, stop), stop)
    for (const [key, block] of blocks) {
      bytes += block.length
      given.set(key, block)
    }
    if (bytes > MOST_BYTES_TOGETHER)
      throw unusable(text, `and the others have more than ${MOST_BYTES_TOGETHER} bytes`)
  })
  await allOrNone(tasks, signal)
  return { ...services, blocks: withGivenBlocks(services.blocks, given, 'outboard') }
}

/** Addresses of plain copies of a band. */
type CopiesOf = (name: BandName) => readonly string[]

function openFrom(
  { scene, masking, radiometry, request }: Claim,
  copiesOf: CopiesOf,
  services: SourceServices,
  isTrusted: boolean,
  signal: AbortSignal,
): Promise<Bands> {
  const withCopies = <Band extends BandAsset>(name: BandName, band: Band): Band => ({
    ...band,
    mirrors: [...new Set(copiesOf(name))],
  })
  const [red, nir] = [withCopies('red', scene.red), withCopies('nir', scene.nir)]
  const rules = {
    radiometry,
    masking: masking && { ...masking, qa: withCopies('qa', masking.qa) },
    warnings: [],
  }
  const content = { scene: { ...scene, red, nir }, rules, found: {} }
  return openBands(content, request, services, isTrusted, signal)
}

function bandsOf({ scene: { red, nir }, masking }: Claim): [BandName, BandAsset][] {
  return [
    ['red', red],
    ['nir', nir],
    ...(masking === null ? [] : [['qa', masking.qa] as [BandName, BandAsset]]),
  ]
}

async function ownCopies(
  claim: Claim,
  { fingerprints }: SourceServices,
  signal: AbortSignal,
): Promise<CopiesOf> {
  const known = new Map<BandName, readonly string[]>()
  for (const [name, { content }] of bandsOf(claim)) {
    if (content === null || content.path !== '') continue
    const record = await fingerprints.byCid(parseCid(content.cid), signal)
    if (record !== null) known.set(name, [record.href])
  }
  return (name) => known.get(name) ?? []
}

/** What the item that the scene was read from says of its files; nothing where it cannot be had in time. */
async function sourceCopies(
  claim: Claim,
  { documents, clock }: SourceServices,
  signal: AbortSignal,
): Promise<CopiesOf> {
  const nobodys: CopiesOf = () => []
  const { canonical } = claim.scene
  if (canonical === null) return nobodys
  const enough = new AbortController()
  const both = AbortSignal.any([signal, enough.signal])
  const timer = clock
    .sleep(SOURCE_ITEM_MS, both)
    .then(() => enough.abort(new Error('the source item took too long')))
    .catch(() => undefined)
  try {
    const { value, href } = await documents.json(canonical, {}, both)
    const item = readItem(value, href)
    // Another scene's files are none of this one.
    if (item.id !== claim.scene.id) return nobodys
    const byKey = new Map(
      item.assets.map((asset) => [asset.key, readFileAsset(item, asset).mirrors]),
    )
    const byName = new Map(bandsOf(claim).map(([name, { key }]) => [name, byKey.get(key) ?? []]))
    return (name) => byName.get(name) ?? []
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof GreenprintError) && !enough.signal.aborted) throw error
    return nobodys
  } finally {
    enough.abort()
    await timer
  }
}

async function readOutboard(
  text: string,
  services: SourceServices,
  signal: AbortSignal,
): Promise<Map<string, VerifiedBytes>> {
  const bytes = await outboardBytes(text, services, signal)
  const { blocks } = await decodeCar(bytes).catch((cause: unknown) => {
    throw unusable(text, 'is not a CAR', cause)
  })
  const verified = new Map<string, VerifiedBytes>()
  for (const { cid, bytes: found } of blocks) {
    const block = verifyBlock(cid, found)
    if (block === null) throw unusable(text, `holds a block that is not ${cid.toString()}`)
    verified.set(blockKey(cid), block)
  }
  return verified
}

async function outboardBytes(
  text: string,
  { blocks, readAddress }: SourceServices,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  // An address of a gateway is one of a server too, and that may be the only one that has it.
  const reference = /^https?:/i.test(text) ? null : findContentReference(text)
  if (reference !== null) {
    const file = await openPath(reference, blocks, new ReadSession(), signal)
    if (file.size > MOST_OUTBOARD_BYTES) throw unusable(text, `has ${file.size} bytes`)
    const [bytes = new Uint8Array(0)] = await file.readAll(
      [{ offset: 0, length: file.size }],
      signal,
    )
    return bytes
  }
  if (!/^https?:/i.test(text)) throw unusable(text, 'is no address that can be read here')
  return readAddress(text, MOST_OUTBOARD_BYTES, signal)
}

function unusable(text: string, what: string, cause?: unknown): GreenprintError {
  const message = `The outboard ${unsignedUrl(text)} ${what}: give a CAR of a file's DAG without its leaves, as GET /fingerprints/<cid>.car answers it.`
  return new GreenprintError('content_unusable', message, { cause })
}
