// IPNS names in an item become the CIDs that they stand for now, where the request says so.

import { GreenprintError } from '../errors.ts'
import type { ResolveName } from '../ipfs/names.ts'
import { isJsonObject, type Json } from '../model/json.ts'
import type { ResolvedName } from '../model/scene.ts'
import { formatContentReference } from '../stac/content-reference.ts'

/** Different names in one item. */
const MOST_NAMES = 4

export interface Named<T> {
  readonly value: T
  readonly names: readonly ResolvedName[]
}

/** `ipns://<name>/path`, `/ipns/<name>/path` and a gateway's `https://host/ipns/<name>/path` as its `ipfs://` address. */
export async function resolveAddress(
  text: string,
  resolve: ResolveName,
  signal: AbortSignal,
): Promise<Named<string>> {
  const named = readNamed(text)
  if (named === null) return { value: text, names: [] }
  const found = await resolve(named.name, signal)
  return { value: addressOf(found, named.path), names: [found] }
}

/**
 * Every address in the assets of an item.
 *
 * @throws {GreenprintError} `asset_unusable`, `content_unavailable` for a name that cannot be resolved
 */
export async function resolveItemNames(
  item: unknown,
  resolve: ResolveName,
  signal: AbortSignal,
): Promise<Named<unknown>> {
  if (!isJsonObject(item) || !isJsonObject(item.assets)) return { value: item, names: [] }
  const wanted = new Set<string>()
  const note = (text: string) => {
    const name = readNamed(text)?.name
    if (name !== undefined) wanted.add(name)
    return text
  }
  mapTexts(item.assets, note)
  if (wanted.size > MOST_NAMES) {
    const message = `The item's assets name ${wanted.size} different IPNS names; at most ${MOST_NAMES} are resolved.`
    throw new GreenprintError('asset_unusable', message)
  }
  const found = await Promise.all(
    [...wanted].map(async (name) => [name, await resolve(name, signal)] as const),
  )
  const names = new Map(found)
  const assets = mapTexts(item.assets, (text) => {
    const named = readNamed(text)
    const known = named === null ? undefined : names.get(named.name)
    return named === null || known === undefined ? text : addressOf(known, named.path)
  })
  return { value: { ...item, assets }, names: [...names.values()] }
}

/** What a record says is the path itself: `%`, `?` and `#` belong to names there. */
function addressOf({ value }: ResolvedName, path: string): string {
  const [cid = '', ...names] = value
    .slice('/ipfs/'.length)
    .split('/')
    .filter((name) => name !== '')
  return `${formatContentReference({ cid, path: names.join('/') })}${path}`
}

function readNamed(text: string): { readonly name: string; readonly path: string } | null {
  const byPath =
    /^(?:(?:web\+)?ipns:\/\/|(?:dweb:\/*|\/)ipns\/|https?:\/\/[^/?#]+\/ipns\/)([^/?#]{1,200})([^?#]*)/i
  const bySubdomain = /^https?:\/\/([^./?#]{1,200})\.ipns\.[^/?#]+([^?#]*)/i
  const match = byPath.exec(text) ?? bySubdomain.exec(text)
  const [, name, path = ''] = match ?? []
  return name === undefined ? null : { name, path: path.replace(/(?<!\/)\/+$/, '') }
}

/** Texts of an asset's own fields and of its alternates: no deeper than addresses stand. */
function mapTexts(value: Json, change: (text: string) => string, depth = 0): Json {
  if (typeof value === 'string') return change(value)
  if (depth > 4 || !isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]) =>
      field === undefined ? [] : [[key, mapTexts(field, change, depth + 1)]],
    ),
  )
}
