// What was published beside what comes out now, number by number.

import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { Difference } from '../model/verification.ts'
import type { PackedDirectory } from '../publish/directory.ts'
import type { FoundPublished } from './find-published.ts'

/** Differences that are told. */
const MOST_TOLD = 20

/**
 * The item field by field, then the directory file by file.
 *
 * @param item as it comes out now; null where none does
 */
export function comparePublished(
  published: FoundPublished,
  { root, assets }: PackedDirectory,
  item: JsonObject | null,
): readonly Difference[] {
  const told = published.isExact ? published.item : asPublished(published.item)
  const fields = [...differences(told, item, '', published.isExact)].map((difference) => ({
    file: 'item.json',
    ...difference,
  }))
  const made = Object.fromEntries(Object.values(assets).map(({ file, cid }) => [file, cid]))
  const names =
    published.root === null
      ? Object.keys(published.files)
      : [...new Set([...Object.keys(published.files), ...Object.keys(made)])].toSorted()
  const files = names.flatMap((file): Difference[] => {
    const [before = null, now = null] = [published.files[file], made[file]]
    // Where fields of the item differ, so does its CID.
    if (before === now || (file === 'item.json' && fields.length > 0)) return []
    return [{ file, at: '', published: before, recomputed: now }]
  })
  const found = [...fields, ...files]
  const isOther = published.root !== null && published.root !== root.toString()
  if (isOther && found.length === 0)
    return [{ file: '', at: '', published: published.root, recomputed: root.toString() }]
  return found.slice(0, MOST_TOLD)
}

/** An item as a catalogue serves it, with addresses, without what was not in it: the rest is as it was published. */
function asPublished(item: JsonObject): JsonObject {
  const links = (Array.isArray(item['links']) ? item['links'] : []).filter(
    (link) => isJsonObject(link) && link['rel'] === 'derived_from',
  )
  const assets = Object.entries(isJsonObject(item['assets']) ? item['assets'] : {})
  return {
    ...item,
    links,
    assets: Object.fromEntries(
      assets.map(([key, asset]) => {
        if (!isJsonObject(asset) || typeof asset['href'] !== 'string') return [key, asset]
        const name = asset['href'].split(/[?#]/, 1)[0]?.split('/').at(-1) ?? ''
        return [key, { ...asset, href: `./${name}` }]
      }),
    ),
  }
}

type Place = Omit<Difference, 'file'>

/** @param exact whether what stands beside what comes out is a difference too */
function* differences(
  published: Json | undefined,
  recomputed: Json | undefined,
  at: string,
  exact: boolean,
): Generator<Place> {
  if (isJsonObject(published) && isJsonObject(recomputed)) {
    const all = exact || isOurs(at) ? { ...recomputed, ...published } : recomputed
    const names = Object.keys(all).toSorted()
    for (const name of names) {
      const step = name.replaceAll('~', '~0').replaceAll('/', '~1')
      yield* differences(published[name], recomputed[name], `${at}/${step}`, exact)
    }
    return
  }
  if (Array.isArray(published) && Array.isArray(recomputed)) {
    const length = Math.max(published.length, recomputed.length)
    for (let index = 0; index < length; index++) {
      yield* differences(published[index], recomputed[index], `${at}/${index}`, exact)
    }
    return
  }
  if (published === recomputed) return
  yield { at, published: brief(published), recomputed: brief(recomputed) }
}

/** Whether a place lies in what nobody but us writes: a catalogue puts nothing there. */
function isOurs(at: string): boolean {
  return at.startsWith('/properties/greenprint:')
}

/** Whole objects in the place of nothing are told by their beginning. */
function brief(value: Json | undefined): Json {
  if (value === undefined) return null
  if (typeof value !== 'object' || value === null) return value
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 199)}…` : value
}
