// From the files that an item names to what they are read by: the best that is known, and no less than accepted.

import { allOrNone } from '../async/all-or-none.ts'
import type { Clock } from '../async/clock.ts'
import { mostTelling } from '../copies/most-telling.ts'
import { openTransport, type TransportFile } from '../copies/transport-file.ts'
import { GreenprintError } from '../errors.ts'
import type { LeafListener } from '../fingerprints/build.ts'
import type { Tell } from '../model/progress.ts'
import { type BandAsset, leastOf, type Scene, type Trust } from '../model/scene.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import type { Rules } from './choose-rules.ts'
import type { SceneFinding } from './find-scene.ts'
import type { FingerprintSources } from './fingerprint-file.ts'
import { fingerprintFiles } from './fingerprint-files.ts'
import { findKnown, type KnownContent, type KnownFrom } from './known-content.ts'

export interface ContentServices extends SceneFinding, FingerprintSources {
  readonly clock: Clock
}

export interface ContentRun {
  /** Reads anew even what is known. */
  readonly fresh: boolean
  /** Whether who asks may have files read whole, and this deployment's credentials spent. */
  readonly isTrusted: boolean
  /** Time for reading whole files. */
  readonly mostMs: number
  readonly tell: Tell
  /** Who is told the leaves of a band that is read whole. */
  readonly wants?: (band: BandAsset) => LeafListener
}

/** How a band is read. */
export type BandContent =
  | KnownContent
  | { readonly trust: 'transport'; readonly file: TransportFile }

export interface FoundContent {
  /** Each band that is read with its content, or with the plain copy that stands for it. */
  readonly scene: Scene
  readonly rules: Rules
  /** By asset key, of the bands that are read. */
  readonly found: Readonly<Record<string, BandContent>>
}

const profile = 'unixfs-v1-2025'

/**
 * @param accepted the least trust that will do
 * @throws {GreenprintError} `asset_unusable` for a band without a CID where one is wanted; `fingerprint_needed` where
 *   who asks may not have one made; what fingerprintFiles or openTransport throws
 */
export async function findContent(
  scene: Scene,
  rules: Rules,
  accepted: Trust,
  services: ContentServices,
  run: ContentRun,
  signal: AbortSignal,
): Promise<FoundContent> {
  const fresh = run.fresh && run.isTrusted && accepted === 'fingerprint'
  const bands = bandsOf(scene, rules)
  const byRecord = accepted !== 'cid' && !fresh
  const known = await findKnown(scene, bands, byRecord, services, signal)
  const missing = bands.filter(({ key }) => known[key] === undefined)
  if (missing.length === 0) return withContent(scene, rules, known)
  if (accepted === 'cid') throw withoutCid(missing)
  const rest =
    accepted === 'transport'
      ? await openAll(missing, services, run, signal)
      : await fingerprintAll(missing, services, run, signal)
  return withContent(scene, rules, { ...known, ...rest })
}

/**
 * What is known without reading any file: null where that is not enough to name each band's content.
 *
 * @throws {GreenprintError} `store_failed`
 */
export async function findKnownContent(
  scene: Scene,
  rules: Rules,
  accepted: Trust,
  services: KnownFrom,
  signal: AbortSignal,
): Promise<FoundContent | null> {
  const bands = bandsOf(scene, rules)
  const known = await findKnown(scene, bands, accepted !== 'cid', services, signal)
  const isWhole = bands.every(({ key }) => known[key] !== undefined)
  return isWhole ? withContent(scene, rules, known) : null
}

async function fingerprintAll(
  bands: readonly BandAsset[],
  services: ContentServices,
  run: ContentRun,
  signal: AbortSignal,
): Promise<FoundContent['found']> {
  if (!run.isTrusted) throw fingerprintNeeded(bands)
  run.tell('fingerprint')
  const { wants = () => undefined } = run
  const onLeaf = perBand(bands, wants)
  const records = await fingerprintFiles(bands, services, { ...run, profile, onLeaf }, signal)
  return Object.fromEntries(
    Object.entries(records).map(([key, record]) => [key, { trust: 'fingerprint', record }]),
  )
}

