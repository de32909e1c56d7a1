// Where the bands of found scenes can be read from, by what is known here and what their hosts say to one byte.

import { allOrNone } from '../async/all-or-none.ts'
import { createLimit, type Limit } from '../async/limit.ts'
import { type Access, type AccessCheck, placeOf } from '../copies/access.ts'
import type { OpenCopy } from '../copies/open-copy.ts'
import type { PlainCopy } from '../copies/plain-copy.ts'
import { GreenprintError } from '../errors.ts'
import type { Fingerprints } from '../fingerprints/fingerprints.ts'
import type { AskedAssets } from '../model/request.ts'
import type { BandAsset, ContentReference } from '../model/scene.ts'
import type { ListedScene, ReadableBand } from '../model/scene-list.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import { askedOrFoundBand, askedOrFoundQa } from '../stac/asked-bands.ts'
import { readBand } from '../stac/band-asset.ts'
import type { FoundBand } from '../stac/bands.ts'
import type { Item } from '../stac/item.ts'
import { type Catalogue, contentsOfAll } from './catalogue-contents.ts'
import { findAnyFingerprint } from './fingerprint-file.ts'

export interface BandSources extends Catalogue {
  readonly openCopy: OpenCopy
  readonly access: AccessCheck
  readonly fingerprints: Fingerprints
}

type Role = keyof ListedScene['bands']
const roles = ['red', 'nir', 'qa'] as const satisfies readonly Role[]

/** Look-ups at once. */
const AT_ONCE = 16

/**
 * One answer for each item, in their order.
 *
 * @param asked bands that the caller names; an item that has none such tells it as the reason
 */
export async function findReadable(
  items: readonly Item[],
  asked: AskedAssets,
  services: BandSources,
  isTrusted: boolean,
  signal: AbortSignal,
): Promise<ListedScene['bands'][]> {
  const read = items.map((item) => readRoles(item, asked))
  const line = createLimit(AT_ONCE)
  const contents = await contentsOfAll(items, read.map(bandsIn), services, signal)
  const open = openerOf(services, isTrusted, line, signal)
  return Promise.all(
    read.map(async (bands, at) => {
      const known = contents[at] ?? new Map<string, ContentReference>()
      const describe = (role: Role) => (stop: AbortSignal) =>
        describeBand(bands[role], known, { services, line, open }, stop)
      const [red, nir, qa] = roles.map(describe)
      if (red === undefined || nir === undefined || qa === undefined) throw new TypeError('a role')
      return allOrNone({ red, nir, qa }, signal)
    }),
  )
}

/** The band of a role, or why there is none that can be read. */
type RoleBand = BandAsset | { readonly key: string | null; readonly refused: string }

function readRoles(item: Item, asked: AskedAssets): Record<Role, RoleBand> {
  let red: FoundBand | null = null
  const find = {
    red: () => (red = askedOrFoundBand(item, 'red', asked.red, null)),
    nir: () => askedOrFoundBand(item, 'nir', asked.nir, red),
    qa: () => askedOrFoundQa(item, asked.qa),
  }
  const read = (role: Role): RoleBand => {
    let key: string | null = null
    try {
      const found = find[role]()
      if (found === null) return { key, refused: `Item ${item.id} has no ${names[role]} band.` }
      key = found.asset.key
      return readBand(item, found)
    } catch (error) {
      if (!(error instanceof GreenprintError)) throw error
      return { key, refused: error.message }
    }
  }
  return { red: read('red'), nir: read('nir'), qa: read('qa') }
}

const names: Readonly<Record<Role, string>> = {
  red: 'red',
  nir: 'near-infrared',
  qa: 'quality',
}

function bandsIn(bands: Record<Role, RoleBand>): BandAsset[] {
  return roles.flatMap((role) => {
    const band = bands[role]
    return 'refused' in band ? [] : [band]
  })
}

type Opener = (band: BandAsset) => Promise<Access | null>

/** Asks each place once. @returns null where no address of a band can be opened here */
function openerOf(
  { openCopy, access }: Pick<BandSources, 'openCopy' | 'access'>,
  isTrusted: boolean,
  line: Limit,
  signal: AbortSignal,
): Opener {
  const asked = new Map<string, Promise<Access>>()
  const ask = (copy: PlainCopy): Promise<Access> => {
    const place = placeOf(copy)
    const before = asked.get(place)
    if (before !== undefined) return before
    const answer = line.run(() => access.of(copy, signal), signal)
    asked.set(place, answer)
    return answer
  }
  return async ({ mirrors }) => {
    const copies = mirrors.map((href) => openCopy(href, isTrusted)).filter((copy) => copy !== null)
    const answers = await Promise.all(copies.map(ask))
    const best = (['open', 'unknown', 'login', 'refused'] as const)
      .map((kind) => answers.find((answer) => answer.kind === kind))
      .find((answer) => answer !== undefined)
    return best ?? null
  }
}

async function describeBand(
  band: RoleBand,
  contents: ReadonlyMap<string, ContentReference>,
  {
    services: { fingerprints },
    line,
    open,
  }: { readonly services: BandSources; readonly line: Limit; readonly open: Opener },
  signal: AbortSignal,
): Promise<ReadableBand> {
  if ('refused' in band) {
    const { key, refused } = band
    return { asset: key, from: 'none', cid: null, href: null, size: null, reason: refused }
  }
  const { key, mirrors, size = null } = band
  const href = mirrors[0] === undefined ? null : unsignedUrl(mirrors[0])
  const told = { asset: key, href, size }
  const content = band.content ?? contents.get(key) ?? null
  if (content !== null) return { ...told, from: 'cid', cid: content.cid }
  const seek = () => findAnyFingerprint(band, fingerprints, signal)
  const record = await line.run(seek, signal)
  if (record !== null) return { ...told, from: 'fingerprint', cid: record.cid, size: record.size }
  const found = await open(band)
  if (found === null) {
    const reason = `None of its addresses can be read here (${mirrors.map(unsignedUrl).join(', ')}); s3: is read where S3_MIRROR_BUCKETS names the bucket, for callers with a token.`
    return { ...told, from: 'login_needed', cid: null, reason }
  }
  if (found.kind === 'login') {
    return { ...told, from: 'login_needed', cid: null, reason: `Its host ${found.reason}.` }
  }
  if (found.kind === 'refused') return { ...told, from: 'none', cid: null, reason: found.reason }
  return { ...told, from: 'plain', cid: null }
}
