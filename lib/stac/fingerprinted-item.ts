// An item whose files were fingerprinted: the same item, with CIDs that any catalogue can take and anybody can read by.

import type { UnixFsProfile } from '../model/fingerprint-request.ts'
import type { AssetFingerprint } from '../model/fingerprint-result.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { unsignedJson } from '../model/unsigned-url.ts'
import type { Item } from './item.ts'

/** https://github.com/DecentralizedGeo/dgeo has no versioned address of its schema. */
const DGEO =
  'https://raw.githubusercontent.com/DecentralizedGeo/dgeo/refs/heads/main/json-schema/schema.json'
const extensions = [
  ['alternate-assets', 'https://stac-extensions.github.io/alternate-assets/v1.2.0/schema.json'],
  ['file', 'https://stac-extensions.github.io/file/v2.1.0/schema.json'],
  ['dgeo', DGEO],
] as const

/** IPIP-499 in the words of the dgeo extension. */
const profiles: Readonly<Record<UnixFsProfile, JsonObject>> = {
  'unixfs-v1-2025': {
    cid_version: 1,
    hash_function: 'sha2-256',
    chunking_algorithm: 'fixed-size',
    chunk_size: 1_048_576,
    dag_layout: 'balanced',
  },
  'unixfs-v0-2015': {
    cid_version: 0,
    hash_function: 'sha2-256',
    chunking_algorithm: 'fixed-size',
    chunk_size: 262_144,
    dag_layout: 'balanced',
  },
}

/**
 * The item with `alternate.IPFS`, `alternate.HTTPS`, `dgeo:cid`, `file:checksum` and `file:size` on the assets that
 * were fingerprinted. Addresses are absolute, and without what signs them.
 *
 * @param prints by asset key
 */
export function fingerprintedItem(
  { source, assets, canonical, href }: Item,
  prints: Readonly<Record<string, AssetFingerprint>>,
): JsonObject {
  const described = assets.map(({ key, fields, url, href: written }) => {
    const absolute = {
      ...withAbsoluteAlternates(fields, href),
      ...(url === null && written === null ? {} : { href: url ?? written }),
    }
    const print = prints[key]
    return [key, print === undefined ? absolute : withFingerprint(absolute, print)] as const
  })
  const given = Array.isArray(source.links) ? source.links.filter(isJsonObject) : []
  const links = given.map((link) => absoluteLink(link, href)).filter((link) => link !== null)
  const from = canonical ?? href
  const isLinked = links.some((link) => link.href === from)
  return unsignedJson({
    ...source,
    stac_extensions: extensionsOf(source),
    properties: {
      ...(isJsonObject(source.properties) ? source.properties : {}),
      'dgeo:cids': cidsOf(source, prints),
    },
    links: [
      ...links,
      ...(from === null || isLinked
        ? []
        : [{ rel: 'via', href: from, type: 'application/geo+json' }]),
    ],
    assets: Object.fromEntries(described),
  })
}

/** A relative link leads elsewhere from where the new item lies; null where nothing says what it is relative to. */
function absoluteLink(link: JsonObject, base: string | null): JsonObject | null {
  if (typeof link.href !== 'string') return null
  if (URL.canParse(link.href)) return link
  const address = base === null ? null : URL.parse(link.href, base)
  return address && { ...link, href: address.href }
}

function withAbsoluteAlternates(fields: JsonObject, base: string | null): JsonObject {
  if (!isJsonObject(fields.alternate)) return fields
  const alternates = Object.entries(fields.alternate).map(([name, value]) => [
    name,
    isJsonObject(value) ? (absoluteLink(value, base) ?? value) : value,
  ])
  return { ...fields, alternate: Object.fromEntries(alternates) }
}

function withFingerprint(fields: JsonObject, print: AssetFingerprint): JsonObject {
  const before = isJsonObject(fields.alternate) ? fields.alternate : {}
  const others = Object.entries(before).filter(([name]) => !/^(ipfs|https)$/i.test(name))
  const plain = [print.href, fields.href].find(
    (text) => typeof text === 'string' && /^https:/i.test(text),
  )
  return {
    ...fields,
    'file:size': print.size,
    'file:checksum': checksumOf(fields, print),
    'dgeo:cid': print.cid,
    'dgeo:cid_profile': profiles[print.profile],
    alternate: {
      ...Object.fromEntries(others),
      IPFS: { href: `ipfs://${print.cid}`, 'alternate:name': 'IPFS' },
      ...(plain === undefined ? {} : { HTTPS: { href: plain, 'alternate:name': 'HTTPS' } }),
    },
  }
}

/** SHA-256, BLAKE3, SHA-512, SHA-1 and MD5, each with its length. */
const MULTIHASH =
  /^((1220|1e20)[0-9a-f]{64}|1340[0-9a-f]{128}|1114[0-9a-f]{40}|d50110[0-9a-f]{32})$/i

/** The producer's own multihash stays; where there is none that says anything, the one that was taken here. */
function checksumOf(fields: JsonObject, { sha256, producer_checksum }: AssetFingerprint): string {
  const theirs = fields['file:checksum']
  const isMultihash = typeof theirs === 'string' && MULTIHASH.test(theirs)
  const isTheirs = producer_checksum.status === 'verified' || isMultihash
  return isTheirs && typeof theirs === 'string' ? theirs : `1220${sha256}`
}

/** Another version of an extension that is declared already stays. */
function extensionsOf(source: JsonObject): string[] {
  const declared = Array.isArray(source.stac_extensions)
    ? source.stac_extensions.filter((text) => typeof text === 'string')
    : []
  const missing = extensions.filter(
    ([name, url]) =>
      !declared.includes(url) && !declared.some((text) => text.includes(`/${name}/v`)),
  )
  return [...declared, ...missing.map(([, url]) => url)]
}

function cidsOf(
  { properties }: JsonObject,
  prints: Readonly<Record<string, AssetFingerprint>>,
): string[] {
  const before = isJsonObject(properties) ? properties['dgeo:cids'] : []
  const known = Array.isArray(before) ? before.filter((text) => typeof text === 'string') : []
  return [...new Set([...known, ...Object.values(prints).map(({ cid }) => cid)])]
}