async function openAll(
  bands: readonly BandAsset[],
  services: ContentServices,
  { isTrusted }: ContentRun,
  signal: AbortSignal,
): Promise<FoundContent['found']> {
  const open = (band: BandAsset) => async (stop: AbortSignal) =>
    ({ trust: 'transport', file: await openOne(band, services, isTrusted, stop) }) as const
  return allOrNone(Object.fromEntries(bands.map((band) => [band.key, open(band)])), signal)
}

/** The first of its copies that can be read. */
async function openOne(
  { key, mirrors }: BandAsset,
  { openCopy, clock }: ContentServices,
  isTrusted: boolean,
  signal: AbortSignal,
): Promise<TransportFile> {
  const copies = mirrors.map((href) => openCopy(href, isTrusted)).filter((copy) => copy !== null)
  const failures: GreenprintError[] = []
  for (const copy of copies) {
    try {
      return await openTransport(copy, clock, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof GreenprintError)) throw error
      failures.push(error)
    }
  }
  const told = mostTelling(failures)
  if (told !== null) throw told
  const message = `Of the addresses of asset "${key}" (${mirrors.map(unsignedUrl).join(', ')}) none can be read here.`
  throw new GreenprintError('asset_unusable', message)
}

/** The same for who knows a band by the key of its asset. */
export function perBand<T>(
  bands: readonly BandAsset[],
  of: (band: BandAsset) => T,
): (key: string) => T | undefined {
  return (key) => {
    const band = bands.find((each) => each.key === key)
    return band && of(band)
  }
}

/** Bands of a scene that are read. */
export function bandsOf({ red, nir }: Scene, { masking }: Rules): BandAsset[] {
  return [red, nir, ...(masking === null ? [] : [masking.qa])]
}

function withContent(scene: Scene, rules: Rules, known: FoundContent['found']): FoundContent {
  if (Object.values(known).every(isAsItSays)) return { scene, rules, found: known }
  const set = <Band extends BandAsset>(band: Band): Band => ({
    ...band,
    ...readBy(known[band.key]),
  })
  const { masking } = rules
  const qa = masking === null ? scene.qa : set(masking.qa)
  return {
    scene: { ...scene, red: set(scene.red), nir: set(scene.nir), qa },
    rules: masking === null || qa === null ? rules : { ...rules, masking: { ...masking, qa } },
    found: known,
  }
}

const isAsItSays = (band: BandContent) => band.trust === 'cid' && band.content === undefined

/** What is to be put in the place of what the item says. */
function readBy(known: BandContent | undefined): Partial<BandAsset> {
  if (known === undefined) return {}
  if (known.trust === 'cid') return known.content === undefined ? {} : { content: known.content }
  if (known.trust === 'fingerprint') return { content: { cid: known.record.cid, path: '' } }
  const { address, version } = known.file
  return { transport: { href: address, ...version } }
}

/** The least of all that are read. */
export function leastTrust({ found }: Pick<FoundContent, 'found'>): Trust {
  return leastOf(Object.values(found).map(({ trust }) => trust))
}

function withoutCid(bands: readonly BandAsset[]): GreenprintError {
  const names = bands.map(({ key }) => `"${key}"`).join(', ')
  return new GreenprintError(
    'asset_unusable',
    `No IPFS CID is known for asset ${names}. Ask with "trust": "fingerprint", or add "alternate": {"IPFS": {"href": "ipfs://<CID>"}} to the item.`,
  )
}

function fingerprintNeeded(bands: readonly BandAsset[]): GreenprintError {
  const names = bands.map(({ key }) => `"${key}"`).join(', ')
  const details = bands.map(({ key, mirrors }) => `${key}: ${mirrors.map(unsignedUrl).join(', ')}`)
  return new GreenprintError(
    'fingerprint_needed',
    `The item names no IPFS CID for ${names}, and these files were not fingerprinted here yet. A token has them fingerprinted; "trust": "transport" reads them unverified.`,
    { details },
  )
}
